// One stream of one device: greets, admits, keeps the order of calls, and answers each call once (docs/protocol.md §8).

import { PARCEL_BYTES } from '@kith/protocol'
import { BUSY_RETRY_MS, CALLS_IN_FLIGHT_MAX, CREATE_TURN_BYTES, RELAY_VERSION } from '../limits.ts'
import { createAdmission } from './admission.ts'
import { createStreamMailboxes } from './mailboxes.ts'
import { DONE, refused, refusedBy } from './ports.ts'
import { claimRecord, endRecord, getRecord, putPrekeys, putRecord, takePrekeys } from './records.ts'
import { createTurnOffer } from './turn-offer.ts'
import type { RelayAnswer, RelayCall, RelayRequest, Verdict } from '@kith/protocol'
import type { SharedCreates } from './admission.ts'
import type { CallsUnderWay } from './calls.ts'
import type { Owners } from './mailboxes.ts'
import type { Outcome, Ports, Send } from './ports.ts'
import type { Share } from './shares.ts'
import type { Turn } from './turns.ts'

/** One device's stream, from the relay's side. */
export type RelayLink = {
  /** Resolves when the call was answered. Never rejects. */
  receive(call: RelayCall): Promise<void>
  /** The stream has ended: nothing more is sent. */
  close(): void
}

export type SessionParts = {
  readonly ports: Ports
  readonly owners: Owners
  readonly creates: SharedCreates
  readonly share: Share
  readonly turn: Turn
  readonly calls: CallsUnderWay
}

/**
 * Calls that do not wait for each other once the calls before them that change what this stream may do are answered.
 * Deposits must not: they share one commit only when they wait for it together. Storage keeps their order.
 */
const CONCURRENT: ReadonlySet<RelayRequest['kind']> = new Set([
  'deposit',
  'gather',
  'acknowledge',
  'put-parcel',
  'get-parcel',
  'find-parcel',
  'drop-parcels',
  'hold',
  'get-record',
  'claim-record',
  'take-prekeys',
  'get-push-key',
  'find-handle',
  'leave-hello',
  'get-turn',
  'ping',
])

export function openSession(shared: SessionParts, send: Send): RelayLink {
  const { ports } = shared
  const admit = createAdmission(shared.creates)
  const sendIfOpen: Send = (message) => {
    if (!isClosed) send(message)
  }
  const perform = createPerform(shared, sendIfOpen)
  let isClosed = false
  let inFlight = 0
  let before: Promise<void> = Promise.resolve()

  const inTurn = (request: RelayRequest): Promise<Outcome> =>
    shared.turn.take(bytesOf(request), () => perform.request(request)) ?? Promise.resolve(refused('busy', BUSY_RETRY_MS))
  const performInOrder = (request: RelayRequest): Promise<Outcome> => {
    const outcome = before.then(() => inTurn(request))
    if (!CONCURRENT.has(request.kind)) before = settled(outcome)
    return outcome
  }
  const outcomeOf = async (request: RelayRequest): Promise<Outcome> => {
    if (shared.calls.isDraining) return refused('busy', BUSY_RETRY_MS)
    if (inFlight >= CALLS_IN_FLIGHT_MAX) return refused('too-many', BUSY_RETRY_MS)
    const refusal = admit(request, ports.clock())
    if (refusal) return refusal
    inFlight += 1
    try {
      return await performInOrder(request)
    } catch (error) {
      ports.report(error)
      return refusedBy(error)
    } finally {
      inFlight -= 1
    }
  }

  return {
    async receive({ id, request }) {
      if (isClosed) return
      const since = ports.clock()
      const isTaken = !shared.calls.isDraining
      if (isTaken) shared.calls.begin()
      const { answer, after } = await outcomeOf(request)
      sendIfOpen({ kind: 'answer', id, answer })
      if (isTaken) shared.calls.end()
      ports.onAnswered({
        kind: request.kind,
        result: resultOf(answer),
        ms: Math.max(0, ports.clock() - since),
        verdicts: verdictsIn(answer),
      })
      // What was stored is pushed to its owner even when the depositor has left meanwhile.
      if (!isClosed || request.kind === 'deposit') after?.()
    },
    close() {
      isClosed = true
      shared.turn.close()
      perform.close()
    },
  }
}

