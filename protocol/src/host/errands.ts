// Runs the node's duties: whatever is due and not under way is started, and its outcome goes back into the loop. A relay that refuses
// or vanishes is asked again later, less and less often.

import { encode } from '../bytes/codec.ts'
import { sealBlob } from '../mailbox/blob.ts'
import {
  BLOB_CONTENT_BYTES_MAX,
  CONVERSATIONS_PER_HELLO_MAX,
  DEPOSITS_PER_DEVICE_MAX,
  FRAME_BYTES_MAX,
  RETRY_ASKED_MS_MAX,
} from '../limits.ts'
import { partnersOf } from '../node/draft.ts'
import { dutiesOf } from '../node/duties.ts'
import { outboxFor } from '../node/inboxes.ts'
import { hasPassed } from '../node/state.ts'
import { NetworkError } from '../ports.ts'
import { frame as frameCodec } from '../wire/frame.ts'
import { framesOfHave } from './frames.ts'
import { createFreshEntries } from './fresh-entries.ts'
import { buildPacket } from './packet.ts'
import { envelopesIn, framesOfRun, ownSeqIn, readRun } from './runs.ts'
import type { ConversationId, DeviceId } from '../bytes/ids.ts'
import type { Log } from '../log/log.ts'
import type { Duty } from '../node/duties.ts'
import type { NodeInput } from '../node/input.ts'
import type { NodeState, Peer, Wait } from '../node/state.ts'
import type { Clock, Network, Random, Store } from '../ports.ts'
import type { Frame } from '../wire/frame.ts'
import type { FreshEntries } from './fresh-entries.ts'
import type { MailboxGrant } from '../wire/capability.ts'
import type { RelayAnswer } from '../wire/relay.ts'

/** The first pause, and the one at which they stop doubling. */
const RETRY_MS_FIRST = 500
const RETRY_MS_LAST = 60_000
/** Left free in a blob or frame for its other parts: device list, framing. */
const OVERHEAD_BYTES = 9_000

export type ErrandParts = {
  readonly store: Store
  readonly network: Network
  readonly clock: Clock
  readonly random: Random
  readonly state: () => NodeState
  /** `done` is told when the input has become part of the durable state, or could not. */
  readonly push: (input: NodeInput, done: (result: 'durable' | 'faulty') => void) => void
  readonly faulty: (error: unknown, duty: Duty) => void
}

export type Errands = {
  /** Starts what is due. Call after every commit, and from time to time. */
  readonly run: () => void
  /** Forget all waits. */
  readonly hurry: () => void
  readonly follow: FreshEntries['follow']
}

export function createErrands(outside: ErrandParts): Errands {
  const { read, follow } = createFreshEntries(outside.store)
  const parts = { ...outside, store: { ...outside.store, read } }
  const underWay = new Map<string, Duty>()
  const waits = new Map<string, Wait>()
  /** What was carried out last under each key. */
  const aims = new Map<string, string>()

  function run(): void {
    const now = parts.clock()
    for (const duty of dutiesOf(parts.state(), now)) {
      const wait = waits.get(duty.key)
      if (underWay.has(duty.key) || isCrowded(duty) || (wait !== undefined && !hasPassed(wait, now))) continue
      underWay.set(duty.key, duty)
      void perform(duty)
    }
  }

  function isCrowded(duty: Duty): boolean {
    if (duty.kind !== 'deposit') return false
    const others = [...underWay.values()].filter((other) => other.kind === 'deposit' && other.device === duty.device)
    return others.length >= DEPOSITS_PER_DEVICE_MAX
  }

  // Never rejects: an outcome, a later try, or a logged fault. A duty stays under way until its outcome is part of the state.
  async function perform(duty: Duty): Promise<void> {
    try {
      const { outcome, answer } = await carryOut(parts, duty)
      if (answer?.kind === 'refused') wait(duty, answer.retryMs)
      else if (isRepeated(duty)) wait(duty, 0)
      else waits.delete(duty.key)
      parts.push(outcome, (result) => {
        underWay.delete(duty.key)
        if (result === 'faulty') wait(duty, 0)
      })
    } catch (error) {
      underWay.delete(duty.key)
      wait(duty, 0)
      if (!(error instanceof NetworkError)) parts.faulty(error, duty)
    }
  }

  // A relay whose answers prove nothing is given the same thing again and again, so it is given it less and less often.
  function isRepeated(duty: Duty): boolean {
    const aim = aimOf(duty)
    const before = aims.get(duty.key)
    if (aim !== undefined) aims.set(duty.key, aim)
    return aim !== undefined && aim === before
  }

  function wait(duty: Duty, atLeast: number): void {
    const before = waits.get(duty.key)?.ms ?? RETRY_MS_FIRST / 2
    const ms = Math.max(atLeast, Math.min(before * 2, RETRY_MS_LAST))
    waits.set(duty.key, { since: parts.clock(), ms: Math.min(ms, RETRY_ASKED_MS_MAX) })
  }

  return { run, hurry: () => waits.clear(), follow }
}

