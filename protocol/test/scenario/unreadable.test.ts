// Messages that arrive and cannot be read: the reader is told so, and the writer's tick does not claim otherwise.

import { expect, test } from 'vitest'
import { decode } from '../../src/bytes/codec.ts'
import { toUnixMs } from '../../src/bytes/ids.ts'
import { timelineRow } from '../../src/conversation/timeline-row.ts'
import { keyAt } from '../../src/group/sender-chain.ts'
import { applyReceived, createBatch } from '../../src/host/batch.ts'
import { receiptDue, toldTo } from '../../src/node/delivery/receipts.ts'
import { momentAt } from '../../src/node/moment.ts'
import { storedEntry } from '../../src/node/rows/stored-entry.ts'
import { entryHeader } from '../../src/wire/entry.ts'
import { createMemoryStore } from '../contract/memory-store.ts'
import { diskWith, nodeOn } from '../simulation/disk.ts'
import { createSeeded } from '../simulation/seeded.ts'
import { createStage, meet, revive, say, ticks, view } from './stage.ts'
import type { ConversationId, DeviceId } from '../../src/bytes/ids.ts'
import type { ReceivedChain } from '../../src/group/sender-chain.ts'
import type { NodeState } from '../../src/node/state.ts'
import type { WireEntry } from '../../src/wire/entry.ts'
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
  person.restore(
    diskWith(person.disk(), (node) => {
      const conversation = node.conversations.get(id) ?? expect.fail('no such conversation')
      const [newest, ...older] = conversation.chains.get(device) ?? []
      const used = [...(newest === undefined ? [] : [withoutKey(newest)]), ...older]
      return { ...node, conversations: node.conversations.with(id, { ...conversation, chains: conversation.chains.with(device, used) }) }
    }),
  )
}

function withoutKey(chain: ReceivedChain): ReceivedChain {
  const key = keyAt(chain, chain.step)
  return key.kind === 'key' ? key.received : chain
}

test('a body that comes after its entry is read then, and nothing was confirmed before', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  await stage.pass(10_000)
  stage.network.relay.refuse = (request) => (request.kind === 'deposit' ? { kind: 'refused', reason: 'busy', retryMs: 0 } : undefined)
  await say(stage, bob, id, 'late')
  const device = bob.device()
  const [wire] = [...(bob.disk().tables.get('entries') ?? [])]
    .flatMap(([key, { value }]) => (key.startsWith(`${id}/${device}/`) ? [decode(storedEntry, value).wire] : []))
    .slice(-1)
  if (wire === undefined) throw new Error('Bob has written nothing')
  const store = createMemoryStore({ image: alice.disk() })
  const env = () => ({ now: toUnixMs(stage.scheduler.now()), random: createSeeded(1).bytes })
  const take = async (state: NodeState, entry: WireEntry): Promise<NodeState> => {
    const frames = [{ kind: 'entries', conversation: id, entries: [entry] }] as const
    const source = { kind: 'link', device, frame: new Uint8Array() } as const
    const batch = createBatch(state)
    await applyReceived(batch, { kind: 'received', source, frames, lookups: new Map(), part: 'last' }, { store, env })
    await store.commit(batch.writes)
    return batch.state
  }
  const shown = async (): Promise<readonly string[]> =>
    (await store.read({ table: 'timeline' })).flatMap(({ value }) => {
      const { content } = decode(timelineRow, value)
      return content.kind === 'text' ? [content.text] : []
    })
  const dueOf = (state: NodeState) => {
    const conversation = state.conversations.get(id)
    return (
      conversation && receiptDue(state, conversation, { device, told: toldTo(conversation, device), at: momentAt(stage.scheduler.now()) })
    )
  }
  const bare = await take(nodeOn(alice.disk()), { ...wire, body: undefined })
  expect(await shown()).toEqual(['welcome', 'hello'])
  expect(dueOf(bare)).toBeUndefined()
  const whole = await take(bare, wire)
  expect(await shown()).toEqual(['welcome', 'hello', 'late'])
  // Bodies that come later fill the disk as well, so they count for what may be stored of a contact in a day.
  const takenOf = (state: NodeState): number => state.peers.get(device)?.taken?.bytes ?? 0
  expect(takenOf(whole) - takenOf(bare)).toBeGreaterThanOrEqual(wire.body?.length ?? Infinity)
  const seq = decode(entryHeader, wire.header).seq
  expect(dueOf(whole)).toMatchObject({ delivered: seq + 1, unreadable: [] })
  expect((await take(whole, wire)).conversations.get(id)?.view).toEqual(whole.conversations.get(id)?.view)
})
