// A carry file that somebody opens (docs/protocol.md §15): its records go, one after the other, through the same step as what lies in a mailbox, so the file
// is no second door. What was taken before something was refused stays, and opening it once more changes nothing.

import { concatBytes, equalBytes } from '../../bytes/bytes.ts'
import { CARRY_PART_BYTES_MAX } from '../../limits.ts'
import { lengthOf } from '../../log/log.ts'
import { readHeader } from '../../log/entry.ts'
import { carryKey, carryMark, openCarryRecord, readCarryHead, readCarryRecord } from '../../mailbox/carry-file.ts'
import { isPartner, isRevoked } from '../../node/members.ts'
import type { ConversationId, DeviceId } from '../../bytes/ids.ts'
import type { CarryRefusal } from '../../engine.ts'
import type { CarryHead, CarryRecord, CarryShare } from '../../mailbox/carry-file.ts'
import type { NodeState } from '../../node/state.ts'
import type { Timer } from '../../ports.ts'
import type { Frame } from '../../wire/frame.ts'
import type { Loop } from '../loop.ts'

/** A record that is not stored after so long waits for room on the disk, ms. */
const STORED_MS = 60_000
/** Mailboxes that are tried before others have their turn. */
const TRIED_AT_ONCE = 256

type OpeningParts = {
  readonly loop: Pick<Loop, 'state' | 'push'>
  readonly timer: Timer
  /** Resolves when the conversation is awake. */
  readonly wake: (conversation: ConversationId) => Promise<unknown>
  /** Resolves when whatever else waits for the processor has had its turn. */
  readonly pause: () => Promise<void>
}

/** `entries`: how many are here that were not. `isWaiting`: some of it is not, because it rests on something that has not come. */
type Opened = { readonly conversation: ConversationId | undefined; readonly entries: number; readonly isWaiting: boolean }

type TakeOutcome =
  | { readonly kind: 'more' }
  | ({ readonly kind: 'opened' } & Opened)
  | ({ readonly kind: 'refused'; readonly reason: CarryRefusal } & Opened)

export type Opening = {
  /** How many bytes of the file were taken so far. */
  readonly at: () => number
  readonly take: (bytes: Uint8Array, isEnd: boolean) => Promise<TakeOutcome>
}

class RefusedError extends Error {
  override readonly name = 'RefusedError'
  readonly reason: CarryRefusal

  constructor(reason: CarryRefusal) {
    super(reason)
    this.reason = reason
  }
}

export function createOpening(parts: OpeningParts): Opening {
  let rest: Uint8Array = new Uint8Array(0)
  let at = 0
  let share: (CarryShare & { readonly device: DeviceId }) | undefined
  let [index, isOver] = [0, false]
  const said = createSaid(parts)

  async function readHead(): Promise<boolean> {
    const head = readCarryHead(rest)
    if (head.kind === 'refused') throw new RefusedError(head.reason)
    if (head.kind === 'short') return false
    rest = rest.subarray(head.length)
    share = await shareIn(parts, head.value)
    if (share === undefined) throw new RefusedError('not-for-this-device')
    if (isRevoked(parts.loop.state(), share.device)) throw new RefusedError('unknown-chat')
    return true
  }

  async function takeRecord(own: CarryShare & { readonly device: DeviceId }, record: CarryRecord): Promise<void> {
    const frames = isOver ? undefined : openCarryRecord(own, index, record)
    if (frames === undefined) throw new RefusedError('altered')
    index += 1
    isOver = record.isLast
    await said.expect(own.device, frames)
    await step(parts, own.device, frames)
    said.note(frames)
  }

  async function takeAll(): Promise<void> {
    if (share === undefined && !(await readHead())) return
    for (;;) {
      const record = readCarryRecord(rest)
      if (record.kind === 'refused') throw new RefusedError(record.reason)
      if (record.kind === 'short') return
      rest = rest.subarray(record.length)
      if (share !== undefined && record.value.slot === share.slot) await takeRecord(share, record.value)
    }
  }

  async function take(bytes: Uint8Array, isEnd: boolean): Promise<TakeOutcome> {
    try {
      if (bytes.length > CARRY_PART_BYTES_MAX) throw new RefusedError('altered')
      rest = concatBytes(rest, bytes)
      at += bytes.length
      await takeAll()
      if (!isEnd) return { kind: 'more' }
      if (!isOver || rest.length > 0) throw new RefusedError(at === 0 ? 'no-carry-file' : 'cut-short')
      return { kind: 'opened', ...said.outcome() }
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error
      return { kind: 'refused', reason: error.reason, ...said.outcome() }
    }
  }

  return { at: () => at, take }
}