const aimOf = (duty: Duty): string | undefined => {
  if (duty.kind === 'deposit') return duty.ranges.map(({ device, from, to }) => `${device} ${from} ${to}`).join()
  return duty.kind === 'packet' ? `${duty.to}` : undefined
}

type Outcome = { readonly outcome: NodeInput; readonly answer?: RelayAnswer }

async function carryOut(parts: ErrandParts, duty: Duty): Promise<Outcome> {
  switch (duty.kind) {
    case 'request': {
      const answer = await parts.network.request(duty.relay, duty.request())
      return { outcome: duty.settle(answer), answer }
    }
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

type Of<Kind extends Duty['kind']> = Extract<Duty, { kind: Kind }>

async function putPacket(parts: ErrandParts, { conversation, relay, to }: Of<'packet'>): Promise<Outcome> {
  const { request, through } = await buildPacket(parts, { conversation, to })
  const answer = await parts.network.request(relay, request)
  return { outcome: { kind: 'packet-put', conversation, asked: to, to: through, put: request, answer }, answer }
}

async function deposit(parts: ErrandParts, { device, conversation, relay, ranges }: Of<'deposit'>): Promise<Outcome> {
  const { peer, grant } = writerTo(parts, device, conversation)
  const envelopes = peer.envelopes.filter((pending) => pending.conversation === conversation && !pending.deposited)
  const run = await readRun(parts, { conversation, ranges, envelopes, bytesMax: BLOB_CONTENT_BYTES_MAX - OVERHEAD_BYTES })
  const self = parts.state().self.device.id
  const blob = sealBlob(grant, [...introductionOf(parts.state(), peer), ...framesOfRun(run, { self, conversation })])
  const answer = await parts.network.request(relay, { kind: 'deposit', mailbox: grant.mailbox, blob })
  const sent = { to: ownSeqIn(run, self), envelopes: envelopesIn(run), served: run.served }
  return { outcome: { kind: 'deposited', device, conversation, ...sent, grant, blob, answer }, answer }
}

async function ask(parts: ErrandParts, { device, conversation, relay }: Of<'ask'>): Promise<Outcome> {
  const { grant } = writerTo(parts, device, conversation)
  const blob = sealBlob(grant, [framesOfHave(parts.state(), [conversation])])
  const answer = await parts.network.request(relay, { kind: 'deposit', mailbox: grant.mailbox, blob })
  return { outcome: { kind: 'asked', device, conversation, grant, answer }, answer }
}

async function greet(parts: ErrandParts, { device, link }: Of<'greet'>): Promise<Outcome> {
  const state = parts.state()
  const shared = [...state.conversations.keys()]
    .filter((id) => partnersOf(state, id).includes(device))
    .slice(0, CONVERSATIONS_PER_HELLO_MAX)
  return { outcome: { kind: 'greeted', device, link, told: await sayHave(parts, device, shared) } }
}

async function tell(parts: ErrandParts, { device, link, conversations }: Of<'have'>): Promise<Outcome> {
  return {
    outcome: { kind: 'told', device, link, told: await sayHave(parts, device, conversations.slice(0, CONVERSATIONS_PER_HELLO_MAX)) },
  }
}

async function sayHave(parts: ErrandParts, device: DeviceId, ids: readonly ConversationId[]): Promise<ReadonlyMap<ConversationId, Log>> {
  const state = parts.state()
  await parts.network.send(device, encode(frameCodec, framesOfHave(state, ids)))
  return new Map([...state.conversations.values()].map(({ id, log }) => [id, log] as const).filter(([id]) => ids.includes(id)))
}

async function stream(parts: ErrandParts, { device, link, conversation, ranges }: Of<'stream'>): Promise<Outcome> {
  const state = parts.state()
  const there = state.net.links.get(device)?.envelopes
  const envelopes = (state.peers.get(device)?.envelopes ?? []).filter(
    (pending) => pending.conversation === conversation && there?.has(pending.envelope) !== true,
  )
  const run = await readRun(parts, { conversation, ranges, envelopes, bytesMax: FRAME_BYTES_MAX - OVERHEAD_BYTES })
  const self = state.self.device.id
  for (const frame of framesOfRun(run, { self, conversation })) await parts.network.send(device, encode(frameCodec, frame))
  const sent = { to: ownSeqIn(run, self), envelopes: envelopesIn(run), served: run.served }
  return { outcome: { kind: 'streamed', device, link, conversation, ...sent } }
}

function writerTo(parts: ErrandParts, device: DeviceId, id: ConversationId): { readonly peer: Peer; readonly grant: MailboxGrant } {
  const peer = parts.state().peers.get(device)
  const conversation = parts.state().conversations.get(id)
  const grant = peer && conversation && outboxFor(conversation, peer)
  if (peer === undefined || grant === undefined) throw new NetworkError('disconnected', 'the peer has no mailbox any more')
  return { peer, grant }
}

// Somebody who may not know this device yet gets its list along, until anything came back.
const introductionOf = (state: NodeState, peer: Peer): readonly Frame[] =>
  peer.pairing?.sessions.some((session) => session.initial !== undefined) === true
    ? [{ kind: 'device-list', list: state.self.list.signed }]
    : []
