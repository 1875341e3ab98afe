// How each duty is carried out: what it needs is read, a relay is asked or frames are sent, and what came of it becomes an input.

import { encode } from '../bytes/codec.ts'
import { hash } from '../crypto/hash.ts'
import { sign } from '../crypto/sign.ts'
import { markOf, updateSince, vectorOf } from '../documents/whole.ts'
import {
  ACCOUNT_PART_BYTES_MAX,
  BLOCK_BYTES_MAX,
  BLOCK_ENTRIES_MAX,
  FIRST_BLOCK_ENTRIES,
  BLOB_CONTENT_BYTES_MAX,
  CONVERSATIONS_PER_HAVE_MAX,
  FRAME_BYTES_MAX,
  OPENED_RUN_BYTES_MAX,
} from '../limits.ts'
import { headsOf } from '../log/log.ts'
import { sealBlob } from '../mailbox/blob.ts'
import { accountOf, isOwnOther } from '../node/members.ts'
import { outboxFor } from '../node/mailboxes/inboxes.ts'
import { deliveryTo } from '../node/delivery/reach.ts'
import { NetworkError } from '../ports.ts'
import { frame as frameCodec } from '../wire/frame.ts'
import { receiptStatement } from '../wire/receipt.ts'
import { createDeposits } from './network/deposits.ts'
import { depositForMany, gatherForMany } from './network/joint-deposits.ts'
import { newestFrame } from './network/newest.ts'
import { openedFrames } from './network/opened.ts'
import { buildPacket } from './network/packet.ts'
import { envelopesIn, framesOfRun, isWhole, ownLengthIn, readRun, waitingOf } from './rows/runs.ts'
import type { ConversationId, DeviceId } from '../bytes/ids.ts'
import type { Document } from '../documents/document.ts'
import type { Duty } from '../node/duty.ts'
import type { DueReceipt } from '../node/state.ts'
import type { DepositAnswer } from '../mailbox/deposit-answer.ts'
import type { NodeInput } from '../node/input.ts'
import type { DirectLink } from '../node/net.ts'
import type { NodeState, Peer } from '../node/state.ts'
import type { Network, Random, Store } from '../ports.ts'
import type { MailboxGrant } from '../wire/capability.ts'
import type { Frame } from '../wire/frame.ts'
import type { RelayAnswer } from '../wire/relay.ts'
import type { Deposits } from './network/deposits.ts'
import type { Run } from './rows/runs.ts'

/** Left free in a blob or frame for its other parts: device list, framing. */
const OVERHEAD_BYTES = 9_000

export type OutsideParts = {
  readonly store: Pick<Store, 'read'>
  readonly network: Network
  readonly deposits: Deposits
  readonly random: Random
  readonly state: () => NodeState
  /** The account document. */
  readonly account: () => Document
  /** Resolves when whatever else waits for the processor has had its turn. */
  readonly pause: () => Promise<void>
}

export type Outcome = { readonly outcome: NodeInput; readonly answer?: RelayAnswer | DepositAnswer }

/** Carries duties out; see {@link carryOut}. */
export function createCarrier(parts: Omit<OutsideParts, 'deposits'>): (duty: Duty) => Promise<Outcome> {
  const outside = { ...parts, deposits: createDeposits(parts.network) }
  return (duty) => carryOut(outside, duty)
}

/** Rejects with {@link NetworkError} where nothing could be asked or sent: the duty stays. */
export async function carryOut(parts: OutsideParts, duty: Duty): Promise<Outcome> {
  switch (duty.kind) {
    case 'request': {
      const answer = await parts.network.request(duty.relay, duty.request())
      return { outcome: duty.toInput(answer), answer }
    }
    case 'packet':
      return putPacket(parts, duty)
    case 'deposit':
      return deposit(parts, duty)
    case 'deposit-joint':
      return depositJointly(parts, duty)
    case 'hand-on':
      return { outcome: { kind: 'hand-on', conversation: duty.conversation } }
    case 'account':
      return tellAccount(parts, duty)
    case 'newest':
      return tellNewest(parts, duty)
    case 'gather':
      return gather(parts, duty)
    case 'gather-joint':
      return gatherForMany(parts, { ...duty, writers: writersTo(parts, duty) })
    case 'ask':
      return ask(parts, duty)
    case 'tell':
      return tell(parts, duty)
    case 'stream':
      return stream(parts, duty)
  }
}