/** What the file speaks of, and what of that was here before. */
function createSaid({ loop, wake }: OpeningParts) {
  let conversation: ConversationId | undefined
  let before: ReadonlyMap<DeviceId, number> = new Map()
  const named = new Map<DeviceId, number>()
  const logOf = () => (conversation === undefined ? undefined : loop.state().conversations.awake.get(conversation)?.log)

  /** One file is about one conversation, in which both take part. */
  async function expect(device: DeviceId, frames: readonly Frame[]): Promise<void> {
    for (const id of frames.flatMap(conversationsIn)) {
      if (id === conversation) continue
      if (conversation !== undefined) throw new RefusedError('altered')
      if (!loop.state().conversations.has(id)) throw new RefusedError('unknown-chat')
      await wake(id)
      const found = loop.state().conversations.awake.get(id)
      if (found === undefined || !isPartner(loop.state(), found, device)) throw new RefusedError('unknown-chat')
      conversation = id
      before = new Map([...found.log.feeds.keys()].map((feed) => [feed, lengthOf(found.log, feed)]))
    }
  }

  function note(frames: readonly Frame[]): void {
    for (const frame of frames) {
      if (frame.kind !== 'entries') continue
      for (const { header: bytes } of frame.entries) {
        const header = readHeader(bytes)?.header
        if (header !== undefined) named.set(header.device, Math.max(named.get(header.device) ?? 0, header.seq + 1))
      }
    }
  }

  function outcome(): Opened {
    const log = logOf()
    if (log === undefined) return { conversation, entries: 0, isWaiting: false }
    const entries = [...named.keys()].reduce((sum, feed) => sum + lengthOf(log, feed) - (before.get(feed) ?? 0), 0)
    return { conversation, entries, isWaiting: [...named].some(([feed, length]) => lengthOf(log, feed) < length) }
  }

  return { expect, note, outcome }
}

function conversationsIn(frame: Frame): readonly ConversationId[] {
  if (frame.kind === 'entries' || frame.kind === 'opened') return [frame.conversation]
  return frame.kind === 'receipts' ? frame.receipts.map(({ conversation }) => conversation) : []
}

// Of thousands of contacts each is tried: the file names nobody.
async function shareIn({ loop, pause }: OpeningParts, { salt, marks }: CarryHead) {
  let tried = 0
  for (const [device, sealKey] of mailboxesIn(loop.state())) {
    tried += 1
    if (tried % TRIED_AT_ONCE === 0) await pause()
    const own = carryMark(sealKey, salt)
    const slot = marks.findIndex((mark) => equalBytes(mark, own))
    if (slot >= 0) return { slot, salt, key: carryKey(sealKey, salt), device }
  }
  return undefined
}

// Not those of invites, to which everybody who has the link can write.
function* mailboxesIn({ peers }: NodeState): Generator<readonly [DeviceId, Uint8Array]> {
  for (const { device, inbox } of peers.looks()) if (inbox !== undefined) yield [device.id, inbox.keys.sealKey]
}

async function step({ loop, timer }: OpeningParts, device: DeviceId, frames: readonly Frame[]): Promise<void> {
  const input = { kind: 'received', source: { kind: 'file', device }, frames, lookups: new Map(), part: 'last' } as const
  const fate = await new Promise<'durable' | 'faulty' | 'late'>((resolve) => {
    const stop = timer(STORED_MS, () => resolve('late'))
    loop.push(input, (became) => (stop(), resolve(became)))
  })
  if (fate !== 'durable') throw new RefusedError(fate === 'late' ? 'no-room' : 'altered')
}
