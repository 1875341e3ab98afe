import { describe, expect, it } from 'vitest'
import type { AccountId, MemberView } from '@kith/protocol'
import { MENTION_LENGTH_MAX, MENTIONS_OFFERED_MAX } from '../limits.ts'
import { message } from '../testing/index.ts'
import { askedIn, matching, toCandidates } from './candidates.ts'

const account = (at: number): AccountId => String(at).padStart(64, '0') as AccountId
const member = (at: number, name: string | undefined, more: Partial<MemberView> = {}): MemberView => ({
  account: account(at),
  name,
  role: 'member',
  mine: false,
  ...more,
})
const namesOf = (members: readonly MemberView[], typed: string, messages: Parameters<typeof toCandidates>[1] = []) =>
  matching(toCandidates(members, messages), typed).map(({ name }) => name)

describe('whoever types an @', () => {
  it.each([
    ['@', { from: 0, typed: '' }],
    ['hi @an', { from: 3, typed: 'an' }],
    ['(@an', { from: 1, typed: 'an' }],
    ['嗨@李', undefined],
    ['嗨，@李', { from: 2, typed: '李' }],
    ['hi @ana maria', { from: 3, typed: 'ana maria' }],
    ['ana@example', undefined],
    ['a.@b', undefined],
    ['@@ana', undefined],
    ['@ana\nand', undefined],
    ['hi', undefined],
    [`@${'a'.repeat(MENTION_LENGTH_MAX)}`, undefined],
  ])('asks for somebody or not: %j', (text, asked) => expect(askedIn(text, text.length)).toEqual(asked))

  it('asks by what stands before the caret', () => expect(askedIn('hi @an and so on', 6)).toEqual({ from: 3, typed: 'an' }))

  it('is offered members by any word of their names, petname and own, whatever the accents', () => {
    const members = [member(1, 'Mum', { ownName: 'Zoë Ångström' }), member(2, 'José'), member(3, 'Ana Zoé'), member(4, 'Azoe')]
    expect(namesOf(members, 'zoe')).toEqual(['Ana Zoé', 'Mum'])
    expect(namesOf(members, 'ang')).toEqual(['Mum'])
    expect(namesOf(members, 'JOSE')).toEqual(['José'])
    expect(namesOf(members, 'x')).toEqual([])
    expect(namesOf(members, 'ana zo')).toEqual(['Ana Zoé'])
    expect(namesOf(members, 'jose ')).toEqual([])
  })

  it('is offered whoever wrote last first, and not themselves, nor who is blocked or has no name', () => {
    const by = (at: number) => message(String(at), { author: { account: account(at), name: 'x', mine: false } })
    const members = [member(1, 'Ana'), member(2, 'Ben'), member(3, 'Cleo'), member(4, 'Me', { mine: true }), member(5, undefined)]
    const all = [...members, member(6, 'Bad', { isBlocked: true })]
    expect(namesOf(all, '', [by(2), by(3), by(2), by(6)])).toEqual(['Ben', 'Cleo', 'Ana'])
  })

  it('is offered so many of a thousand, and no key press takes long', () => {
    const members = Array.from({ length: 1_000 }, (_, at) => member(at, `Müller ${at}`))
    const candidates = toCandidates(members, [])
    expect(matching(candidates, '')).toHaveLength(MENTIONS_OFFERED_MAX)
    const began = performance.now()
    for (let at = 0; at < 100; at += 1) matching(candidates, 'nobody')
    expect((performance.now() - began) / 100).toBeLessThan(8)
    expect(matching(candidates, '999')).toHaveLength(1)
  })
})
