// Runs the node's duties: whatever is due and not under way is started, and its outcome goes back into the loop. A relay that refuses
// or vanishes is asked again later, less and less often.

import { encode } from '../bytes/codec.ts'
import { BLOB_CONTENT_BYTES_MAX, sealBlob } from '../mailbox/blob.ts'
import { FRAME_BYTES_MAX } from '../limits.ts'
import { partnersOf } from '../node/draft.ts'
import { dutiesOf, envelopesFor } from '../node/duties.ts'
import { NetworkError } from '../ports.ts'
import { frame as frameCodec } from '../wire/frame.ts'
import { framesOfHave } from './frames.ts'
import { buildPacket } from './packet.ts'
import { readOwnEntries } from './own-entries.ts'
import type { DeviceId } from '../bytes/ids.ts'
import type { Duty } from '../node/duties.ts'
import type { NodeInput } from '../node/input.ts'
import type { NodeState, Peer, PendingEnvelope } from '../node/state.ts'
import type { Clock, Network, Random, Store } from '../ports.ts'
import type { Frame } from '../wire/frame.ts'
import type { RelayAnswer, RelayRequest } from '../wire/relay.ts'

const RETRY_MS_MIN = 500
const RETRY_MS_MAX = 60_000
/** Left free in a blob or frame for its other parts: device list, framing. */
const OVERHEAD_BYTES = 9_000

export type ErrandParts = {
  readonly store: Store
  readonly network: Network
  readonly clock: Clock
  readonly random: Random
  readonly state: () => NodeState
  readonly push: (input: NodeInput) => void
  readonly faulty: (error: unknown, duty: Duty) => void
}

type Wait = { readonly until: number; readonly ms: number }

export type Errands = {
  /** Starts what is due. Call after every commit, and from time to time. */
  readonly run: () => void
  /** Forget all waits. */
  readonly hurry: () => void
}

export function createErrands(parts: ErrandParts): Errands {
  const underWay = new Set<string>()
  const waits = new Map<string, Wait>()

  function run(): void {
    const now = parts.clock()
    for (const duty of dutiesOf(parts.state(), now)) {
      if (underWay.has(duty.key) || now < (waits.get(duty.key)?.until ?? 0)) continue
      underWay.add(duty.key)
      void perform(duty)
    }
  }

  // Never rejects: an outcome, a later try, or a logged fault.
  async function perform(duty: Duty): Promise<void> {
    try {
      const { outcome, answer } = await carryOut(parts, duty)
      if (answer?.kind === 'refused') wait(duty, answer.retryMs)
      else waits.delete(duty.key)
      underWay.delete(duty.key)
      parts.push(outcome)
    } catch (error) {
      underWay.delete(duty.key)
      wait(duty, 0)
      if (!(error instanceof NetworkError)) parts.faulty(error, duty)
    }
  }

  function wait(duty: Duty, atLeast: number): void {
    const before = waits.get(duty.key)?.ms ?? RETRY_MS_MIN / 2
    const ms = Math.max(atLeast, Math.min(before * 2, RETRY_MS_MAX))
    waits.set(duty.key, { until: parts.clock() + ms, ms })
  }

  return { run, hurry: () => waits.clear() }
}

type Outcome = { readonly outcome: NodeInput; readonly answer?: RelayAnswer }

async function carryOut(parts: ErrandParts, duty: Duty): Promise<Outcome> {
  switch (duty.kind) {
    case 'request':
      return settled(await parts.network.request(duty.relay, duty.request), duty.settle)
    case 'packet':
      return putPacket(parts, duty)
    case 'deposit':
      return deposit(parts, duty)
    case 'ask':
      return ask(parts, duty)
    case 'greet':
      return greet(parts, duty)
    case 'have':
      return tell(parts, duty)
    case 'stream':
      return stream(parts, duty)
  }
}

const settled = (answer: RelayAnswer, settle: (answer: RelayAnswer) => NodeInput): Outcome => ({ outcome: settle(answer), answer })

type Of<Kind extends Duty['kind']> = Extract<Duty, { kind: Kind }>

