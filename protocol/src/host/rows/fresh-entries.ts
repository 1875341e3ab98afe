// The entries that were stored last, kept at hand: what has just been written goes out without being read back first.

import { FRESH_ENTRIES_KEPT } from '../../limits.ts'
import { lengthOf } from '../../log/log.ts'
import { placeOf } from '../../log/lookups.ts'
import type { ConversationId, DeviceId } from '../../bytes/ids.ts'
import type { NodeState } from '../../node/state.ts'
import type { Store, StoreRange, StoreRow, StoreWrite } from '../../ports.ts'

export type FreshEntries = {
  /** Rows of the store, which is asked only where they are not at hand. */
  readonly read: Store['read']
  /** To be told of every commit, once it is durable. `before`: the state before it. */
  readonly follow: (before: NodeState, writes: readonly StoreWrite[]) => void
}

/** All rows of a feed from `from` on. */
type Feed = { readonly from: string; readonly rows: Map<string, StoreRow> }

export function createFreshEntries(store: Pick<Store, 'read'>): FreshEntries {
  const feeds = new Map<string, Feed>()
  let count = 0

  function note(before: NodeState, row: StoreRow): void {
    const name = feedOf(row.key)
    const feed = feeds.get(name) ?? { from: endOf(before, name), rows: new Map<string, StoreRow>() }
    if (row.key < feed.from) return
    if (!feed.rows.has(row.key)) count += 1
    feed.rows.set(row.key, row)
    feeds.set(name, feed)
  }

  function find({ table, from, to, limit, order = 'ascending' }: StoreRange): readonly StoreRow[] | undefined {
    if (table !== 'entries' || from === undefined || to === undefined || order !== 'ascending') return undefined
    const feed = feeds.get(feedOf(from))
    if (feed === undefined || from < feed.from || feedOf(to) !== feedOf(from)) return undefined
    const rows = [...feed.rows.values()].filter(({ key }) => key >= from && key < to)
    return rows.toSorted((a, b) => (a.key < b.key ? -1 : 1)).slice(0, limit)
  }

  return {
    async read(range) {
      return find(range) ?? store.read(range)
    },
    follow(before, writes) {
      for (const write of writes) if (write.kind === 'put' && write.table === 'entries') note(before, write)
      if (count <= FRESH_ENTRIES_KEPT && !writes.some(takesEntries)) return
      feeds.clear()
      count = 0
    },
  }
}

/** What is shredded does not say which rows it takes along. */
const takesEntries = (write: StoreWrite): boolean =>
  write.kind === 'shred' || write.kind === 'shred-range' || (write.kind !== 'put' && write.table === 'entries')

/** Conversation and device in a key of an entry. */
const feedOf = (key: string): string => key.split('/', 2).join('/')

/** Where the next entry of a feed will lie: nothing is stored from there on. */
function endOf(state: NodeState, feed: string): string {
  const [conversation, device] = feed.split('/') as [ConversationId, DeviceId]
  const log = state.conversations.awake.get(conversation)?.log
  return `${conversation}/${placeOf(device, log === undefined ? 0 : lengthOf(log, device))}/`
}
