// The node's records as rows: loaded once at the start, and written whenever a step has changed what they hold.

import { decode, encode } from '../../bytes/codec.ts'
import { IdMap } from '../../bytes/id-map.ts'
import { EMPTY_PARKING } from '../../log/parking.ts'
import { createNode } from '../../node/create-node.ts'
import { directoryOf } from '../../node/directory.ts'
import { NO_NET, NO_REMOVALS } from '../../node/state.ts'
import { StoreError } from '../../ports.ts'
import { formatRow, migrate } from '../migrations/format.ts'
import { conversationRows, conversationsIn, rowsOfConversation } from './conversation.ts'
import { homeRow, peerRow, removalsRow, selfRow } from './people.ts'
import { prekeysRow } from './sessions.ts'
import type { Codec } from '../../bytes/codec.ts'
import type { DeviceId } from '../../bytes/ids.ts'
import type { Env } from '../../node/draft.ts'
import type { Conversation, NodeState } from '../../node/state.ts'
import type { Store, StoreRow, StoreWrite } from '../../ports.ts'
import type { Migration } from '../migrations/format.ts'

/** The stored node, or a new person on a new device, durable before anything is shown. Rejects with {@link StoreError}. */
export async function loadOrCreate(store: Store, env: Env, migrations: () => Promise<readonly Migration[]>): Promise<NodeState> {
  if ((await migrate(store, migrations)) === 'ready') return load(store, env)
  const state = createNode(env)
  await store.commit([formatRow(), ...changedRows(undefined, state)])
  return state
}

/** Rows for all that differs between two states. */
export function changedRows(before: NodeState | undefined, after: NodeState): readonly StoreWrite[] {
  const conversations = after.conversations.changedSince(before?.conversations ?? IdMap.empty())
  const peers = after.peers.changedSince(before?.peers ?? IdMap.empty())
  return [
    ...STATE_ROWS.flatMap((name) => (after[name] === before?.[name] ? [] : [stateRow(name, after)])),
    ...conversations.flatMap((id) => {
      const conversation = after.conversations.get(id)
      if (conversation === undefined) return [{ kind: 'delete-range', ...rowsOfConversation(id) } as const]
      return conversationRows(before?.conversations.get(id), conversation)
    }),
    ...peers.map((key): StoreWrite => {
      const peer = after.peers.get(key)
      return peer === undefined
        ? { kind: 'delete', table: 'peers', key }
        : { kind: 'put', table: 'peers', key, value: encode(peerRow, peer) }
    }),
  ]
}

const STATE_CODECS = { self: selfRow, prekeys: prekeysRow, home: homeRow, removals: removalsRow } as const
type StateRow = keyof typeof STATE_CODECS
const STATE_ROWS = Object.keys(STATE_CODECS) as readonly StateRow[]

const stateRow = <K extends StateRow>(key: K, state: Pick<NodeState, K>): StoreWrite => ({
  kind: 'put',
  table: 'state',
  key,
  value: encode(STATE_CODECS[key] as Codec<unknown>, state[key]),
})

async function load(store: Store, { now }: Env): Promise<NodeState> {
  const [state, conversations, peers] = await Promise.all([
    Promise.all(STATE_ROWS.map(async (key) => [key, await store.get('state', key)] as const)),
    store.read({ table: 'conversations' }),
    store.read({ table: 'peers' }),
  ])
  try {
    return nodeFrom({ state: new Map(state), conversations, peers }, now)
  } catch (error) {
    if (error instanceof StoreError) throw error
    throw new StoreError('corrupt', 'a row of the store cannot be read', { cause: error })
  }
}

type Rows = {
  readonly state: ReadonlyMap<string, Uint8Array | undefined>
  /** In the order of their keys. */
  readonly conversations: readonly StoreRow[]
  readonly peers: readonly StoreRow[]
}

/** The node that these rows hold. Throws {@link StoreError} where they do not say whose it is, DecodeError or RangeError where a row is none. */
export function nodeFrom({ state, conversations: rowsOfConversations, peers: peerRows }: Rows, now: number): NodeState {
  const found = <T>(key: StateRow, codec: Codec<T>): T | undefined => {
    const value = state.get(key)
    return value && decode(codec, value)
  }
  const [self, prekeys] = [found('self', selfRow), found('prekeys', prekeysRow)]
  if (self === undefined || prekeys === undefined) throw new StoreError('corrupt', 'the store has lost whose it is')
  const conversations = IdMap.of(
    conversationsIn(rowsOfConversations, self).map((conversation) => [conversation.id, timed(conversation, now)] as const),
  )
  const peers = IdMap.of(peerRows.map(({ key, value }) => [key as DeviceId, decode(peerRow, value)] as const))
  return {
    self,
    prekeys,
    home: found('home', homeRow),
    conversations,
    peers,
    directory: directoryOf({ peers: peers.values(), conversations: conversations.values() }),
    removals: found('removals', removalsRow) ?? NO_REMOVALS,
    parking: EMPTY_PARKING,
    net: NO_NET,
  }
}

// Invitations that were opened by an older version say no time until something is written in them.
const timed = (conversation: Conversation, now: number): Conversation =>
  conversation.authored === 0 ? { ...conversation, authored: now } : conversation