/** Bytes for entries, of as many as a blob or frame holds. Opened bodies, of a group or for an own device, go beside them. */
export const roomIn = (
  state: NodeState,
  { id, device, max }: { readonly id: ConversationId; readonly device: DeviceId; readonly max: number },
): number =>
  state.conversations.awake.get(id)?.group === undefined && accountOf(state, device) !== state.self.account
    ? max - OVERHEAD_BYTES
    : OPENED_RUN_BYTES_MAX

type DutyOf<Kind extends Duty['kind']> = Extract<Duty, { kind: Kind }>

async function putPacket(parts: OutsideParts, { conversation, relay, upTo: asked }: DutyOf<'packet'>): Promise<Outcome> {
  const { request, upTo } = await buildPacket(parts, { conversation, upTo: asked, relay })
  if (parts.state().conversations.awake.get(conversation)?.invite?.status !== 'open')
    throw new NetworkError('disconnected', 'the invite went while its packet was read')
  const answer = await parts.network.request(relay, request)
  return { outcome: { kind: 'packet-put', conversation, relay, asked, upTo, put: request, answer }, answer }
}

async function deposit(parts: OutsideParts, { device, conversation, relay, ranges, receipt, ticks }: DutyOf<'deposit'>): Promise<Outcome> {
  const { peer, grant } = writerTo(parts, device, conversation)
  const envelopes = peer.envelopes.filter((pending) => pending.conversation === conversation && !pending.deposited)
  const run = await readRun(parts, {
    conversation,
    ranges,
    envelopes,
    bytesMax: roomIn(parts.state(), { id: conversation, device, max: BLOB_CONTENT_BYTES_MAX }),
  })
  const self = parts.state().self.device.id
  const receipts = receiptsOf(parts.state(), device, [
    ...(receipt === undefined ? [] : [{ conversation, claim: receipt }]),
    ...(ticks === undefined ? [] : [{ conversation, claim: ticks, isOwn: true }]),
  ])
  const blob = sealBlob(grant, [...(await framesFor(parts, { peer, conversation, run })), ...receipts])
  // Nobody is woken for a tick, or for what they wrote themselves elsewhere.
  const wakes = run.entries.length > 0 && peer.account !== parts.state().self.account
  const answer = await leave(parts, relay, { grant, blob, wakes })
  const sent = { upTo: ownLengthIn(run, self), envelopes: envelopesIn(run), served: run.served }
  const isPlain = receipts.length === 0 && run.parts.length === run.entries.length && run.served.every((range) => range.device === self)
  const left = waitingOf(run, self, isPlain ? blob : undefined)
  return { outcome: { kind: 'deposited', device, conversation, ...sent, receipt, ticks, grant, answer, left }, answer }
}

type ToPeer = { readonly peer: Peer; readonly conversation: ConversationId; readonly run: Run }

async function framesFor(parts: OutsideParts, { peer, conversation, run }: ToPeer): Promise<readonly Frame[]> {
  const opened = await openedFrames(parts, { conversation, entries: run.entries, device: peer.device.id })
  const frames = framesOfRun(run, { self: parts.state().self.device.id, conversation, opened })
  const introduction = introductionOf(parts.state(), peer)
  if (introduction.length === 0) return frames
  // Whoever is introduced is known by its envelope, so what it says comes after that.
  return [...introduction, ...frames.filter(isEnvelope), ...frames.filter((frame) => !isEnvelope(frame))]
}

const isEnvelope = ({ kind }: Frame): boolean => kind === 'envelope'

/** One blob in the place of many. Where a body is not here any more, theirs is the last copy of it, and stays. */
async function gather(parts: OutsideParts, { device, conversation, relay, blobs }: DutyOf<'gather'>): Promise<Outcome> {
  const { peer, grant } = writerTo(parts, device, conversation)
  const self = parts.state().self.device.id
  const range = { device: self, from: blobs[0]?.from ?? 0, to: blobs.at(-1)?.to ?? 0 }
  const bytesMax = roomIn(parts.state(), { id: conversation, device, max: BLOB_CONTENT_BYTES_MAX })
  const run = await readRun(parts, { conversation, ranges: [range], envelopes: [], bytesMax })
  const outcome = { kind: 'gathered', device, conversation, blobs } as const
  if (!isWhole(run, range)) return { outcome: { ...outcome, into: undefined, answer: undefined } }
  const blob = sealBlob(grant, await framesFor(parts, { peer, conversation, run }))
  const ids = blobs.flatMap((waiting) => waiting.blob ?? [])
  const answer = await parts.network.request(relay, { kind: 'gather', mailboxes: [grant.mailbox], blobs: ids, blob })
  const verdict = answer.kind === 'gathered' ? answer.verdicts[0] : answer.kind === 'refused' ? answer : undefined
  return { outcome: { ...outcome, into: waitingOf(run, self, blob), answer: verdict }, answer }
}

