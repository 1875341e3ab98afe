// Measures how many deposits of 1 KiB a relay process acknowledges per second: `node bench/relay-append.ts`. Real libp2p
// connections, calls pipelined, each answered only after its commit. Prints one JSON line with one deposit in each call, and one with as many
// as a frame holds; takes about twenty seconds.

import { createMailboxKit, depositOf, randomBlob, shortOf } from '../signal-server/test/mailbox-keys.ts'
import { connectClient } from '../signal-server/test/relay-client.ts'
import { startRelay } from '../signal-server/test/start-relay.ts'
import type { MailboxKit } from '../signal-server/test/mailbox-keys.ts'
import type { RelayClient } from '../signal-server/test/relay-client.ts'

const CLIENTS = 4
/** Deposits in a call, and calls in flight of one client. */
const RUNS = [
  { perCall: 1, inFlight: 64 },
  { perCall: 100, inFlight: 4 },
] as const
const MAILBOXES_PER_CLIENT = 48
const DEPOSITS_PER_MAILBOX = 1_000
const BLOB_BYTES = 1_024
const RUN_MS = 6_000
const QUANTILES = [0.5, 0.99] as const

type Writer = { readonly client: RelayClient; readonly mailboxes: readonly MailboxKit[] }

async function createWriter(relay: { readonly port: number; readonly key: Uint8Array }): Promise<Writer> {
  const client = await connectClient(relay)
  const mailboxes = Array.from({ length: MAILBOXES_PER_CLIENT }, createMailboxKit)
  for (const { create } of mailboxes) await client.ask(create)
  await client.ask({ kind: 'bind-mailboxes', proofs: mailboxes.map((mailbox) => mailbox.sendProof(client.greeting)) })
  return { client, mailboxes }
}

type Run = (typeof RUNS)[number]

/** One of several lanes of a writer: one call after the other until the time is over or its mailboxes are full. */
async function depositUntil(end: number, { client, mailboxes }: Writer, { perCall, inFlight }: Run): Promise<readonly number[]> {
  const took: number[] = []
  const share = Math.floor((mailboxes.length * DEPOSITS_PER_MAILBOX) / inFlight / perCall)
  for (let i = 0; i < share && performance.now() < end; i++) {
    const { mailbox } = mailboxes[i % mailboxes.length] as MailboxKit
    const blobs = Array.from({ length: perCall }, () => randomBlob(BLOB_BYTES))
    const start = performance.now()
    const answer = await client.ask(depositOf(mailbox, ...blobs))
    if (shortOf(answer) !== 'deposited') throw new Error(`a deposit was answered with ${shortOf(answer)}`)
    took.push(performance.now() - start)
  }
  return took
}

async function measure(run: Run): Promise<void> {
  const relay = await startRelay({ args: ['--address-share', '100'] })
  try {
    const writers = await Promise.all(Array.from({ length: CLIENTS }, () => createWriter(relay)))
    const start = performance.now()
    const lanes = writers.flatMap((writer) => Array.from({ length: run.inFlight }, () => depositUntil(start + RUN_MS, writer, run)))
    const took = (await Promise.all(lanes)).flat()
    const seconds = (performance.now() - start) / 1_000
    await Promise.all(writers.map(({ client }) => client.close()))
    const sorted = took.toSorted((a, b) => a - b)
    const [p50, p99] = QUANTILES.map((q) => Math.round((sorted[Math.floor(sorted.length * q)] ?? 0) * 10) / 10)
    const deposits = took.length * run.perCall
    const result = {
      deposits,
      seconds: Math.round(seconds * 100) / 100,
      perSecond: Math.round(deposits / seconds),
      p50Ms: p50,
      p99Ms: p99,
    }
    const line = { bench: 'relay-append', blobBytes: BLOB_BYTES, clients: CLIENTS, depositsPerCall: run.perCall, ...result }
    process.stdout.write(`${JSON.stringify(line)}\n`)
  } finally {
    await relay.stop()
  }
}

for (const run of RUNS) await measure(run)
