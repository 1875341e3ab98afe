// Sees to it that chats and contacts go to rest once nothing has happened with them for a while: those that have waited longest are looked at first, a
// few at a time, so that it costs the same however many are awake.

import { IdMap } from '../bytes/id-map.ts'
import { mayContactRest, mayRest } from '../node/rest.ts'
import type { ConversationId, DeviceId } from '../bytes/ids.ts'
import type { NodeInput } from '../node/input.ts'
import type { NodeState } from '../node/state.ts'

/** What has not changed for so long may rest, ms. */
export const REST_MS = 60_000
/** So many of each kind are looked at each time. */
const LOOKS_AT_ONCE = 32

export type RestClerk = {
  /** To be told of every commit, in order. */
  readonly follow: (before: NodeState, after: NodeState) => void
  /** Call about once a second. */
  readonly tick: () => void
}

type AwakeRecords = {
  readonly conversations: Pick<NodeState['conversations'], 'awake'>
  readonly peers: Pick<NodeState['peers'], 'awake'>
}

type ClerkParts = {
  readonly initial: NodeState
  readonly state: () => NodeState
  readonly push: (input: NodeInput) => void
  readonly clock: () => number
  /** Left out: {@link REST_MS}. */
  readonly restMs?: number | undefined
  /** Whether somebody looks at a chat. */
  readonly isOpen: (conversation: ConversationId) => boolean
}

export function createRestClerk({ initial, state, push, clock, restMs = REST_MS, isOpen }: ClerkParts): RestClerk {
  /** Since when what is awake has not changed, ms: the longest first. */
  const chats = new Map<ConversationId, number>()
  const contacts = new Map<DeviceId, number>()

  function note<K extends string>(since: Map<K, number>, id: K, isAwake: boolean): void {
    since.delete(id)
    if (isAwake) since.set(id, clock())
  }

  function follow({ conversations, peers }: AwakeRecords, after: NodeState): void {
    for (const id of after.conversations.awake.changedSince(conversations.awake)) note(chats, id, after.conversations.awake.has(id))
    for (const id of after.peers.awake.changedSince(peers.awake)) note(contacts, id, after.peers.awake.has(id))
  }

  /** Those that have waited, which wait anew should they not go to rest now. */
  function waited<K extends string>(since: Map<K, number>): readonly K[] {
    const now = clock()
    const found: K[] = []
    for (const [id, at] of since) {
      // A clock that was put back makes nobody wait longer.
      if (found.length >= LOOKS_AT_ONCE || (now >= at && now - at < restMs)) break
      found.push(id)
    }
    for (const id of found) note(since, id, true)
    return found
  }

  follow({ conversations: { awake: IdMap.empty() }, peers: { awake: IdMap.empty() } }, initial)
  return {
    follow,
    tick() {
      const now = clock()
      const { conversations: known, peers: knownPeers } = state()
      const conversations = waited(chats)
        .flatMap((id) => known.awake.get(id) ?? [])
        .filter((chat) => !isOpen(chat.id) && mayRest(state(), chat, now))
      const peers = waited(contacts)
        .flatMap((id) => knownPeers.awake.get(id) ?? [])
        .filter((peer) => mayContactRest(state(), peer))
      if (conversations.length + peers.length > 0) push({ kind: 'rest', conversations, peers })
    },
  }
}
