// What somebody may do to a relay who only wants to do harm. Each goes on until its process is ended, as hard as one machine can, and counts what it tried
// and what was refused.

import { createECDH } from 'node:crypto'
import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { BLOB_BYTES_MAX, encode, RELAY_FRAME_BYTES_MAX, RELAY_PROTOCOL, relayCall, toHex } from '@kith/protocol'
import { workHourAt } from '@kith/protocol/handle'
import { toFrame } from '../../src/transport/frames.ts'
import { createClaimant, helloBlob } from '../handle-kit.ts'
import { createMailboxKit, depositOf, randomBlob, shortOf } from '../mailbox-keys.ts'
import { connectClient, dialRelay } from '../relay-client.ts'
import type { RecordId, RelayRequest } from '@kith/protocol'
import type { RelayClient } from '../relay-client.ts'

export type Target = { readonly port: number; readonly key: Uint8Array; readonly prekeys: RecordId }
/** `tried`: calls, connections or frames. `refused`: those that the relay answered with a no, or for which it ended the stream. */
export type Tally = { tried: number; refused: number }
type Attack = (target: Target, tally: Tally) => Promise<void>

const STREAMS = 4
const CALLS_AT_ONCE = 100
/** RESERVE of circuit relay v2, with its length in front. */
const RESERVE = Uint8Array.from([2, 8, 0])
const BLOB_LENGTH_BYTES = 4
const HOP_PROTOCOL = '/libp2p/circuit/relay/0.2.0/hop'

/** What the relay says no with, or that the stream is over. */
const NOS: ReadonlySet<string> = new Set(['ended', 'too-many', 'busy', 'full', 'disk', 'unknown', 'work', 'taken', 'stale'])

/** Lanes that each do one thing after the other, for ever. */
async function endlessly(lanes: number, act: (lane: number) => Promise<void>): Promise<void> {
  const lane = async (at: number): Promise<void> => {
    for (;;) {
      await act(at)
      await pause(0)
    }
  }
  await Promise.all(Array.from({ length: lanes }, (_, at) => lane(at)))
}

/** The same call again and again over a few streams, each opened anew when it was ended. */
async function callEndlessly(target: Target, tally: Tally, requestOf: (client: RelayClient) => Promise<() => RelayRequest>): Promise<void> {
  await endlessly(STREAMS, async () => {
    const client = await connectClient(target).catch(() => undefined)
    if (!client) return void (tally.refused += 1)
    const request = await requestOf(client)
    let isOver = false
    void client.ended.then(() => (isOver = true))
    const one = async (): Promise<void> => {
      while (!isOver) {
        tally.tried += 1
        const said = await client.ask(request()).then(shortOf, () => 'ended')
        if (NOS.has(said)) tally.refused += 1
      }
    }
    await Promise.all(Array.from({ length: CALLS_AT_ONCE }, one))
    await client.close()
  })
}

/** A stream on which bytes go out as they are. The relay's side of it may be over before it has begun. */
async function rawStream(target: Target, protocol = RELAY_PROTOCOL) {
  const { node, connection } = await dialRelay(target)
  const stream = await connection.newStream(protocol)
  const ended = new Promise<void>((resolve) => {
    stream.addEventListener('close', () => resolve())
    stream.addEventListener('remoteCloseWrite', () => resolve())
  })
  return { node, stream, ended }
}

const lengthOf = (length: number): Uint8Array => {
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setUint32(0, length)
  return bytes
}

/** A new connection each time, for one frame that breaks a rule. */
const sendFrame =
  (frame: () => Uint8Array): Attack =>
  async (target, tally) => {
    // Made once, so that as many come as can be sent.
    const bytes = frame()
    await endlessly(STREAMS, async () => {
      tally.tried += 1
      const raw = await rawStream(target).catch(() => undefined)
      if (!raw) return void (tally.refused += 1)
      for (let sent = 0; sent < 64 && raw.stream.writeStatus === 'writable'; sent++) raw.stream.send(bytes)
      await raw.ended
      tally.refused += 1
      await raw.node.stop()
    })
  }

/** A deposit whose blob has a byte more than there may be: it is the last field, after its length. */
function oversizedDeposit(): Uint8Array {
  const request = depositOf(createMailboxKit().mailbox, randomBlob(BLOB_BYTES_MAX))
  const call = new Uint8Array([...encode(relayCall, { id: 1, request }), 0])
  const at = call.length - (BLOB_BYTES_MAX + 1) - BLOB_LENGTH_BYTES
  new DataView(call.buffer).setUint32(at, BLOB_BYTES_MAX + 1)
  return toFrame(call)
}

const handleOf = (): string => `m${toHex(randomBlob(8))}`

/** An account with its mailbox open, as the directory wants it. */
async function openDesk(client: RelayClient) {
  const claimant = createClaimant({ key: client.greeting.key, now: Date.now() })
  await client.ask(claimant.kit.create)
  await client.ask({ kind: 'open-mailboxes', proofs: [claimant.kit.readProof(client.greeting)] })
  return claimant
}

