import { describe, expect, it } from 'vitest'
import type { AccountId, ConversationSummary } from '@kith/protocol'
import { resembled, toKnownPeople } from './look-alike.ts'

const known = [
  { account: 'a1' as AccountId, name: 'Ana Novak' },
  { account: 'a2' as AccountId, name: 'Will Morris' },
]
const of = (name: string | undefined, account = 'z') => resembled({ account, name }, known)

describe('a name that looks like that of a contact', () => {
  it.each([
    'Ana Novak',
    'ana novak',
    'Ana Novák',
    'Аna Nоvаk',
    'Ana  Novak.',
    'AnaNovak',
    '\uFF21na Novak',
    'Ana\u200B Novak',
    'An@ N0vak',
  ])('is named: %s', (name) => expect(of(name)).toBe('Ana Novak'))
  it.each(['WiIl Morris', 'W1ll Morris', 'vvill Mornis'.replace('rn', 'rr'), 'WiII Morris'])(
    'is named where letters are alike: %s',
    (name) => expect(of(name)).toBe('Will Morris'),
  )
  it.each(['Ana', 'Ana Novakova', 'Anna Novak', undefined, '', '...'])('is another name: %s', (name) => expect(of(name)).toBeUndefined())
  it('is not that person themselves', () => {
    expect(of('Ana Novak', 'a1')).toBeUndefined()
    expect(of('Ana Novak', 'a2')).toBeUndefined()
  })
  it('counts people with whom there is a chat of two', () => {
    const chat = (over: Partial<ConversationSummary>) =>
      ({ kind: 'pair', phase: 'open', peer: 'p', name: 'Ana', ...over }) as ConversationSummary
    const chats = [chat({}), chat({ kind: 'group' }), chat({ phase: 'invited' }), chat({ name: undefined })]
    expect(toKnownPeople(chats)).toEqual([{ account: 'p', name: 'Ana' }])
  })
})
