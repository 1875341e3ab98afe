// The node's records as rows: loaded once at the start, and written whenever a step has changed what they hold.

import { decode, encode } from '../../bytes/codec.ts'
import { EMPTY_PARKING } from '../../log/parking.ts'
import { createNode } from '../../node/create-node.ts'
import { directoryOf } from '../../node/directory.ts'
import { NOTHING_HANDED } from '../../node/incoming/handed.ts'
import { devicesIn } from '../../node/rest-looks.ts'
import { AsleepError, RestMap } from '../../node/rest-map.ts'
import { PartNeededError } from '../../node/part.ts'
import { NO_NET } from '../../node/net.ts'
import { NO_REMOVALS } from '../../node/state.ts'
import { NO_TERMS } from '../../node/terms/terms-state.ts'
import { StoreError } from '../../ports.ts'
import { formatRow, migrate } from '../migrations/format.ts'
import { conversationRows, conversationsIn, rowsOfConversation } from './conversation.ts'
import { circleRow, homeRow, peerRow, removalsRow, selfRow, termsRow } from './people.ts'
import { chatsIn, contactsIn, markedIn, marksOf, pagesOf, restRows } from './rest-rows.ts'
import { prekeysRow } from './sessions.ts'
import type { Codec } from '../../bytes/codec.ts'
import type { ConversationId, DeviceId } from '../../bytes/ids.ts'
import type { Env } from '../../node/draft.ts'
import type { RestKind } from '../../node/rest-map.ts'
import type { Conversation, NodeState, Peer } from '../../node/state.ts'
import type { Store, StoreRow, StoreWrite } from '../../ports.ts'
import type { Migration } from '../migrations/format.ts'

/** More chats or contacts than this are read with all others. */
const READS_AT_ONCE = 64

/** The stored node, or a new person on a new device, durable before anything is shown. Rejects with {@link StoreError}. */
export async function loadOrCreate(store: Store, env: Env, migrations: () => Promise<readonly Migration[]>): Promise<NodeState> {
  if ((await migrate(store, migrations)) === 'ready') return load(store, env)
  const state = createNode(env)
  await store.commit([formatRow(), ...changedRows(undefined, state)])
  return state
}

/** Rows for all that differs between two states. */
export function changedRows(before: NodeState | undefined, after: NodeState): readonly StoreWrite[] {
  const conversations = after.conversations.changedSince(before?.conversations ?? RestMap.of('chats', []))
  const peers = after.peers.changedSince(before?.peers ?? RestMap.of('contacts', []))
  return [
    ...STATE_ROWS.flatMap((name) => (after[name] === before?.[name] ? [] : [stateRow(name, after)])),
    ...conversations.flatMap((id) => {
      const conversation = after.conversations.get(id)
      if (conversation === undefined) return [{ kind: 'delete-range', ...rowsOfConversation(id) } as const]
      return conversationRows(before?.conversations.awake.get(id), conversation)
    }),
    ...peers.map((key): StoreWrite => {
      const peer = after.peers.get(key)
      return peer === undefined
        ? { kind: 'delete', table: 'peers', key }
        : { kind: 'put', table: 'peers', key, value: encode(peerRow, peer) }
    }),
    ...restRows('chats', before?.conversations, after.conversations),
    ...restRows('contacts', before?.peers, after.peers),
  ]
}

const STATE_CODECS = {
  self: selfRow,
  prekeys: prekeysRow,
  home: homeRow,
  removals: removalsRow,
  circle: circleRow,
  terms: termsRow,
} as const
type StateRow = keyof typeof STATE_CODECS
const STATE_ROWS = Object.keys(STATE_CODECS) as readonly StateRow[]

const stateRow = <K extends StateRow>(key: K, state: Pick<NodeState, K>): StoreWrite => ({
  kind: 'put',
  table: 'state',
  key,
  value: encode(STATE_CODECS[key] as Codec<unknown>, state[key]),
})

async function load(store: Store, { now }: Env): Promise<NodeState> {
  const [state, chats, contacts] = await Promise.all([
    Promise.all(STATE_ROWS.map(async (key) => [key, await store.get('state', key)] as const)),
    readKind(store, 'chats'),
    readKind(store, 'contacts'),
  ])
  const [conversations, peers] = await Promise.all([readChats(store, markedIn(chats.marks)), readContacts(store, markedIn(contacts.marks))])
  const node = reading(() => nodeFrom({ state: new Map(state), conversations, peers, chats: chats.pages, contacts: contacts.pages }, now))
  // A chat can have changed without its contact, and a contact is awake with its chats.
  const devices = [...node.conversations.awake.values()].flatMap(devicesIn).filter((device) => node.peers.isAsleep(device))
  return devices.length === 0 ? node : withWoken(node, await readAsleep(store, node, new AsleepError('contacts', [...new Set(devices)])))
}

const readKind = async (store: Store, kind: RestKind) => {
  const [pages, marks] = await Promise.all([store.read(pagesOf(kind)), store.read(marksOf(kind))])
  return { pages, marks }
}