export const ATTACKS = {
  'calls without end': (target, tally) => callEndlessly(target, tally, async () => () => ({ kind: 'ping' })),
  'deposits without end': (target, tally) =>
    callEndlessly(target, tally, async (client) => {
      const kits = Array.from({ length: 8 }, createMailboxKit)
      for (const kit of kits) await client.ask(kit.create)
      await client.ask({ kind: 'bind-mailboxes', proofs: kits.map((kit) => kit.sendProof(client.greeting)) })
      let at = 0
      return () => depositOf((kits[(at += 1) % kits.length] ?? kits[0])?.mailbox ?? [], randomBlob(BLOB_BYTES_MAX))
    }),
  'mailboxes without end': (target, tally) => callEndlessly(target, tally, async () => () => createMailboxKit().create),
  'push registrations without end': (target, tally) =>
    callEndlessly(target, tally, async (client) => {
      const kits = Array.from({ length: 64 }, createMailboxKit)
      for (const kit of kits) await client.ask(kit.create)
      await client.ask({ kind: 'open-mailboxes', proofs: kits.map((kit) => kit.readProof(client.greeting)) })
      const key = new Uint8Array(createECDH('prime256v1').generateKeys())
      let at = 0
      return () => ({
        kind: 'register-push',
        subscription: { endpoint: `https://fcm.googleapis.com/${(at += 1)}`, key, auth: new Uint8Array(16) },
      })
    }),
  'prekey drain': (target, tally) => callEndlessly(target, tally, async () => () => ({ kind: 'take-prekeys', record: target.prekeys })),
  'handles without end': (target, tally) =>
    callEndlessly(target, tally, async (client) => {
      const claimant = await openDesk(client)
      // Signed before, so that as many come as can be sent.
      const claims = Array.from({ length: 8 }, () => claimant.claim(handleOf()))
      let at = 0
      return () => claims[(at += 1) % claims.length] ?? { kind: 'ping' }
    }),
  'handles looked up without end': (target, tally) =>
    callEndlessly(target, tally, async () => {
      let at = 0
      return () => ({ kind: 'find-handle', handle: handleOf().slice(0, 6), isBeginning: (at += 1) % 2 === 0 })
    }),
  'first words without work': (target, tally) =>
    callEndlessly(target, tally, async (client) => {
      const handle = handleOf()
      await client.ask((await openDesk(client)).claim(handle))
      const blob = helloBlob()
      let nonce = 0
      return () => ({ kind: 'leave-hello', handle, hour: workHourAt(Date.now()), nonce: (nonce += 1), blob })
    }),
  'TURN credentials without end': (target, tally) =>
    callEndlessly(target, tally, async (client) => {
      await openDesk(client)
      return () => ({ kind: 'get-turn' })
    }),
  'slow readers': (target, tally) =>
    endlessly(STREAMS, async () => {
      const client = await connectClient(target).catch(() => undefined)
      if (!client) return void (tally.refused += 1)
      const kit = createMailboxKit()
      await client.ask(kit.create)
      await client.ask({ kind: 'bind-mailboxes', proofs: [kit.sendProof(client.greeting)] })
      for (let n = 0; n < 16; n++) await client.ask(depositOf(kit.mailbox, randomBlob(BLOB_BYTES_MAX)))
      // Reads nothing any more, and asks for all of it again and again.
      client.stream.pause()
      for (let n = 0; n < 400; n++) {
        tally.tried += 1
        void client.ask({ kind: 'open-mailboxes', proofs: [kit.readProof(client.greeting)] }).catch(() => (tally.refused += 1))
        await pause(5)
      }
      await client.close()
    }),
  'frames that never end': (target, tally) =>
    endlessly(STREAMS * 4, async () => {
      tally.tried += 1
      const raw = await rawStream(target).catch(() => undefined)
      if (!raw) return void (tally.refused += 1)
      raw.stream.send(lengthOf(RELAY_FRAME_BYTES_MAX))
      while (raw.stream.writeStatus === 'writable') {
        raw.stream.send(new Uint8Array(1))
        await pause(2)
      }
      tally.refused += 1
      await raw.node.stop()
    }),
  'oversized frames': sendFrame(() => lengthOf(0xffff_ffff)),
  'frames of nonsense': sendFrame(() => new Uint8Array([...lengthOf(64), ...randomBlob(64)])),
  'oversized blobs': sendFrame(oversizedDeposit),
  'reservation hoarding': (target, tally) =>
    endlessly(STREAMS, async () => {
      tally.tried += 1
      // Under a new name each time, and kept: the connections are the limit.
      const raw = await rawStream(target, HOP_PROTOCOL).catch(() => undefined)
      if (raw) raw.stream.send(RESERVE)
      else tally.refused += 1
    }),
  'handshakes without end': (target, tally) =>
    endlessly(STREAMS * 4, async () => {
      tally.tried += 1
      const raw = await dialRelay(target).catch(() => undefined)
      if (raw) await raw.node.stop()
      else tally.refused += 1
    }),
  'silent sockets': (target, tally) =>
    endlessly(64, async () => {
      tally.tried += 1
      const socket = connect(target.port, '127.0.0.1')
      socket.on('error', () => {})
      await once(socket, 'close')
      tally.refused += 1
    }),
  'endless heads': (target, tally) =>
    endlessly(64, async () => {
      tally.tried += 1
      const socket = connect(target.port, '127.0.0.1', () => socket.write(`GET / HTTP/1.1\r\nX: ${'a'.repeat(1_000)}`))
      const more = setInterval(() => socket.write('a'.repeat(1_000)), 5)
      socket.on('error', () => {})
      await once(socket, 'close')
      clearInterval(more)
      tally.refused += 1
    }),
} as const satisfies Readonly<Record<string, Attack>>
export type AttackName = keyof typeof ATTACKS
