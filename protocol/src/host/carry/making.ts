// What a carry file holds (docs/protocol.md §15): for each device of one person the entries that it may lack, in the order of the conversation, with what
// opens them and what this device has received of its own. Nothing changes by it here: whether the file arrives nobody knows before a receipt says so.

import { BLOB_CONTENT_BYTES_MAX } from '../../limits.ts'
import { entryKeysOf } from '../../log/lookups.ts'
import { lengthOf, mainTipOf } from '../../log/log.ts'
import { carryHead, carryKey, carryMark, sealCarryRecord } from '../../mailbox/carry-file.ts'
import { agreesOn, isMember, lengthFor } from '../../node/delivery/reach.ts'
import { receiptDue } from '../../node/delivery/receipts.ts'
import { accountOf, partnersOf } from '../../node/members.ts'
import { entryOfRow } from '../../node/rows/stored-entry.ts'
import { NO_CLAIM } from '../../wire/receipt.ts'
import { introductionOf, receiptsOf, roomIn } from '../carry-out.ts'
import { openedFrames } from '../network/opened.ts'
import { envelopesIn, framesOfRun, readRun } from '../rows/runs.ts'
import type { AccountId, ConversationId, DeviceId } from '../../bytes/ids.ts'
import type { FeedRange } from '../../log/lookups.ts'
import type { CarryShare } from '../../mailbox/carry-file.ts'
import type { Conversation, NodeState, PendingEnvelope } from '../../node/state.ts'
import type { Clock, Random, Store } from '../../ports.ts'
import type { Frame } from '../../wire/frame.ts'

type MakingParts = {
  readonly store: Pick<Store, 'read'>
  readonly clock: Clock
  readonly random: Random
  readonly state: () => NodeState
  /** Resolves when the conversation is awake. */
  readonly wake: (conversation: ConversationId) => Promise<unknown>
}

/** `since`: entries from then on, ms, and in any case those that a device has not shown to have; left out for these alone. */
type CarryOrder = { readonly conversation: ConversationId; readonly devices: readonly DeviceId[]; readonly since: number | undefined }

/** The devices of an account that a file about this conversation, which is awake, can be for: there is a mailbox to seal it as if for. */
export function carriedTo(state: NodeState, id: ConversationId, account: AccountId): readonly DeviceId[] {
  const conversation = state.conversations.awake.get(id)
  if (conversation?.phase !== 'open') return []
  return partnersOf(state, id).filter(
    (device) => accountOf(state, device) === account && isMember(conversation, device) && state.peers.look(device)?.outbox !== undefined,
  )
}

/** The file, part by part. */
export async function* carryParts(parts: MakingParts, order: CarryOrder): AsyncGenerator<Uint8Array, void> {
  const salt = parts.random(32)
  const grants = order.devices.map((device) => parts.state().peers.look(device)?.outbox)
  const keys = grants.map((grant) => grant?.sealKey ?? parts.random(32))
  yield carryHead({ salt, marks: keys.map((key) => carryMark(key, salt)) })
  for (const [slot, device] of order.devices.entries())
    yield* shareParts(parts, order, { device, share: { slot, salt, key: carryKey(keys[slot] as Uint8Array, salt) } })
}

async function* shareParts(
  parts: MakingParts,
  { conversation: id, since }: CarryOrder,
  { device, share }: { readonly device: DeviceId; readonly share: CarryShare },
): AsyncGenerator<Uint8Array, void> {
  let ranges = await rangesFor(parts, { id, device, since })
  let waiting = envelopesFor(parts.state(), id, device)
  let index = 0
  for (; ranges.length > 0; index += 1) {
    await parts.wake(id)
    const state = parts.state()
    const run = await readRun(parts, {
      conversation: id,
      ranges,
      envelopes: waiting,
      bytesMax: roomIn(state, { id, device, max: BLOB_CONTENT_BYTES_MAX }),
    })
    const opened = await openedFrames(parts, { conversation: id, entries: run.entries, device })
    const frames = framesOfRun(run, { self: state.self.device.id, conversation: id, opened })
    yield sealCarryRecord(share, { index, isLast: false }, [...introduction(state, device), ...frames])
    const gone = new Set(envelopesIn(run))
    waiting = waiting.filter((pending) => !gone.has(pending))
    ranges = ranges.flatMap((range) => after(range, run.served))
  }
  for (const { envelope } of waiting) {
    yield sealCarryRecord(share, { index, isLast: false }, [{ kind: 'envelope', from: parts.state().self.device.id, envelope }])
    index += 1
  }
  await parts.wake(id)
  yield sealCarryRecord(share, { index, isLast: true }, receiptFor(parts, id, device))
}

