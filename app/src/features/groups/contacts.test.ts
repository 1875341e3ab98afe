import { expect, it } from 'vitest'
import type { AccountId } from '@kith/protocol'
import { ANA, ME, summary } from '../testing/index.ts'
import { toContacts } from './contacts.ts'

const BEN = '2b0102'.padEnd(64, 'c') as AccountId

it('are people with whom there is a chat of two, by name, and none twice', () => {
  const chats = [
    summary({ peer: ME, name: undefined }),
    summary({ peer: BEN, name: 'Ben' }),
    summary({ peer: ANA, name: 'Ana' }),
    summary({ peer: ANA, name: 'Ana' }),
  ]
  expect(toContacts(chats).map(({ name }) => name)).toEqual(['Ana', 'Ben', undefined])
  expect(toContacts(chats, [ANA]).map(({ account }) => account)).toEqual([BEN, ME])
})

it('are nobody whom a link or a group has brought so far', () => {
  expect(toContacts([summary({ phase: 'invited' }), summary({ phase: 'inviting', peer: undefined }), summary({ kind: 'group' })])).toEqual(
    [],
  )
})
