// What the start of an engine costs that has many chats at rest: from its rows to the first list of them. One chat of the simulation, whose two people
// have talked and gone to rest, stands there as often under ids of its own. The store is in memory: what a browser needs to read and to unseal the rows
// comes on top, so their number and size are told as well.

import { utf8ToBytes } from '../protocol/src/bytes/bytes.ts'
import { decode, encode } from '../protocol/src/bytes/codec.ts'
import { conversationIdOf, deviceIdOf, mailboxIdOf } from '../protocol/src/bytes/ids.ts'
import { hash } from '../protocol/src/crypto/hash.ts'
import { peerRow } from '../protocol/src/host/records/people.ts'
import { chatsIn, contactsIn, restRows } from '../protocol/src/host/records/rest-rows.ts'
import { RestMap } from '../protocol/src/node/rest-map.ts'
import { quantile } from './quantile.ts'
import { createSimulatedPeople } from './simulated-people.ts'
import type { ConversationId, DeviceId } from '../protocol/src/bytes/ids.ts'
import type { ConversationSummary } from '../protocol/src/engine.ts'
import type { RestKind } from '../protocol/src/node/rest-map.ts'
import type { RestingChat, RestingContact } from '../protocol/src/node/state.ts'
import type { StoreRow, StoreWrite } from '../protocol/src/ports.ts'
import type { MemoryStoreImage } from '../protocol/test/contract/memory-store.ts'
import type { Person } from '../protocol/test/simulation/person.ts'

const SIZES = [10, 2_000]
const RUNS = 7
const MESSAGES = 10
const PATIENCE_MS = 60_000

const { scheduler, network, enter, befriend, waitFor } = createSimulatedPeople(PATIENCE_MS)

type Chat = { readonly conversation: ConversationId; readonly device: DeviceId }
type Size = { readonly chats: number; readonly disk: MemoryStoreImage; readonly took: number[]; heapMb: number }

async function main(): Promise<void> {
  const wanted = process.argv.slice(2).map(Number)
  // A chat is awake while there is a link to its device.
  network.direct.faults = { dials: 0, linkBreaks: 0 }
  const [ana, ben] = [await enter('ana'), await enter('ben')]
  const chat = { conversation: await befriend(ana, ben), device: ben.device() }
  for (let at = 0; at < MESSAGES; at += 1) {
    const writer = at % 2 === 0 ? ana : ben
    writer.say(chat.conversation, `message ${at}`)
    await scheduler.run(1_000)
  }
  // Longer than it takes a chat to go to rest.
  await scheduler.run(5 * PATIENCE_MS)
  ben.crash()
  ana.crash()
  const sizes = (wanted.length > 0 ? wanted : SIZES).map((chats): Size => ({
    chats,
    disk: copied(ana.disk(), chat, chats),
    took: [],
    heapMb: NaN,
  }))
  // Before there is anything of a larger one that could go.
  for (const size of sizes) {
    const before = heapBytes()
    await startMs(ana, size)
    size.heapMb = Math.round((heapBytes() - before) / 100_000) / 10
    ana.crash()
  }
  // In turn, so that whatever else the machine does falls on all of them alike; the first round is for the compiler.
  for (let run = 0; run <= RUNS; run += 1)
    for (const size of sizes) {
      const ms = await startMs(ana, size)
      ana.crash()
      if (run > 0) size.took.push(ms)
    }
  for (const { chats, disk, took, heapMb } of sizes) {
    // Of all the chats, not of what is awake.
    const pages = [...(disk.tables.get('state') ?? [])].filter(([key]) => key.startsWith('rest/'))
    const kilobytes = Math.round(pages.reduce((sum, [, { value }]) => sum + value.length, 0) / 1_000)
    console.log(JSON.stringify({ bench: 'chats', chats, startCpuMs: quantile(took, 0.5), heapMb, pages: pages.length, kilobytes }))
  }
  process.exit(0)
}

