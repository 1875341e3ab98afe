// The node's records as rows: loaded once at the start, and written whenever a step replaced one. Whole records, because they are small.

import { IdMap } from '../bytes/id-map.ts'
import { EMPTY_PARKING } from '../log/parking.ts'
import { createNode } from '../node/create-node.ts'
import { directoryOf } from '../node/directory.ts'
import { NO_NET, NO_REMOVALS } from '../node/state.ts'
import { StoreError } from '../ports.ts'
import { formatRow, migrate, MIGRATIONS } from './format.ts'
import { decodeRow, encodeRow } from './rows.ts'
import type { ConversationId, DeviceId } from '../bytes/ids.ts'
import type { Env } from '../node/draft.ts'
import type { Conversation, NodeState, Peer, Self } from '../node/state.ts'
import type { Store, StoreWrite } from '../ports.ts'

/** The stored node, or a new person on a new device, durable before anything is shown. Rejects with {@link StoreError}. */
export async function loadOrCreate(store: Store, env: Env): Promise<NodeState> {
  if ((await migrate(store)) === 'ready') return load(store, env)
  const state = createNode(env)
  await store.commit([formatRow(MIGRATIONS.length), ...changedRecords(undefined, state)])
  return state
}

/** Rows for every record of `after` that is another one than in `before`. */
export function changedRecords(before: NodeState | undefined, after: NodeState): readonly StoreWrite[] {
  return [
    ...(['self', 'prekeys', 'home', 'removals'] as const).flatMap((name) =>
      after[name] === before?.[name] ? [] : [{ kind: 'put', table: 'state', key: name, value: encodeRow(after[name]) } as const],
    ),
    ...changedItems('conversations', before?.conversations, after.conversations),
    ...changedItems('peers', before?.peers, after.peers),
  ]
}

async function load(store: Store, { now }: Env): Promise<NodeState> {
  const [self, prekeys, home, removals] = await Promise.all(['self', 'prekeys', 'home', 'removals'].map((name) => store.get('state', name)))
  if (self === undefined || prekeys === undefined) throw new StoreError('corrupt', 'the store has lost whose it is')
  const [conversationRows, peerRows] = await Promise.all([store.read({ table: 'conversations' }), store.read({ table: 'peers' })])
  const conversations = IdMap.of(
    conversationRows.map((row) => [row.key as ConversationId, timed(decodeRow<Conversation>(row.value), now)] as const),
  )
  const peers = IdMap.of(peerRows.map((row) => [row.key as DeviceId, decodeRow<Peer>(row.value)] as const))
  return {
    self: decodeRow<Self>(self),
    prekeys: decodeRow(prekeys),
    home: home === undefined ? undefined : decodeRow(home),
    conversations,
    peers,
    directory: directoryOf({ peers: peers.values(), conversations: conversations.values() }),
    removals: removals === undefined ? NO_REMOVALS : decodeRow(removals),
    parking: EMPTY_PARKING,
    net: NO_NET,
  }
}

// Invitations that were opened by an older version say no time until something is written in them.
const timed = (conversation: Conversation, now: number): Conversation =>
  conversation.authored === 0 ? { ...conversation, authored: now } : conversation

function changedItems<K extends string, V>(
  table: 'conversations' | 'peers',
  before: IdMap<K, V> | undefined,
  after: IdMap<K, V>,
): readonly StoreWrite[] {
  return after.changedSince(before ?? IdMap.empty()).map((key) => {
    const value = after.get(key)
    return value === undefined ? { kind: 'delete', table, key } : { kind: 'put', table, key, value: encodeRow(value) }
  })
}