async function tellAccount(parts: OutsideParts, { device, by, mark, vector }: DutyOf<'account'>): Promise<Outcome> {
  const frames = accountFrames(parts.account(), vector)
  const told = { kind: 'account-told', device, mark } as const
  if (by === 'link') {
    for (const frame of frames) await parts.network.send(device, encode(frameCodec, frame))
    return { outcome: { ...told, left: undefined } }
  }
  const { grant } = writerTo(parts, device, by.conversation)
  let answer: DepositAnswer = { kind: 'unproven' }
  for (const frame of frames) {
    answer = await leave(parts, by.relay, { grant, blob: sealBlob(grant, [frame]), wakes: false })
    if (answer.kind !== 'stored') break
  }
  return { outcome: { ...told, left: { grant, answer } }, answer }
}

async function tellNewest(parts: OutsideParts, { device, conversation, by }: DutyOf<'newest'>): Promise<Outcome> {
  const frame = await newestFrame(parts, { conversation, to: device })
  const told = { kind: 'newest-told', device, conversation } as const
  if ('link' in by) {
    if (frame !== undefined) await parts.network.send(device, encode(frameCodec, frame))
    return { outcome: { ...told, link: by.link } }
  }
  const outcome = { ...told, link: undefined }
  if (frame === undefined) return { outcome }
  const { grant } = writerTo(parts, device, conversation)
  const answer = await leave(parts, by.relay, { grant, blob: sealBlob(grant, [frame]), wakes: false })
  return { outcome, answer }
}

function accountFrames(document: Document, vector: Uint8Array): readonly Frame[] {
  const update = updateSince(document, vector)
  const parts = Math.ceil(update.length / ACCOUNT_PART_BYTES_MAX)
  const shared = { vector: vectorOf(document), mark: markOf(document), of: hash(update), parts }
  return Array.from({ length: parts }, (_, part) => ({
    kind: 'account',
    ...shared,
    part,
    update: update.subarray(part * ACCOUNT_PART_BYTES_MAX, (part + 1) * ACCOUNT_PART_BYTES_MAX),
  }))
}

const writersTo = (
  parts: OutsideParts,
  { devices, conversation }: { readonly devices: readonly DeviceId[]; readonly conversation: ConversationId },
) => devices.map((device) => writerTo(parts, device, conversation))

function depositJointly(parts: OutsideParts, duty: DutyOf<'deposit-joint'>): Promise<Outcome> {
  return depositForMany(parts, { ...duty, writers: writersTo(parts, duty), bytesMax: BLOB_CONTENT_BYTES_MAX - OVERHEAD_BYTES })
}

async function ask(parts: OutsideParts, { device, conversation, relay, since }: DutyOf<'ask'>): Promise<Outcome> {
  const { grant } = writerTo(parts, device, conversation)
  const blob = sealBlob(grant, [haveOf(parts.state(), device, [conversation])])
  const answer = await leave(parts, relay, { grant, blob, wakes: false })
  return { outcome: { kind: 'asked', device, conversation, since, grant, answer }, answer }
}

type Left = { readonly grant: MailboxGrant; readonly blob: Uint8Array; readonly wakes: boolean }

async function leave({ deposits }: OutsideParts, relay: string, { grant, blob, wakes }: Left): Promise<DepositAnswer> {
  const [answer] = await deposits.leave(relay, { mailboxes: [grant.mailbox], blob, wakes })
  return answer ?? { kind: 'unproven' }
}

