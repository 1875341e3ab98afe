import { expect, it } from 'vitest'
import type { AccountId, ConversationId } from '@kith/protocol'
import { ANA, ME, summary } from '../testing/index.ts'
import { chatsNamed, peopleOf } from './chats.ts'
import { CHATS_SHOWN_MAX } from './limits.ts'

const BEN = '2e0302'.padEnd(64, 'a') as AccountId
const chat = (id: string, changes: Parameters<typeof summary>[0]) => summary({ id: id.padEnd(64, '0') as ConversationId, ...changes })

it('names oneself first, then everybody once, in order', () => {
  const chats = [
    chat('1', { peer: BEN, name: 'Ben' }),
    chat('2', { name: 'Ána' }),
    chat('3', { name: 'Ána' }),
    chat('4', { name: undefined }),
  ]
  expect(peopleOf(chats, ME).map(({ account, name }) => [account, name])).toEqual([
    [ME, 'You'],
    [ANA, 'Ána'],
    [BEN, 'Ben'],
  ])
})

it('finds a chat by the beginning of a word of its names, whatever its accents', () => {
  const chats = [chat('1', { name: 'Zoë Novák' }), chat('2', { name: 'Ben', title: 'The garden' }), chat('3', { name: 'Eva' })]
  const found = (text: string) => chatsNamed(chats, text).map(({ name }) => name)
  expect([found('nov'), found('zoe n'), found('GARD'), found('ard'), found('')]).toEqual([['Zoë Novák'], ['Zoë Novák'], ['Ben'], [], []])
})

it('shows a few chats and no more', () => {
  const many = Array.from({ length: CHATS_SHOWN_MAX + 3 }, (_, at) => chat(String(at), { name: 'Ana' }))
  expect(chatsNamed(many, 'ana')).toEqual(many.slice(0, CHATS_SHOWN_MAX))
})
