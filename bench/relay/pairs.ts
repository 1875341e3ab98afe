// Pairs that are all connected, of whom one writes to the other every two seconds: how long a message takes from its writer to its reader. Processes of their own,
// with both ends of each pair, so that one clock says when. Each is told `kith PORT KEY` or `socket.io URL -`, then how many pairs and for how many seconds; says when
// all have come, writes once it is told to, and then says what took how long.

import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { blobIdOf, fromHex } from '@kith/protocol'
import { hashNative } from '../../signal-server/src/key.ts'
import { acknowledgementOf, createMailboxKit, depositOf } from '../../signal-server/test/mailbox-keys.ts'
import { createCrowdOfClients } from '../../signal-server/test/relay-client.ts'
import { connectSocket } from './socket-io-subject.ts'
import { createBlobs } from './subject.ts'

/** `delivered` is told of each blob that its reader gets, before that is acknowledged. */
type Connect = (delivered: (blob: Uint8Array) => void) => Promise<(blob: Uint8Array) => Promise<unknown>>

/** `took`: of each message that was delivered, in ms. */
export type PairsTold = { readonly sent: number; readonly took: readonly number[]; readonly cpuMs: number }

const EVERY_MS = 2_000
const AT_ONCE = 16
/** Where createBlobs leaves room: its own mark comes first. */
const SENT_AT = 32

const [kind, where = '', key = '', pairs, seconds] = process.argv.slice(2)

const crowd = await createCrowdOfClients()

const connectKith: Connect = async (delivered) => {
  const relay = { port: Number(where), key: fromHex(key) }
  const kit = createMailboxKit()
  const [reader, writer] = await Promise.all([crowd.connect(relay), crowd.connect(relay)])
  await reader.ask(kit.create)
  await reader.ask({ kind: 'open-mailboxes', proofs: [kit.readProof(reader.greeting)] })
  await writer.ask({ kind: 'bind-mailboxes', proofs: [kit.sendProof(writer.greeting)] })
  void (async () => {
    for (;;) {
      const { blob } = await reader.nextBlob()
      delivered(blob)
      await reader.ask(acknowledgementOf(kit.mailbox, [blobIdOf(hashNative(blob))]))
    }
  })()
  return (blob) => writer.ask(depositOf(kit.mailbox, blob))
}

const connectSocketIo: Connect = async (delivered) => {
  const [reader, writer] = await Promise.all([connectSocket(where), connectSocket(where)])
  const room = crypto.randomUUID()
  await reader.emitWithAck('join', room)
  reader.on('message', (_room: string, seq: number, body: Buffer) => {
    delivered(body)
    void reader.emitWithAck('acknowledge', room, seq)
  })
  return (blob) => writer.emitWithAck('deposit', room, blob)
}

const viewOf = (blob: Uint8Array): DataView => new DataView(blob.buffer, blob.byteOffset, blob.length)
const took: number[] = []
const delivered = (blob: Uint8Array): void => void took.push(performance.now() - viewOf(blob).getFloat64(SENT_AT))
const connect = kind === 'kith' ? connectKith : connectSocketIo
const writers: Awaited<ReturnType<Connect>>[] = []
async function lane(): Promise<void> {
  while (writers.length < Number(pairs)) {
    const at = writers.push(() => Promise.resolve()) - 1
    writers[at] = await connect(delivered)
  }
}
await Promise.all(Array.from({ length: AT_ONCE }, lane))
process.send?.('here')
await once(process, 'message')

const before = process.cpuUsage()
const end = performance.now() + Number(seconds) * 1_000
const nextBlob = createBlobs()
let sent = 0
await Promise.all(
  writers.map(async (write, at) => {
    await pause((EVERY_MS * at) / writers.length)
    for (; performance.now() < end; await pause(EVERY_MS)) {
      const blob = nextBlob()
      viewOf(blob).setFloat64(SENT_AT, performance.now())
      sent += 1
      await write(blob)
    }
  }),
)
await pause(EVERY_MS)
const { user, system } = process.cpuUsage(before)
const told: PairsTold = { sent, took, cpuMs: (user + system) / 1_000 }
process.send?.(told)
