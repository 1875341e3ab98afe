// Messages that arrive and cannot be read: the reader is told so, and the writer's tick does not claim otherwise.

import { expect, test } from 'vitest'
import { keyAt } from '../../src/group/sender-chain.ts'
import { decodeRow, encodeRow } from '../../src/host/rows.ts'
import { createStage, meet, revive, say, ticks, view } from './stage.ts'
import type { ConversationId, DeviceId } from '../../src/bytes/ids.ts'
import type { ReceivedChain } from '../../src/group/sender-chain.ts'
import type { Conversation } from '../../src/node/state.ts'
import type { Person } from '../simulation/person.ts'

test('what cannot be read has a line of its own, is never shown as delivered, and what comes later gets its ticks', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  await stage.pass(10_000)
  useUpKey(alice, id, bob.device())
  await revive(stage, alice)
  for (const text of ['lost', 'found', 'found as well']) await say(stage, bob, id, text)
  await stage.pass(20_000)
  const seen = (await view(stage, alice, id)).messages.filter(({ kind }) => kind !== 'system')
  expect(seen.slice(-3)).toMatchObject([{ kind: 'unreadable', why: 'broken', mine: false }, { text: 'found' }, { text: 'found as well' }])
  expect(await ticks(stage, bob, id)).toEqual({ hello: 'delivered', lost: 'unreadable', found: 'delivered', 'found as well': 'delivered' })
  expect((await view(stage, bob, id)).waiting).toBeUndefined()
  await stage.done(alice.engine().markRead({ conversation: id }))
  await stage.pass(20_000)
  expect(await ticks(stage, bob, id)).toEqual({ hello: 'read', lost: 'unreadable', found: 'read', 'found as well': 'read' })
})

/** The next key of a device's chain counts as used on somebody's disk. */
function useUpKey(person: Person, id: ConversationId, device: DeviceId): void {
  const disk = person.disk()
  const row = disk.tables.get('conversations')?.get(id)
  if (row === undefined) throw new Error('no such conversation')
  const conversation = decodeRow<Conversation>(row.value)
  const [newest, ...older] = conversation.chains.get(device) ?? []
  const used = [...(newest === undefined ? [] : [withoutKey(newest)]), ...older]
  const value = encodeRow({ ...conversation, chains: new Map(conversation.chains).set(device, used) })
  const rows = new Map(disk.tables.get('conversations')).set(id, { ...row, value })
  person.restore({ ...disk, tables: new Map(disk.tables).set('conversations', rows) })
}

function withoutKey(chain: ReceivedChain): ReceivedChain {
  const key = keyAt(chain, chain.step)
  return key.kind === 'key' ? key.received : chain
}
