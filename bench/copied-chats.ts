// Many chats out of one that was talked in and has gone to rest: its rows under other ids, each with another device. Used beside a store in memory, and
// in a page of the browser over its sealed store.

import { utf8ToBytes } from '../protocol/src/bytes/bytes.ts'
import { decode, encode } from '../protocol/src/bytes/codec.ts'
import { conversationIdOf, deviceIdOf, mailboxIdOf } from '../protocol/src/bytes/ids.ts'
import { hash } from '../protocol/src/crypto/hash.ts'
import { peerRow } from '../protocol/src/host/records/people.ts'
import { chatsIn, contactsIn, pagesOf, restRows } from '../protocol/src/host/records/rest-rows.ts'
import { RestMap } from '../protocol/src/node/rest-map.ts'
import type { ConversationId, DeviceId } from '../protocol/src/bytes/ids.ts'
import type { RestingChat, RestingContact } from '../protocol/src/node/state.ts'
import type { MailboxGrant } from '../protocol/src/wire/capability.ts'
import type { StoreRange, StoreRow, StoreWrite } from '../protocol/src/ports.ts'

/** So many rows of a table. */
type Read = (range: StoreRange) => Promise<readonly StoreRow[]>

/** What makes `count` chats of the one that rests in this store, itself among them. Lines and entries are not copied: a start reads none. */
export async function copiedChats(read: Read, count: number): Promise<readonly StoreWrite[]> {
  const [[chat], [contact]] = [chatsIn(await read(pagesOf('chats'))), contactsIn(await read(pagesOf('contacts')))]
  if (chat === undefined || contact === undefined) throw new Error('the chat has not gone to rest')
  const { id: first, device } = { id: chat.id, device: contact.device.id }
  const [rows, peers] = [
    await read({ table: 'conversations', from: first, to: `${first}~` }),
    await read({ table: 'peers', from: device, to: `${device}~` }),
  ]
  const copies = Array.from({ length: count - 1 }, (_, at) => ({
    id: conversationIdOf(idFor(`chat ${at}`)),
    other: deviceIdOf(idFor(`device ${at}`)),
  }))
  const inChat = (other: DeviceId) => chat.devices.map((known) => (known === device ? other : known))
  const chats = copies.map(({ id, other }) => [id, { ...chat, id, devices: inChat(other), signed: inChat(other) }] as const)
  const contacts = copies.map(({ other }) => [other, copiedContact(contact, other)] as const)
  return [
    ...copies.flatMap(({ id, other }) =>
      rows.map(({ key, value }) => put('conversations', key.replace(first, id).replace(device, other), value)),
    ),
    ...copies.flatMap(({ other }) => peers.map(({ value }) => put('peers', other, copiedPeer(value, other)))),
    ...restRows('chats', undefined, RestMap.of<ConversationId, never, RestingChat>('chats', [], [[first, chat], ...chats])),
    ...restRows('contacts', undefined, RestMap.of<DeviceId, never, RestingContact>('contacts', [], [[device, contact], ...contacts])),
  ]
}

const put = (table: 'conversations' | 'peers', key: string, value: Uint8Array): StoreWrite => ({ kind: 'put', table, key, value })

const copiedPeer = (value: Uint8Array, id: DeviceId): Uint8Array => {
  const peer = decode(peerRow, value)
  return encode(peerRow, { ...peer, ...copiedContact(peer, id), device: { ...peer.device, id } })
}

function copiedContact<T extends Pick<RestingContact, 'device' | 'inbox' | 'outbox'>>(contact: T, id: DeviceId): T {
  const { inbox, outbox } = contact
  return {
    ...contact,
    device: { ...contact.device, id },
    inbox: inbox && { ...inbox, keys: { ...grantOf(inbox.keys), readSeed: inbox.keys.readSeed, mailbox: mailboxFor(`inbox ${id}`) } },
    outbox: outbox && { ...grantOf(outbox), mailbox: mailboxFor(`outbox ${id}`) },
  }
}

/** A copy, be the keys packed or not. */
const grantOf = ({ relay, mailbox, sendSeed, sealKey }: MailboxGrant): MailboxGrant => ({ relay, mailbox, sendSeed, sealKey })
const mailboxFor = (name: string) => mailboxIdOf(idFor(name))

const idFor = (name: string): Uint8Array => hash(utf8ToBytes(name))
