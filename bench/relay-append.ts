// Measures how many deposits of 1 KiB a relay process acknowledges per second: `node bench/relay-append.ts`. Real libp2p
// connections, calls pipelined, each answered only after its commit. Prints one JSON line; takes about ten seconds.

import { createMailboxKit, randomBlob } from '../signal-server/test/mailbox-keys.ts'
import { connectClient } from '../signal-server/test/relay-client.ts'
import { startRelay } from '../signal-server/test/start-relay.ts'
import type { MailboxKit } from '../signal-server/test/mailbox-keys.ts'
import type { RelayClient } from '../signal-server/test/relay-client.ts'

const CLIENTS = 4
const IN_FLIGHT_PER_CLIENT = 64
const MAILBOXES_PER_CLIENT = 24
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

/** One of several lanes of a writer: deposits one blob after the other until the time is over or its mailboxes are full. */
async function depositUntil(end: number, { client, mailboxes }: Writer, took: number[]): Promise<void> {
  const share = Math.floor((mailboxes.length * DEPOSITS_PER_MAILBOX) / IN_FLIGHT_PER_CLIENT)
  for (let i = 0; i < share && performance.now() < end; i++) {
    const { mailbox } = mailboxes[i % mailboxes.length] as MailboxKit
    const start = performance.now()
    const answer = await client.ask({ kind: 'deposit', mailbox, blob: randomBlob(BLOB_BYTES) })
    if (answer.kind !== 'deposited') throw new Error(`a deposit was answered with ${JSON.stringify(answer)}`)
    took.push(performance.now() - start)
  }
}

async function main(): Promise<void> {
  const relay = await startRelay({ args: ['--address-share', '100'] })
  try {
    const writers = await Promise.all(Array.from({ length: CLIENTS }, () => createWriter(relay)))
    const took: number[] = []
    const start = performance.now()
    const lanes = writers.flatMap((writer) =>
      Array.from({ length: IN_FLIGHT_PER_CLIENT }, () => depositUntil(start + RUN_MS, writer, took)),
    )
    await Promise.all(lanes)
    const seconds = (performance.now() - start) / 1_000
    await Promise.all(writers.map(({ client }) => client.close()))
    const sorted = took.toSorted((a, b) => a - b)
    const [p50, p99] = QUANTILES.map((q) => Math.round((sorted[Math.floor(sorted.length * q)] ?? 0) * 10) / 10)
    const result = {
      deposits: took.length,
      seconds: Math.round(seconds * 100) / 100,
      perSecond: Math.round(took.length / seconds),
      p50Ms: p50,
      p99Ms: p99,
    }
    process.stdout.write(`${JSON.stringify({ bench: 'relay-append', blobBytes: BLOB_BYTES, clients: CLIENTS, ...result })}\n`)
  } finally {
    await relay.stop()
  }
}

await main()
