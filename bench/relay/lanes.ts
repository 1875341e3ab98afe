// Deposits until a moment has come: what every measurement of a relay's throughput does with its writers.

import { MAILBOXES_PER_WRITER } from './subject.ts'
import type { Writer } from './subject.ts'

/** `perMailbox`: deposits that a mailbox has room for. */
export type Lanes = { readonly inFlight: number; readonly perCall: number; readonly perMailbox: number }

/** In several lanes, each one call after the other, mailbox by mailbox. Answers how many were stored. */
export async function depositUntil(end: number, writer: Writer, { inFlight, perCall, perMailbox }: Lanes): Promise<number> {
  const callsMax = Math.floor(perMailbox / perCall) * MAILBOXES_PER_WRITER
  let calls = 0
  let count = 0
  const lane = async (): Promise<void> => {
    while (performance.now() < end && calls < callsMax) {
      calls += 1
      const stored = await writer.deposit(calls % MAILBOXES_PER_WRITER)
      count += stored
    }
  }
  await Promise.all(Array.from({ length: inFlight }, lane))
  return count
}
