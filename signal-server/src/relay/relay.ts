// The relay machine: mailboxes, records and prekeys over a storage port. No network, no files, no timers, no clock of its own.

import { hash, isSigningKey, verify } from '@kith/protocol'
import {
  ADDRESS_CREATES_PER_MINUTE_MAX,
  ADDRESS_FINDS_RATE,
  ADDRESS_HANDLES_RATE,
  ADDRESS_HELLOS_RATE,
  MAILBOX_IDLE_MS_MAX,
  RELAY_CREATE_RATE,
  SWEEP_ROWS_MAX,
} from '../limits.ts'
import { createAddressRates } from './addresses.ts'
import { createCallsUnderWay } from './calls.ts'
import { releaseHeld } from './holding.ts'
import { Owners, purge, pushFresh } from './mailboxes.ts'
import { createProver } from './proofs.ts'
import { createBucket, perMinute } from './rates.ts'
import { openSession } from './session.ts'
import { createShares } from './shares.ts'
import { createTurns } from './turns.ts'
import { createWaking } from './waking.ts'
import type { MailboxId } from '@kith/protocol'
import type { SharedCreates } from './admission.ts'
import type { Ports, RelayPorts, Send } from './ports.ts'
import type { RelayLink } from './session.ts'

export type Relay = {
  /** A device has opened a stream; `send` carries answers and pushes to it. Streams with the same `address` share what it may create and fill. */
  connect(send: Send, address?: string): RelayLink
  /** From now on calls are refused with `busy`. Resolves when those under way are answered. */
  drain(): Promise<void>
  /** Forgets a mailbox; how many blobs waited in it, or undefined when there is none. */
  purge(mailbox: MailboxId): Promise<number | undefined>
  /** Deposits what was held back until now. To be called every now and then. */
  release(): Promise<void>
  /** Forgets what has expired. To be called every now and then. */
  sweep(): Promise<void>
}

const DEFAULTS = {
  soon: queueMicrotask,
  verify,
  admitsKey: isSigningKey,
  hash,
  report: () => {},
  addressCreates: perMinute(ADDRESS_CREATES_PER_MINUTE_MAX),
  onCrowded: () => {},
  addressBytesMax: Infinity,
  parcelBytesMax: Infinity,
  onShareUsedUp: () => {},
  wakeUps: undefined,
  turnCredentials: undefined,
  onAnswered: () => {},
}

export function createRelay(given: RelayPorts): Relay {
  const chosen = { ...DEFAULTS, ...given }
  const ports: Ports = { ...chosen, prove: createProver(chosen.sign, chosen.soon) }
  const owners = new Owners()
  const ofRelay = createBucket(RELAY_CREATE_RATE)
  const addresses = createAddressRates(ports.addressCreates)
  const ofAddress = (address: string) => (now: number) => {
    const retryMs = addresses.take(address, now)
    if (retryMs > 0) ports.onCrowded()
    return retryMs
  }
  const directory = {
    'claim-handle': createAddressRates(ADDRESS_HANDLES_RATE),
    'find-handle': createAddressRates(ADDRESS_FINDS_RATE),
    'leave-hello': createAddressRates(ADDRESS_HELLOS_RATE),
  }
  const shares = createShares(ports.addressBytesMax)
  const turns = createTurns()
  ports.storage.shared?.subscribe(createWaking({ ports, owners, shares }))
  const calls = createCallsUnderWay()
  return {
    connect: (send, address) => {
      const creates: SharedCreates = {
        ofRelay,
        ofAddress: address === undefined ? () => 0 : ofAddress(address),
        ofDirectory: (kind, now, cost) => (address === undefined ? 0 : directory[kind].take(address, now, cost)),
      }
      return openSession({ ports, owners, creates, share: shares.of(address), turn: turns.of(address), calls }, send)
    },
    drain: () => calls.drain(),
    purge: (mailbox) => purge({ ports, owners, share: shares.of(undefined) }, mailbox),
    release: () => releaseHeld(ports, pushFresh(owners, ports.wakeUps)),
    async sweep() {
      const now = ports.clock()
      shares.sweep(now)
      const ask = { now, idleBefore: now - MAILBOX_IDLE_MS_MAX, rows: SWEEP_ROWS_MAX }
      for (let more = true; more;) more = (await ports.storage.sweep(ask)).more
    },
  }
}