const introduction = (state: NodeState, device: DeviceId): readonly Frame[] => {
  const peer = state.peers.awake.get(device)
  return peer === undefined ? [] : introductionOf(state, peer)
}

const envelopesFor = (state: NodeState, id: ConversationId, device: DeviceId): readonly PendingEnvelope[] =>
  state.peers.awake.get(device)?.envelopes.filter(({ conversation }) => conversation === id) ?? []

function after(range: FeedRange, served: readonly FeedRange[]): readonly FeedRange[] {
  const part = served.find(({ device }) => device === range.device)
  const from = part === undefined ? range.from : part.to + 1
  return from > range.to ? [] : [{ ...range, from }]
}

/** All that there is to say of their feed, whatever they were told before: that may have been lost with their disk. */
function receiptFor({ state, clock }: MakingParts, id: ConversationId, device: DeviceId): readonly Frame[] {
  const conversation = state().conversations.awake.get(id)
  const claim = conversation && receiptDue(state(), conversation, { device, told: { claim: NO_CLAIM, at: 0 }, at: clock() })
  return claim === undefined ? [] : receiptsOf(state(), device, [{ conversation: id, claim }])
}

type RangesOf = { readonly id: ConversationId; readonly device: DeviceId; readonly since: number | undefined }

/** What goes to a device. Its own feed it has itself, unless it was restored, and then it asks. */
async function rangesFor({ store, state, wake }: MakingParts, { id, device, since }: RangesOf): Promise<readonly FeedRange[]> {
  await wake(id)
  const conversation = state().conversations.awake.get(id)
  if (conversation === undefined) return []
  const self = state().self.device.id
  const lacking = Math.min(agreesOn(conversation, self, device), lengthFor(state(), conversation, device))
  const start = since ?? (await timeOf(store, conversation, { device: self, seq: lacking })) ?? Infinity
  const ranges = await Promise.all(
    [...conversation.log.feeds.keys()].map(async (feed): Promise<readonly FeedRange[]> => {
      if (feed === device) return []
      const to = (feed === self ? lengthFor(state(), conversation, device) : lengthOf(conversation.log, feed)) - 1
      const first = await firstSince(store, conversation, { device: feed, to, time: start })
      const from = feed === self ? Math.min(first, lacking) : first
      return from > to ? [] : [{ device: feed, from: beforeFork(conversation, feed, from), to }]
    }),
  )
  return ranges.flat()
}

// Of a feed with branches all of them go, from where they part.
const beforeFork = ({ log }: Conversation, device: DeviceId, from: number): number =>
  Math.min(from, log.feeds.get(device)?.fork?.seq ?? from)

/** The first entry of a feed that stands there or later; along a feed the places only grow. */
async function firstSince(
  store: MakingParts['store'],
  conversation: Conversation,
  { device, to, time }: { readonly device: DeviceId; readonly to: number; readonly time: number },
): Promise<number> {
  const feed = conversation.log.feeds.get(device)
  const tip = feed && mainTipOf(feed)
  let [low, high] = [0, to + 1]
  if (tip === undefined || tip.order.time < time) return high
  while (low < high) {
    const seq = Math.floor((low + high) / 2)
    if (((await timeOf(store, conversation, { device, seq })) ?? time) < time) low = seq + 1
    else high = seq
  }
  return low
}

async function timeOf(
  store: MakingParts['store'],
  { id }: Conversation,
  { device, seq }: { readonly device: DeviceId; readonly seq: number },
): Promise<number | undefined> {
  const [row] = await store.read({ table: 'entries', ...entryKeysOf(id, { device, from: seq, to: seq }), limit: 1 })
  return row && entryOfRow(row.value).order.time
}