async function putPacket(parts: ErrandParts, { conversation, relay, to }: Of<'packet'>): Promise<Outcome> {
  const { request, serial, through } = await buildPacket(parts, { conversation, to })
  const answer = await parts.network.request(relay, request)
  return { outcome: { kind: 'packet-put', conversation, asked: to, to: through, serial, answer }, answer }
}

async function deposit(parts: ErrandParts, { device, conversation, relay, from, to }: Of<'deposit'>): Promise<Outcome> {
  const { peer, request } = writerTo(parts, device)
  const run = await readOwnEntries(parts, { conversation, from, to, bytesMax: BLOB_CONTENT_BYTES_MAX - OVERHEAD_BYTES - bytesOfAll(peer.envelopes) })
  const envelopes = envelopesFor(peer, conversation, run.to).filter((pending) => !pending.deposited)
  const frames: readonly Frame[] = [...introductionOf(parts.state(), peer), ...framesOf(parts, envelopes), { kind: 'entries', conversation, entries: run.entries }]
  const blob = request(frames)
  const answer = await parts.network.request(relay, blob)
  return { outcome: { kind: 'deposited', device, conversation, to: run.to, envelopes, blob: blob.blob, answer }, answer }
}

async function ask(parts: ErrandParts, { device, conversation, relay }: Of<'ask'>): Promise<Outcome> {
  const answer = await parts.network.request(relay, writerTo(parts, device).request([framesOfHave(parts.state(), [conversation])]))
  return { outcome: { kind: 'asked', conversation, answer }, answer }
}

async function greet(parts: ErrandParts, { device }: Of<'greet'>): Promise<Outcome> {
  const state = parts.state()
  const shared = [...state.conversations.keys()].filter((id) => partnersOf(state, id).includes(device))
  await parts.network.send(device, encode(frameCodec, framesOfHave(state, shared)))
  return { outcome: { kind: 'greeted', device } }
}

async function tell(parts: ErrandParts, { device, conversations }: Of<'have'>): Promise<Outcome> {
  await parts.network.send(device, encode(frameCodec, framesOfHave(parts.state(), conversations)))
  return { outcome: { kind: 'told', device, conversations } }
}

async function stream(parts: ErrandParts, { device, conversation, from, to }: Of<'stream'>): Promise<Outcome> {
  const run = await readOwnEntries(parts, { conversation, from, to, bytesMax: FRAME_BYTES_MAX - OVERHEAD_BYTES })
  const state = parts.state()
  const peer = state.peers.get(device)
  const sent = state.net.links.get(device)?.envelopes
  const envelopes = peer === undefined ? [] : envelopesFor(peer, conversation, run.to).filter((pending) => sent?.has(pending.envelope) !== true)
  for (const frame of [...framesOf(parts, envelopes), { kind: 'entries', conversation, entries: run.entries } as const]) {
    await parts.network.send(device, encode(frameCodec, frame))
  }
  return { outcome: { kind: 'streamed', device, conversation, to: run.to, envelopes } }
}

function writerTo(parts: ErrandParts, device: DeviceId): { readonly peer: Peer; readonly request: (frames: readonly Frame[]) => Extract<RelayRequest, { kind: 'deposit' }> } {
  const peer = parts.state().peers.get(device)
  const outbox = peer?.outbox
  if (peer === undefined || outbox === undefined) throw new NetworkError('disconnected', 'the peer has no mailbox any more')
  return { peer, request: (frames) => ({ kind: 'deposit', mailbox: outbox.mailbox, blob: sealBlob(outbox, frames) }) }
}

// Somebody who may not know this device yet gets its list along, until anything came back.
const introductionOf = (state: NodeState, peer: Peer): readonly Frame[] =>
  peer.pairing?.sessions.some((session) => session.initial !== undefined) === true ? [{ kind: 'device-list', list: state.self.list.signed }] : []

const framesOf = (parts: ErrandParts, envelopes: readonly PendingEnvelope[]): readonly Frame[] =>
  envelopes.map(({ envelope }) => ({ kind: 'envelope', from: parts.state().self.device.id, envelope }))

const bytesOfAll = (envelopes: readonly PendingEnvelope[]): number => envelopes.reduce((sum, { envelope }) => sum + envelope.length + 64, 0)

