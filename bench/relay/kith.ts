// The relay as it is started by an operator, and clients over libp2p.

import { blobIdOf } from '@kith/protocol'
import { MAILBOXES_PER_DEPOSIT_MAX, MAILBOXES_PER_REQUEST_MAX, RELAY_FRAME_BYTES_MAX } from '../../protocol/src/limits.ts'
import { depositBytesOf, RELAY_FRAME_OVERHEAD_BYTES } from '../../protocol/src/wire/relay.ts'
import { hashNative } from '../../signal-server/src/key.ts'
import { createMailboxKit, depositOf, shortOf } from '../../signal-server/test/mailbox-keys.ts'
import { connectClient } from '../../signal-server/test/relay-client.ts'
import { startRelay } from '../../signal-server/test/start-relay.ts'
import { BLOB_BYTES, createBlobs, MAILBOXES_PER_WRITER } from './subject.ts'
import type { BlobId, MailboxId, RelayRequest } from '@kith/protocol'
import type { MailboxKit } from '../../signal-server/test/mailbox-keys.ts'
import type { RelayClient } from '../../signal-server/test/relay-client.ts'
import type { StartedRelay } from '../../signal-server/test/start-relay.ts'
import type { Subject, Writer } from './subject.ts'

/** As many as one frame has room for. */
export const DEPOSITS_PER_FRAME = Math.floor(
  (RELAY_FRAME_BYTES_MAX - RELAY_FRAME_OVERHEAD_BYTES) /
    depositBytesOf({ mailboxes: [createMailboxKit().mailbox], blob: new Uint8Array(BLOB_BYTES) }),
)
/** A stream has fewer calls under way than twice that. */
const CREATES_AT_ONCE = 64
/** Everything comes from one address here. */
const CLIENTS_MAX = '20000'
const ALL_FROM_ONE_ADDRESS = [
  ...['--address-share', '100', '--creates-per-minute', '100000'],
  ...['--max-connections', CLIENTS_MAX, '--max-per-address', CLIENTS_MAX],
]

type Place = { readonly dataDir?: string; readonly port?: number }

export const startKithRelay = (env: Readonly<Record<string, string>> = {}, place: Place = {}): Promise<StartedRelay> =>
  startRelay({ args: ALL_FROM_ONE_ADDRESS, env, ...place })

export async function startKith(perCall: number): Promise<Subject> {
  const relay = await startKithRelay()
  return {
    name: 'kith',
    pid: relay.pid,
    connectWriter: () => connectWriter(relay, perCall),
    stop: async () => void (await relay.stop()),
  }
}

export async function connectWriter(relay: StartedRelay, perCall: number): Promise<Writer> {
  const client = await connectClient(relay)
  const kits = Array.from({ length: MAILBOXES_PER_WRITER }, createMailboxKit)
  await Promise.all(kits.map(({ create }) => client.ask(create)))
  await client.ask({ kind: 'bind-mailboxes', proofs: kits.map((kit) => kit.sendProof(client.greeting)) })
  const nextBlob = createBlobs()
  let crowd: readonly MailboxKit[] = []
  /** Made once: who writes to a group has bound its mailboxes long before. */
  const bindCrowd = async (count: number): Promise<void> => {
    crowd = Array.from({ length: count }, createMailboxKit)
    for (const some of inParts(crowd, MAILBOXES_PER_REQUEST_MAX)) {
      // Their owners are others, and one stream creates no more than these at once.
      const owner = await connectClient(relay)
      for (const few of inParts(some, CREATES_AT_ONCE)) await Promise.all(few.map(({ create }) => owner.ask(create)))
      await owner.close()
      await client.ask({ kind: 'bind-mailboxes', proofs: some.map((kit) => kit.sendProof(client.greeting)) })
    }
  }
  return {
    async depositForAll(count) {
      if (crowd.length !== count) await bindCrowd(count)
      const blob = nextBlob()
      const deposits = inParts(crowd, MAILBOXES_PER_DEPOSIT_MAX).map((some) => ({ mailboxes: some.map(({ mailbox }) => mailbox), blob }))
      await done(client, { kind: 'deposit', deposits })
    },
    async deposit(at) {
      const { mailbox } = kits[at] as MailboxKit
      const blobs = Array.from({ length: perCall }, nextBlob)
      await done(client, depositOf(mailbox, ...blobs))
      return perCall
    },
    drain: (count) => drain(relay, kits, count),
    close: () => client.close(),
  }
}

const inParts = <T>(all: readonly T[], size: number): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, at) => all.slice(at * size, (at + 1) * size))

async function done(client: RelayClient, request: RelayRequest): Promise<void> {
  const answer = shortOf(await client.ask(request))
  if (answer !== 'deposited' && answer !== 'acknowledged') throw new Error(`a call was answered with ${answer}`)
}

async function drain(relay: StartedRelay, kits: readonly MailboxKit[], count: number): Promise<void> {
  const client = await connectClient(relay)
  await client.ask({ kind: 'open-mailboxes', proofs: kits.map((kit) => kit.readProof(client.greeting)) })
  const answers: Promise<void>[] = []
  for (let left = count; left > 0;) {
    const blobs = await client.nextBlobs()
    left -= blobs.length
    const stored = new Map<MailboxId, BlobId[]>()
    for (const { mailbox, blob } of blobs) {
      const ids = stored.get(mailbox) ?? []
      stored.set(mailbox, ids)
      ids.push(blobIdOf(hashNative(blob)))
    }
    answers.push(done(client, { kind: 'acknowledge', stored: [...stored].map(([mailbox, ids]) => ({ mailbox, blobs: ids })) }))
  }
  await Promise.all(answers)
  await client.close()
}
