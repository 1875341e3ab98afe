// The relay machine: mailboxes, records and prekeys over a storage port. No network, no files, no timers, no clock of its own.

import { verify } from '@kith/protocol'
import { MAILBOX_IDLE_MS_MAX, RELAY_CREATE_RATE, SWEEP_ROWS_MAX } from '../limits.ts'
import { createBucket } from './rates.ts'
import { openSession } from './session.ts'
import type { RelayPorts, Send } from './ports.ts'
import type { RelayLink, Shared } from './session.ts'

export type Relay = {
  /** A device has opened a stream; `send` carries answers and pushes to it. */
  connect(send: Send): RelayLink
  /** Forgets what has expired. To be called every now and then. */
  sweep(): Promise<void>
}

export function createRelay(given: RelayPorts): Relay {
  const ports = { ...given, verify: given.verify ?? verify, report: given.report ?? (() => {}) }
  const shared: Shared = { ports, owners: new Map(), creates: createBucket(RELAY_CREATE_RATE) }
  return {
    connect: (send) => openSession(shared, send),
    async sweep() {
      const now = ports.clock()
      const ask = { now, idleBefore: now - MAILBOX_IDLE_MS_MAX, rows: SWEEP_ROWS_MAX }
      for (let more = true; more;) more = (await ports.storage.sweep(ask)).more
    },
  }
}
