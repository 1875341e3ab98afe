// The node's records as rows: loaded once at the start, and written whenever a step replaced one. Whole records, because they are small.

import { EMPTY_PARKING } from '../log/parking.ts'
import { createNode } from '../node/create-node.ts'
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
    // Records go with a removal only, so nothing has to be looked through for it otherwise.
    ...(before === undefined || before.removals === after.removals ? [] : removedRecords(before, after)),
  ]
}

function removedRecords(before: NodeState, after: NodeState): readonly StoreWrite[] {
  return (['conversations', 'peers'] as const).flatMap((table) =>
    [...before[table].keys()].flatMap((key) =>
      (after[table] as ReadonlyMap<string, unknown>).has(key) ? [] : [{ kind: 'delete', table, key } as const],
    ),
  )
}

async function load(store: Store, { now }: Env): Promise<NodeState> {
  const [self, prekeys, home, removals] = await Promise.all(['self', 'prekeys', 'home', 'removals'].map((name) => store.get('state', name)))
  if (self === undefined || prekeys === undefined) throw new StoreError('corrupt', 'the store has lost whose it is')
  const [conversations, peers] = await Promise.all([store.read({ table: 'conversations' }), store.read({ table: 'peers' })])
  return {
    self: decodeRow<Self>(self),
    prekeys: decodeRow(prekeys),
    home: home === undefined ? undefined : decodeRow(home),
    conversations: new Map(conversations.map((row) => [row.key as ConversationId, timed(decodeRow<Conversation>(row.value), now)])),
    peers: new Map(peers.map((row) => [row.key as DeviceId, decodeRow<Peer>(row.value)])),
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
  before: ReadonlyMap<K, V> | undefined,
  after: ReadonlyMap<K, V>,
): readonly StoreWrite[] {
  if (before === after) return []
  return [...after].flatMap(([key, value]) =>
    before?.get(key) === value ? [] : [{ kind: 'put', table, key, value: encodeRow(value) } as const],
  )
}
