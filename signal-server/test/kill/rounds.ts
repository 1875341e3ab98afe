// A loaded relay process, killed at random moments and started again on the same folder, as often as asked. Writers repeat what was not answered,
// as devices do; readers fetch some, and leave the rest. At the end every mailbox is read to its end.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { blobIdOf, depositedStatement, hash, signedFor } from '@kith/protocol'
import { verifyNative } from '../../src/key.ts'
import { acknowledgementOf, createMailboxKit, depositOf, randomBlob, shortOf } from '../mailbox-keys.ts'
import { connectClient } from '../relay-client.ts'
import { runRelay, startRelay } from '../start-relay.ts'
import { createAccount } from './account.ts'
import type { BlobId, MailboxId } from '@kith/protocol'
import type { MailboxKit } from '../mailbox-keys.ts'
import type { RelayClient } from '../relay-client.ts'
import type { StartedRelay } from '../start-relay.ts'
import type { Account, Sum } from './account.ts'

export type KillOptions = {
  readonly rounds: number
  readonly seed: number
  /** How long the relay is under load before it is killed: up to this. */
  readonly loadMs: number
  readonly onRound?: (line: Readonly<Record<string, unknown>>) => void
}
type Deposit = { readonly mailboxes: readonly MailboxId[]; readonly blobs: readonly Uint8Array[] }
type Bench = {
  readonly kits: readonly MailboxKit[]
  readonly account: Account
  readonly random: () => number
  /** What has no answer, and is brought again in the next round. */
  readonly unanswered: Set<Deposit>
}

const WRITERS = 2
const READERS = 2
const MAILBOXES = 24
const CALLS_AT_ONCE = 8
/** Of what a reader gets, so much it fetches for good. */
const FETCHED_SHARE = 0.7
/** A start that is killed itself, in one round of so many. */
const KILLED_STARTS = 4
const START_MS = 1_500
const FULL_MS = 50

export async function killInRounds({ rounds, seed, loadMs, onRound = () => {} }: KillOptions): Promise<Sum> {
  const dataDir = await mkdtemp(join(tmpdir(), 'kith-kill-'))
  const kits = Array.from({ length: MAILBOXES }, createMailboxKit)
  const bench: Bench = { kits, account: createAccount(), random: randomOf(seed), unanswered: new Set() }
  try {
    for (let round = 1; round <= rounds; round++) {
      if (Math.floor(bench.random() * KILLED_STARTS) === 0) await killStart(dataDir, bench.random() * START_MS)
      const afterMs = Math.round(bench.random() * loadMs) + 1
      await killUnderLoad(dataDir, bench, afterMs)
      const { acknowledged } = bench.account.sum()
      onRound({ round, killedAfterMs: afterMs, acknowledged, unanswered: bench.unanswered.size })
    }
    await search(dataDir, bench)
    return bench.account.sum()
  } finally {
    await rm(dataDir, { recursive: true, force: true })
  }
}

const start = (dataDir: string): Promise<StartedRelay> => startRelay({ dataDir, args: ['--address-share', '100'] })

async function killStart(dataDir: string, afterMs: number): Promise<void> {
  const { child, ended } = runRelay({ dataDir })
  await pause(afterMs)
  child.kill('SIGKILL')
  await ended
}

async function killUnderLoad(dataDir: string, bench: Bench, afterMs: number): Promise<void> {
  const relay = await start(dataDir)
  const { writers, readers } = await connectAll(relay, bench)
  const work = [
    ...writers.flatMap((client) => Array.from({ length: CALLS_AT_ONCE }, () => writeUntilTheEnd(client, bench))),
    ...readers.map((client) => readUntilTheEnd(client, bench, { share: FETCHED_SHARE })),
  ]
  for (const [at, client] of readers.entries()) void openMailboxes(client, shareOf(bench.kits, at, READERS)).catch(() => {})
  await pause(afterMs)
  await relay.kill()
  await Promise.all([...writers, ...readers].map((client) => client.close()))
  await Promise.all(work)
}

async function connectAll(relay: StartedRelay, { kits }: Bench) {
  const writers = await Promise.all(Array.from({ length: WRITERS }, () => connectClient(relay)))
  const readers = await Promise.all(Array.from({ length: READERS }, () => connectClient(relay)))
  // Creating a mailbox again changes nothing.
  await Promise.all(kits.map((kit, at) => (writers[at % WRITERS] as RelayClient).ask(kit.create)))
  for (const writer of writers) await writer.ask({ kind: 'bind-mailboxes', proofs: kits.map((kit) => kit.sendProof(writer.greeting)) })
  return { writers, readers }
}

const shareOf = <T>(items: readonly T[], at: number, parts: number): readonly T[] => items.filter((_, index) => index % parts === at)
const openMailboxes = (client: RelayClient, kits: readonly MailboxKit[]) =>
  client.ask({ kind: 'open-mailboxes', proofs: kits.map((kit) => kit.readProof(client.greeting)) })

async function writeUntilTheEnd(client: RelayClient, bench: Bench): Promise<void> {
  for (;;) {
    const [waiting] = bench.unanswered
    const deposit = waiting ?? newDeposit(bench)
    bench.unanswered.delete(deposit)
    if (!(await bring(client, bench, deposit))) return
  }
}

