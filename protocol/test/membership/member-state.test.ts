import { describe, expect, it } from 'vitest'
import { isMemberState, memberStateHash } from '../../src/membership/member-state.ts'
import { roleAt } from '../../src/membership/role-at.ts'
import { accountNamed, entryNamed } from './names.ts'
import { conversationOf, createGroup, demote, grant, leave, remove, resign, tell } from './story.ts'

const conversation = conversationOf('create')
const story = [
  { id: 'create', by: 'alice', act: createGroup('alice') },
  { id: 'bob in', by: 'alice', act: grant(['bob', 'admin'], ['carol', 'member']) },
  { id: 'bobs', by: 'bob', act: grant(['dave', 'member']), knows: ['bob in'] },
  { id: 'alices', by: 'alice', act: demote('bob', 'member'), knows: ['bob in'] },
]
const { membership } = tell(...story)

describe('the member state of a header', () => {
  const past = [entryNamed('alices'), entryNamed('bobs')]
  const members = memberStateHash(membership, conversation, past)

  it('is that of its past, however the past is named', () => {
    expect(isMemberState(membership, { conversation, past, members })).toBe(true)
    const whole = story.map(({ id }) => entryNamed(id))
    for (const other of [past.toReversed(), [...past, ...past], whole, whole.toReversed()])
      expect(memberStateHash(membership, conversation, other)).toEqual(members)
  })

  it('is another one for whoever knows less, more, or another group', () => {
    for (const other of [[], ['create'], ['bob in'], ['bobs'], ['alices']])
      expect(isMemberState(membership, { conversation, past: other.map(entryNamed), members })).toBe(false)
    expect(isMemberState(membership, { conversation: conversationOf('other'), past, members })).toBe(false)
    const later = tell(...story, { id: 'later', by: 'alice', act: grant(['erin', 'member']) }).membership
    expect(isMemberState(later, { conversation, past, members })).toBe(true)
    expect(isMemberState(later, { conversation, past: [entryNamed('later')], members })).toBe(false)
  })
})

describe('what somebody is at a place of the log', () => {
  const written = (by: string, past: readonly string[], knownTo: readonly string[] = []) => ({
    author: accountNamed(by),
    past: past.map(entryNamed),
    isKnownTo: (control: string) => knownTo.map(entryNamed).includes(control as never),
  })

  it('is the highest role given before, as far as nothing took it that did not know of the entry', () => {
    expect(roleAt(membership, written('alice', ['create']))).toBe('owner')
    expect(roleAt(membership, written('bob', ['create']))).toBeUndefined()
    expect(roleAt(membership, written('bob', ['bob in'], ['alices']))).toBe('admin')
    expect(roleAt(membership, written('bob', ['bob in']))).toBeUndefined()
    expect(roleAt(membership, written('bob', ['alices', 'bobs']))).toBe('member')
    expect(roleAt(membership, written('dave', ['alices']))).toBeUndefined()
    expect(roleAt(membership, written('mallory', ['alices', 'bobs']))).toBeUndefined()
  })

  it('is the highest of several, whichever was given first', () => {
    const both = tell(
      ...story.slice(0, 2),
      { id: 'bob once more', by: 'alice', act: grant(['bob', 'member'], ['carol', 'admin']) },
      { id: 'last', by: 'alice', act: leave },
    ).membership
    expect(roleAt(both, written('bob', ['last']))).toBe('admin')
    expect(roleAt(both, written('carol', ['last']))).toBe('admin')
  })

  it('a removed account writes nothing more that counts, and keeps what the remover knew or cut behind', () => {
    const after = tell(...story, { id: 'out', by: 'alice', act: remove('carol') }).membership
    expect(roleAt(after, written('carol', ['bob in']))).toBeUndefined()
    expect(roleAt(after, written('carol', ['out']))).toBeUndefined()
    expect(roleAt(after, written('carol', ['bob in'], ['out']))).toBe('member')
    // Of two strikes by one device it is enough that one takes the grant away.
    const lowered = { id: 'lowered', by: 'alice', act: demote('carol', 'member') }
    const twice = tell(...story, lowered, { id: 'out', by: 'alice', act: remove('carol') }).membership
    expect(roleAt(twice, written('carol', ['bob in']))).toBeUndefined()
  })

  it('who leaves or steps down keeps what was written before', () => {
    const away = tell(...story, { id: 'away', by: 'carol', act: leave }).membership
    expect(roleAt(away, written('carol', ['bob in'], ['away']))).toBe('member')
    expect(roleAt(away, written('carol', ['away']))).toBeUndefined()
    const down = tell(...story, { id: 'down', by: 'alice', act: resign('member') }).membership
    expect(roleAt(down, written('alice', ['create'], ['down']))).toBe('owner')
    expect(roleAt(down, written('alice', ['down']))).toBe('member')
  })
})
