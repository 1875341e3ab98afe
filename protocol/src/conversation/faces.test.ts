// Which of somebody's faces is kept: the last in the order of the conversation, whichever comes first, and of those before nothing.

import { expect, it } from 'vitest'
import { createMemoryStore } from '../../test/contract/memory-store.ts'
import { parseUtf8, utf8ToBytes } from '../bytes/bytes.ts'
import { accountIdOf, conversationIdOf, deviceIdOf } from '../bytes/ids.ts'
import { createConversation } from './state.ts'
import { faceKeyOf, faceOf, isFaceRow, showFace } from './faces.ts'

const CHAT = conversationIdOf(new Uint8Array(32).fill(1))
const [ANA, BEN] = [accountIdOf(new Uint8Array(32).fill(2)), accountIdOf(new Uint8Array(32).fill(3))]
const VIEW = createConversation({ conversation: CHAT, self: ANA, device: deviceIdOf(new Uint8Array(32)) })

const rowAt = (account: typeof ANA, order: string) =>
  ({
    kind: 'put',
    table: 'bodies',
    key: faceKeyOf(CHAT, account, order),
    value: utf8ToBytes(order),
    shred: `${CHAT}/1`,
  }) as const

async function after(orders: readonly string[]): Promise<readonly (string | undefined)[]> {
  const store = createMemoryStore({})
  await store.commit([rowAt(BEN, 'b2')])
  for (const order of orders)
    await showFace(VIEW, { kind: 'face', account: ANA, row: rowAt(ANA, order) }, { store, write: (writes) => void store.commit(writes) })
  expect(await store.read(faceOf(CHAT, BEN))).toHaveLength(1)
  return (await store.read({ ...faceOf(CHAT, ANA), limit: 10 })).map(({ value }) => parseUtf8(value))
}

it('is the newest alone, whatever comes when', async () => {
  expect(await after(['a1', 'a2', 'a3'])).toEqual(['a3'])
  expect(await after(['a2', 'a3', 'a1'])).toEqual(['a3'])
})

it('attack: a stale one never takes the place of a newer one, however often it comes', async () => {
  expect(await after(['a3', 'a1', 'a2', 'a1', 'a3'])).toEqual(['a3'])
})

it('is told from all other bodies by its key', () => {
  expect(isFaceRow(rowAt(ANA, 'a1'))).toBe(true)
  expect(isFaceRow({ ...rowAt(ANA, 'a1'), key: `${CHAT}/profile/face` })).toBe(false)
  expect(isFaceRow({ kind: 'delete', table: 'bodies', key: rowAt(ANA, 'a1').key })).toBe(false)
})