/** One blob for one mailbox, a blob for several, or several blobs in one call. */
function newDeposit({ kits, random }: Bench): Deposit {
  const first = Math.floor(random() * kits.length)
  const mailboxes = kits.slice(first, first + 1 + Math.floor(random() * 3)).map(({ mailbox }) => mailbox)
  return { mailboxes, blobs: Array.from({ length: 1 + Math.floor(random() * 6) }, () => randomBlob(200 + Math.floor(random() * 4_000))) }
}

/** False when the stream ended without an answer. A mailbox that is full refuses, which says nothing about what is kept. */
async function bring(client: RelayClient, { account, unanswered }: Bench, deposit: Deposit): Promise<boolean> {
  for (const mailbox of deposit.mailboxes) for (const blob of deposit.blobs) account.brought(mailbox, blob)
  const answer = await client.ask(depositOf(deposit.mailboxes, ...deposit.blobs)).catch(() => undefined)
  for (const mailbox of deposit.mailboxes) for (const blob of deposit.blobs) account.settled(mailbox, blob)
  if (answer === undefined) {
    unanswered.add(deposit)
    return false
  }
  if (answer.kind !== 'deposited') throw new Error(`a deposit was answered with ${answer.kind}`)
  const kept = deposit.blobs.flatMap((blob, at) =>
    deposit.mailboxes.flatMap((mailbox, index) => (answer.verdicts[at]?.[index]?.kind === 'done' ? [{ mailbox, blob }] : [])),
  )
  const said = kept.map(({ mailbox, blob }) => ({ mailbox, blob: blobIdOf(hash(blob)) }))
  if (!verifyNative(client.greeting.key, signedFor(depositedStatement(answer.time, said), answer.path), answer.signature))
    throw new Error('a wrong signature')
  for (const { mailbox, blob } of kept) account.kept(mailbox, blob)
  return true
}

type Fetched = { readonly mailbox: MailboxId; readonly id: BlobId; readonly answered: ReturnType<Account['forgetting']> }

/** One acknowledgement after the other, each for all that came meanwhile. */
function forgetterOf(client: RelayClient) {
  let due: Fetched[] = []
  let isAsking = false
  const ask = async (): Promise<void> => {
    isAsking = true
    while (due.length > 0) {
      const mailbox = (due[0] as Fetched).mailbox
      const now = due.filter((each) => each.mailbox === mailbox)
      due = due.filter((each) => each.mailbox !== mailbox)
      const answer = await client.ask(
        acknowledgementOf(
          mailbox,
          now.map(({ id }) => id),
        ),
      )
      for (const { answered } of now) answered(shortOf(answer) === 'acknowledged' ? 'done' : 'refused')
    }
    isAsking = false
  }
  return (mailbox: MailboxId, id: BlobId, answered: Fetched['answered']): void => {
    due.push({ mailbox, id, answered })
    // The stream may end before the answer: then nobody knows.
    if (!isAsking) void ask().catch(() => {})
  }
}

type Reading = { readonly share: number; readonly onBlob?: (id: BlobId) => void }

async function readUntilTheEnd(client: RelayClient, { account, random }: Bench, { share, onBlob = () => {} }: Reading): Promise<void> {
  const heard = account.reading()
  const forget = forgetterOf(client)
  for (;;) {
    const pushed = await Promise.race([client.nextBlob(), client.ended])
    if (!pushed) return
    heard(pushed.mailbox, pushed.blob)
    const id = blobIdOf(hash(pushed.blob))
    onBlob(id)
    if (random() >= share) continue
    forget(pushed.mailbox, id, account.forgetting(pushed.mailbox, pushed.blob))
  }
}

/** Reads every mailbox to its end, which a last blob marks: blobs of a mailbox come in the order in which they were kept. */
async function search(dataDir: string, bench: Bench): Promise<void> {
  const relay = await start(dataDir)
  const writer = await connectClient(relay)
  const reader = await connectClient(relay)
  await writer.ask({ kind: 'bind-mailboxes', proofs: bench.kits.map((kit) => kit.sendProof(writer.greeting)) })
  for (const deposit of [...bench.unanswered]) await bring(writer, bench, deposit)
  bench.account.beginSearch()
  const marks = new Map<BlobId, () => void>()
  const reading = readUntilTheEnd(reader, bench, { share: 1, onBlob: (id) => marks.get(id)?.() })
  await openMailboxes(reader, bench.kits)
  await Promise.all(bench.kits.map((kit) => markEnd(writer, kit, { bench, marks })))
  await Promise.all([writer.close(), reader.close()])
  await reading
  await relay.stop()
}

type Marking = { readonly bench: Bench; readonly marks: Map<BlobId, () => void> }

/** Resolves when the mark has come. A mailbox may be full; then there is room as soon as the reader has read some. */
async function markEnd(writer: RelayClient, { mailbox }: MailboxKit, { bench, marks }: Marking): Promise<void> {
  const blob = randomBlob(100)
  const found = new Promise<void>((resolve) => marks.set(blobIdOf(hash(blob)), resolve))
  const isKept = (): boolean => bench.account.isKept(mailbox, blob)
  while (!isKept()) {
    await bring(writer, bench, { mailboxes: [mailbox], blobs: [blob] })
    if (!isKept()) await pause(FULL_MS)
  }
  await found
}

/** Mulberry32: the same moments for the same seed, as far as a machine allows. */
function randomOf(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