// As many of the conversations as one frame has room for; the others stay due. Whoever reads a message here waits for its view, and to sign takes longer
// than to make that: so it goes first.
async function tell(parts: OutsideParts, { device, link, conversations, receipts }: DutyOf<'tell'>): Promise<Outcome> {
  if (receipts.length > 0) await parts.pause()
  const state = parts.state()
  for (const frame of receiptsOf(state, device, receipts)) await parts.network.send(device, encode(frameCodec, frame))
  let ids = conversations.slice(0, CONVERSATIONS_PER_HAVE_MAX)
  const there = state.net.links.get(device)
  let frame = encode(frameCodec, haveOf(state, device, ids, there))
  while (frame.length > FRAME_BYTES_MAX) {
    ids = ids.slice(0, ids.length / 2)
    frame = encode(frameCodec, haveOf(state, device, ids, there))
  }
  if (ids.length > 0) await parts.network.send(device, frame)
  const told = new Map(
    ids.flatMap((id) => {
      const log = state.conversations.awake.get(id)?.log
      return log === undefined ? [] : [[id, log] as const]
    }),
  )
  return { outcome: { kind: 'told', device, link, told, receipts } }
}

/** What this device has of these conversations: of those that were told of on this link, and miss nothing, only the feeds that have changed. */
const haveOf = ({ conversations }: NodeState, device: DeviceId, ids: readonly ConversationId[], link?: DirectLink): Frame => ({
  kind: 'have',
  have: ids.flatMap((id) => {
    const conversation = conversations.awake.get(id)
    if (conversation === undefined) return []
    const { log, missing } = conversation
    const before = missing === undefined ? link?.told.get(id) : undefined
    const heads = headsOf(log, before === undefined ? undefined : log.feeds.changedSince(before.feeds))
    return [{ conversation: id, isWhole: before === undefined, heads, heard: deliveryTo(conversation, device).claim }]
  }),
})

/** Signed for the device that they are for. */
export function receiptsOf({ self, conversations }: NodeState, device: DeviceId, due: readonly DueReceipt[]): readonly Frame[] {
  const receipts = due.map(({ isOwn, ...said }) => {
    const feed = isOwn === true ? self.device.id : device
    const tips = conversations.awake.get(said.conversation)?.log.feeds.get(feed)?.tips ?? []
    const receipt = { ...said, feed, tips: tips.map(({ seq, id }) => ({ seq, id })) }
    return { ...receipt, signature: sign(self.device.signSeed, receiptStatement(self.device.id, receipt)) }
  })
  return receipts.length === 0 ? [] : [{ kind: 'receipts', receipts }]
}

async function stream(parts: OutsideParts, { device, link, conversation, ranges, isBegun }: DutyOf<'stream'>): Promise<Outcome> {
  const state = parts.state()
  const there = state.net.links.get(device)?.envelopes
  const envelopes = (state.peers.awake.get(device)?.envelopes ?? []).filter(
    (pending) => pending.conversation === conversation && there?.has(pending.envelope) !== true,
  )
  const run = await readRun(parts, {
    conversation,
    ranges,
    envelopes,
    ...(isOwnOther(state, device)
      ? { bytesMax: BLOCK_BYTES_MAX, entriesMax: isBegun ? BLOCK_ENTRIES_MAX : FIRST_BLOCK_ENTRIES }
      : { bytesMax: roomIn(state, { id: conversation, device, max: FRAME_BYTES_MAX }) }),
  })
  const opened = await openedFrames(parts, { conversation, entries: run.entries, device })
  const self = state.self.device.id
  for (const frame of framesOfRun(run, { self, conversation, opened })) await parts.network.send(device, encode(frameCodec, frame))
  const sent = { upTo: ownLengthIn(run, self), envelopes: envelopesIn(run), served: run.served }
  return { outcome: { kind: 'streamed', device, link, conversation, ...sent } }
}

function writerTo(parts: OutsideParts, device: DeviceId, id: ConversationId): { readonly peer: Peer; readonly grant: MailboxGrant } {
  const peer = parts.state().peers.awake.get(device)
  const conversation = parts.state().conversations.awake.get(id)
  const grant = peer && conversation && outboxFor(conversation, peer)
  if (peer === undefined || grant === undefined) throw new NetworkError('disconnected', 'the peer has no mailbox any more')
  return { peer, grant }
}

// Somebody who may not know this device yet gets its list along, until anything came back.
export const introductionOf = (state: NodeState, peer: Peer): readonly Frame[] =>
  peer.pairing?.sessions.some((session) => session.initial !== undefined) === true
    ? [{ kind: 'device-list', list: state.self.list.signed }]
    : []