/** CPU of this thread: those that collect garbage beside it depend on what else the machine does. */
async function startMs(person: Person, { chats, disk }: Size): Promise<number> {
  person.put(disk)
  const before = process.threadCpuUsage()
  await waitFor(person.start())
  const shown = await waitFor(
    new Promise<readonly ConversationSummary[]>((show) => {
      person.engine().watchConversations(show)
    }),
  )
  const { user, system } = process.threadCpuUsage(before)
  if (shown.length !== chats) throw new Error(`${shown.length} of ${chats} chats are shown`)
  return (user + system) / 1_000
}

/** Of objects and of byte strings, without what can be collected. */
function heapBytes(): number {
  if (globalThis.gc === undefined) throw new Error('run it with --expose-gc')
  globalThis.gc()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

/** A disk with so many copies of one chat, each with another device. */
function copied({ tables, shreds }: MemoryStoreImage, { conversation, device }: Chat, chats: number): MemoryStoreImage {
  const copies = Array.from({ length: chats }, (_, at) => ({
    id: conversationIdOf(idFor(`chat ${at}`)),
    other: deviceIdOf(idFor(`device ${at}`)),
  }))
  const conversations = copies.flatMap(({ id, other }) =>
    [...(tables.get('conversations') ?? [])].map(([key, row]) => [key.replace(conversation, id).replace(device, other), row] as const),
  )
  const [peer] = tables.get('peers')?.values() ?? []
  if (peer === undefined) throw new Error('a chat without anybody')
  const peers = copies.map(({ other }) => [other, { ...peer, value: copiedPeer(peer.value, other) }] as const)
  const state = new Map([...(tables.get('state') ?? [])].filter(([key]) => !key.startsWith('rest/')))
  for (const write of restingRows(tables, copies)) if (write.kind === 'put') state.set(write.key, { value: write.value, key: undefined })
  return { tables: new Map([...tables, ['state', state], ['conversations', new Map(conversations)], ['peers', new Map(peers)]]), shreds }
}

type Copy = { readonly id: ConversationId; readonly other: DeviceId }

/** The pages of so many chats at rest. */
function restingRows(tables: MemoryStoreImage['tables'], copies: readonly Copy[]): readonly StoreWrite[] {
  const pagesIn = (kind: RestKind): readonly StoreRow[] =>
    [...(tables.get('state') ?? [])].flatMap(([key, { value }]) => (key.startsWith(`rest/${kind}/`) ? [{ key, value }] : []))
  const [[chat], [contact]] = [chatsIn(pagesIn('chats')), contactsIn(pagesIn('contacts'))]
  if (chat === undefined || contact === undefined) throw new Error('the chat has not gone to rest')
  const devices = (other: DeviceId) => chat.devices.map((device) => (device === contact.device.id ? other : device))
  const chats = copies.map(({ id, other }) => [id, { ...chat, id, devices: devices(other), signed: devices(other) }] as const)
  const contacts = copies.map(({ other }) => [other, copiedContact(contact, other)] as const)
  return [
    ...restRows('chats', undefined, RestMap.of<ConversationId, never, RestingChat>('chats', [], chats)),
    ...restRows('contacts', undefined, RestMap.of<DeviceId, never, RestingContact>('contacts', [], contacts)),
  ]
}

const copiedPeer = (value: Uint8Array, id: DeviceId): Uint8Array => {
  const peer = decode(peerRow, value)
  return encode(peerRow, { ...peer, ...copiedContact(peer, id), device: { ...peer.device, id } })
}

function copiedContact<T extends Pick<RestingContact, 'device' | 'inbox' | 'outbox'>>(contact: T, id: DeviceId): T {
  const { inbox, outbox } = contact
  return {
    ...contact,
    device: { ...contact.device, id },
    inbox: inbox && { ...inbox, keys: { ...inbox.keys, mailbox: mailboxIdOf(idFor(`inbox ${id}`)) } },
    outbox: outbox && { ...outbox, mailbox: mailboxIdOf(idFor(`outbox ${id}`)) },
  }
}

const idFor = (name: string): Uint8Array => hash(utf8ToBytes(name))

await main()
