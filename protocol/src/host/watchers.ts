// Who looks at what: every watcher gets a fresh view after each change that concerns it, never two at a time, always the newest last.

import { createQuotes } from './quotes.ts'
import { createTimelineWindow } from './timeline-window.ts'
import { isUntouched } from '../node/remove.ts'
import { conversationViewOf, isRowShown, summaryOf } from './views.ts'
import type { ConversationId, DeviceId, EntryId } from '../bytes/ids.ts'
import type { AppView, ConversationSummary, ConversationView } from '../engine.ts'
import type { Conversation, NodeState } from '../node/state.ts'
import type { Store, StoreWrite } from '../ports.ts'
import type { TimelineRow } from '../conversation/timeline-row.ts'
import type { Quotes } from './quotes.ts'
import type { TimelineWindow } from './timeline-window.ts'
import type { Surroundings } from './views.ts'

export type WatcherParts = {
  readonly store: Store
  readonly state: () => NodeState
  readonly around: () => Surroundings
  readonly app: () => AppView
  readonly titleOf: (conversation: ConversationId) => Promise<string | undefined>
  readonly faulty: (error: unknown) => void
}

type Watcher = { readonly follow?: TimelineWindow['follow']; readonly refresh: () => void }
type Query = { readonly conversation: ConversationId; readonly limit: number }

export type Watchers = {
  /** What the engine offers. */
  readonly watches: {
    readonly watchApp: (show: (view: AppView) => void) => () => void
    readonly watchConversations: (show: (views: readonly ConversationSummary[]) => void) => () => void
    readonly watchConversation: (query: Query, show: (view: ConversationView | undefined) => void) => () => void
  }
  /** To be told of every commit before anybody looks at what it changed. */
  readonly follow: (writes: readonly StoreWrite[]) => void
  /** Something changed that all watchers may see. */
  readonly refreshAll: () => void
}

export function createWatchers(parts: WatcherParts): Watchers {
  const watchers = new Set<Watcher>()

  function watch(watcher: Watcher): () => void {
    watchers.add(watcher)
    watcher.refresh()
    return () => watchers.delete(watcher)
  }

  function watchConversation(query: Query, show: (view: ConversationView | undefined) => void): () => void {
    const marker = createMarker()
    // One more than is shown tells whether there are older ones.
    const window = createTimelineWindow(parts.store, { conversation: query.conversation, limit: query.limit + 1 })
    const quotes = createQuotes(parts.store, query.conversation)
    let isOver = false
    const load = async (): Promise<void> => {
      const view = await loadView(parts, query, { marker, window, quotes })
      if (!isOver) show(view)
    }
    const follow = (writes: readonly StoreWrite[]): void => [window, quotes].forEach((one) => one.follow(writes))
    const stop = watch({ follow, refresh: oneAtATime(load, parts.faulty) })
    return () => {
      isOver = true
      stop()
    }
  }

  return {
    watches: {
      watchApp: (show) => watch({ refresh: () => show(parts.app()) }),
      watchConversations: (show) => watch({ refresh: () => show(summariesOf(parts)) }),
      watchConversation,
    },
    follow: (writes) => {
      for (const watcher of watchers) watcher.follow?.(writes)
    },
    refreshAll: () => {
      for (const watcher of watchers) watcher.refresh()
    },
  }
}

function summariesOf({ state, around }: WatcherParts): readonly ConversationSummary[] {
  const surroundings = around()
  return [...state().conversations.values()]
    .filter((conversation) => isListed(conversation, surroundings))
    .map((conversation) => summaryOf(state(), conversation, surroundings))
    .toSorted((a, b) => b.time - a.time)
}

// An own invite that nobody has come with is listed once something is, or was, written in it or the link was shared.
const isListed = (conversation: Conversation, { isDropped, draftOf }: Surroundings): boolean =>
  conversation.phase !== 'inviting' ||
  (!isDropped(conversation.id) && (!isUntouched(conversation) || draftOf(conversation.id) !== undefined))

/** Remembers how far was read when the watcher came, so that the unread mark stays where it was. */
type Marker = { readonly firstUnread: (conversation: Conversation, rows: readonly TimelineRow[]) => EntryId | undefined }

function createMarker(): Marker {
  let read: ReadonlyMap<DeviceId, number> | undefined
  return {
    firstUnread: ({ view }, rows) => {
      read ??= new Map([...view.feeds].map(([device, feed]) => [device, feed.read]))
      const before = read
      return rows.find((row) => row.account !== view.self && row.content.kind === 'text' && row.seq > (before.get(row.device) ?? Infinity))
        ?.id
    },
  }
}

type Kept = { readonly marker: Marker; readonly window: TimelineWindow; readonly quotes: Quotes }

async function loadView(
  parts: WatcherParts,
  { conversation: id, limit }: Query,
  { marker, window, quotes: all }: Kept,
): Promise<ConversationView | undefined> {
  if (!parts.state().conversations.has(id)) return undefined
  const [rows, title] = await Promise.all([window.rows(), parts.titleOf(id)])
  const quotes = await all.of(rows)
  const state = parts.state()
  const conversation = state.conversations.get(id)
  if (conversation === undefined) return undefined
  const shown = rows.filter((row) => isRowShown(conversation, row)).slice(-limit)
  return conversationViewOf(
    state,
    conversation,
    { rows: shown, hasOlder: rows.length > limit, unreadFrom: marker.firstUnread(conversation, shown), title, quotes },
    parts.around(),
  )
}

// Calls that come while one runs are one more run afterwards.
function oneAtATime(load: () => Promise<void>, faulty: (error: unknown) => void): () => void {
  let state: 'idle' | 'running' | 'again' = 'idle'
  const run = async (): Promise<void> => {
    do {
      state = 'running'
      await load()
    } while ((state as string) === 'again')
    state = 'idle'
  }
  return () => {
    if (state !== 'idle') {
      state = 'again'
      return
    }
    run().catch((error: unknown) => {
      state = 'idle'
      faulty(error)
    })
  }
}