const resultOf = (verdict: RelayAnswer | Verdict): string => (verdict.kind === 'refused' ? verdict.reason : verdict.kind)
const verdictsIn = (answer: RelayAnswer): readonly string[] => (answer.kind === 'deposited' ? answer.verdicts.flat().map(resultOf) : [])

const settled = (promise: Promise<unknown>): Promise<void> =>
  promise.then(
    () => {},
    () => {},
  )

/** Of what it asks to be kept, or as much as its work weighs: all else is small. */
function bytesOf(request: RelayRequest): number {
  if (request.kind === 'create-mailbox' || request.kind === 'register-push' || request.kind === 'claim-handle') return CREATE_TURN_BYTES
  if (request.kind === 'deposit') return request.deposits.reduce((sum, { blob }) => sum + blob.length, 0)
  if (request.kind === 'hold') return request.held.reduce((sum, { blob }) => sum + blob.length, 0)
  if (request.kind === 'put-parcel' || request.kind === 'get-parcel' || request.kind === 'find-parcel') return PARCEL_BYTES
  return 'blob' in request ? request.blob.length : 0
}

function createPerform(shared: SessionParts, send: Send) {
  const { ports, share } = shared
  const mailboxes = createStreamMailboxes(shared, send)
  const offerTurn = createTurnOffer(ports, mailboxes.hasOpened)
  let challenge: Uint8Array | undefined

  const greet = (version: number): Outcome => {
    if (version !== RELAY_VERSION) return refused('version')
    if (challenge) return refused('malformed')
    challenge = ports.random(32)
    return { answer: { kind: 'welcome', challenge, time: ports.clock() } }
  }
  const request = async (asked: RelayRequest): Promise<Outcome> => {
    if (asked.kind === 'hello') return greet(asked.version)
    if (!challenge) return refused('malformed')
    switch (asked.kind) {
      case 'create-mailbox':
        return mailboxes.create(asked)
      case 'open-mailboxes':
        return mailboxes.open(asked, challenge)
      case 'bind-mailboxes':
        return mailboxes.bind(asked, challenge)
      case 'close-mailboxes':
        return mailboxes.closeForGood(asked, challenge)
      case 'deposit':
        return mailboxes.deposit(asked)
      case 'gather':
        return mailboxes.gather(asked)
      case 'acknowledge':
        return mailboxes.acknowledge(asked)
      case 'put-parcel':
        return mailboxes.parcels.put(asked)
      case 'get-parcel':
        return mailboxes.parcels.get(asked)
      case 'find-parcel':
        return mailboxes.parcels.find(asked)
      case 'drop-parcels':
        return mailboxes.parcels.drop(asked)
      case 'hold':
        return mailboxes.hold(asked)
      case 'claim-handle':
        return mailboxes.handles.claim(asked)
      case 'find-handle':
        return mailboxes.handles.find(asked)
      case 'leave-hello':
        return mailboxes.handles.leave(asked)
      case 'put-record':
        return putRecord(ports, share, asked)
      case 'get-record':
        return getRecord(ports, asked)
      case 'claim-record':
        return claimRecord(ports, asked, challenge)
      case 'end-record':
        return endRecord(ports, asked)
      case 'put-prekeys':
        return putPrekeys(ports, share, asked)
      case 'take-prekeys':
        return takePrekeys(ports, asked)
      case 'get-push-key':
        return mailboxes.pushes.key()
      case 'register-push':
        return mailboxes.pushes.register(asked)
      case 'forget-push':
        return mailboxes.pushes.forget()
      case 'test-push':
        return mailboxes.pushes.test()
      case 'get-turn':
        return offerTurn()
      case 'ping':
        mailboxes.resume()
        return DONE
    }
  }
  return { request, close: () => mailboxes.close() }
}