// Of a few, their own rows; of many, all at once is less than as many reads.
async function readChats(store: Pick<Store, 'read'>, ids: readonly ConversationId[]): Promise<readonly StoreRow[]> {
  if (ids.length <= READS_AT_ONCE) return (await Promise.all(ids.map((id) => store.read(rowsOfConversation(id))))).flat()
  const wanted = new Set<string>(ids)
  return (await store.read({ table: 'conversations' })).filter(({ key }) => wanted.has(key.split('/', 1)[0] ?? ''))
}

async function readContacts(store: Pick<Store, 'read'>, ids: readonly DeviceId[]): Promise<readonly StoreRow[]> {
  if (ids.length <= READS_AT_ONCE)
    return (await Promise.all(ids.map((id) => store.read({ table: 'peers', from: id, to: `${id}~` })))).flat()
  const wanted = new Set<string>(ids)
  return (await store.read({ table: 'peers' })).filter(({ key }) => wanted.has(key))
}

function reading<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof StoreError || error instanceof PartNeededError) throw error
    throw new StoreError('corrupt', 'a row of the store cannot be read', { cause: error })
  }
}

export type WokenRecords = { readonly conversations: readonly Conversation[]; readonly peers: readonly Peer[] }

/** What these names stand for, with the contacts of chats, from their rows. Rejects with {@link StoreError}, `corrupt` where there is none. */
export async function readAsleep(store: Pick<Store, 'read'>, state: NodeState, { kind, ids }: AsleepError): Promise<WokenRecords> {
  const chats = kind === 'chats' ? ids.map((id) => state.conversations.look(id as ConversationId)) : []
  const devices = kind === 'contacts' ? (ids as readonly DeviceId[]) : chats.flatMap((chat) => (chat === undefined ? [] : devicesIn(chat)))
  const contacts = [...new Set(devices)].filter((device) => state.peers.isAsleep(device))
  const [rows, peerRows] = await Promise.all([
    readChats(store, kind === 'chats' ? (ids as readonly ConversationId[]) : []),
    readContacts(store, contacts),
  ])
  return reading(() => {
    const conversations = conversationsIn(rows, state.self)
    const peers = peerRows.map(({ value }) => decode(peerRow, value))
    if (conversations.length < chats.length || peers.length < contacts.length) throw new RangeError('what rests has lost its rows')
    return { conversations: conversations.map((found) => timed(found, authoredIn(state, found.id))), peers }
  })
}

const authoredIn = ({ conversations }: NodeState, id: ConversationId): number => conversations.look(id)?.authored ?? 0

/** The state in which these are awake. What is awake already stays as it is. */
export function withWoken(state: NodeState, { conversations: chats, peers: contacts }: WokenRecords): NodeState {
  let { conversations, peers } = state
  for (const chat of chats) if (conversations.isAsleep(chat.id)) conversations = conversations.woken(chat.id, chat)
  for (const peer of contacts) if (peers.isAsleep(peer.device.id)) peers = peers.woken(peer.device.id, peer)
  return { ...state, conversations, peers }
}

type Rows = {
  readonly state: ReadonlyMap<string, Uint8Array | undefined>
  /** Of what is to be awake, in the order of their keys. */
  readonly conversations: readonly StoreRow[]
  readonly peers: readonly StoreRow[]
  /** Pages of what rests. */
  readonly chats: readonly StoreRow[]
  readonly contacts: readonly StoreRow[]
}

/** The node that these rows hold. Throws {@link StoreError} where they do not say whose it is, DecodeError or RangeError where a row is none. */
export function nodeFrom({ state, conversations: rowsOfConversations, peers: peerRows, chats, contacts }: Rows, now: number): NodeState {
  const found = <T>(key: StateRow, codec: Codec<T>): T | undefined => {
    const value = state.get(key)
    return value && decode(codec, value)
  }
  const [self, prekeys] = [found('self', selfRow), found('prekeys', prekeysRow)]
  if (self === undefined || prekeys === undefined) throw new StoreError('corrupt', 'the store has lost whose it is')
  const conversations = RestMap.of(
    'chats',
    conversationsIn(rowsOfConversations, self).map((conversation) => [conversation.id, timed(conversation, now)] as const),
    chatsIn(chats).map((chat) => [chat.id, chat] as const),
  )
  const peers = RestMap.of(
    'contacts',
    peerRows.map(({ key, value }) => [key as DeviceId, decode(peerRow, value)] as const),
    contactsIn(contacts).map((contact) => [contact.device.id, contact] as const),
  )
  return {
    self,
    prekeys,
    circle: found('circle', circleRow),
    home: found('home', homeRow),
    conversations,
    peers,
    directory: directoryOf({ peers: peers.looks(), conversations: conversations.looks() }),
    removals: found('removals', removalsRow) ?? NO_REMOVALS,
    handed: NOTHING_HANDED,
    terms: found('terms', termsRow) ?? NO_TERMS,
    parking: EMPTY_PARKING,
    net: NO_NET,
  }
}

// Invitations that were opened by an older version say no time until something is written in them.
const timed = (conversation: Conversation, authored: number): Conversation =>
  conversation.authored === 0 ? { ...conversation, authored } : conversation
