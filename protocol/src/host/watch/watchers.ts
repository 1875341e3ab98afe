// Who looks at what. Each watcher hears of a change when it concerns what it shows, and of nothing else.

import { createChatList } from './chat-list.ts'
import { createConversationWatch } from './conversation-watch.ts'
import { isSameView } from './same-view.ts'
import type { ConversationId } from '../../bytes/ids.ts'
import type { AppView, ConversationSummary, LinkingView, PresenceView } from '../../views.ts'
import type { DraftPlace, Engine } from '../../engine.ts'
import type { ConversationParts, RunningWatch } from './conversation-watch.ts'
import type { Later } from '../lazily.ts'
import type { Change } from '../loop.ts'

const NOBODY: PresenceView = { here: [], typing: [] }

export type WatcherParts = ConversationParts & {
  readonly app: () => AppView
  readonly later: Later
  /** A linking under way. */
  readonly linking: () => LinkingView | undefined
  /** Undefined before anybody can be reached. */
  readonly presence: () => PresenceView | undefined
}

export type Watchers = {
  /** What the engine offers. */
  readonly watches: Pick<
    Engine,
    | 'watchApp'
    | 'watchConversations'
    | 'watchConversation'
    | 'watchMembers'
    | 'watchAlarms'
    | 'watchDevices'
    | 'watchPresence'
    | 'readFirstChats'
  >
  /** Whether somebody looks at the messages of a conversation. */
  readonly isOpen: (conversation: ConversationId) => boolean
  /**
   * To be told of every commit before anybody looks at what it changed. What passes is shown once it has passed, or with the next `passed`: a device that
   * catches up would draw each screenful of what it missed.
   */
  readonly follow: (change: Pick<Change, 'before' | 'after' | 'writes' | 'moment'>) => void
  /** Something that is shown has changed beside the node's state: in this place alone, or nobody knows where. */
  readonly changed: (place?: DraftPlace) => void
  /** The network, or the time: what the whole app shows of itself, and the open conversations. Chats of the list know when theirs has come. */
  readonly passed: () => void
  /** What is watched beside the messages and the list. */
  readonly refresh: () => void
}

export function createWatchers(parts: WatcherParts): Watchers {
  const list = createChatList(parts)
  const apps = new Set<() => void>()
  const lists = new Set<() => void>()
  const late = new Set<() => void>()
  const conversations = new Map<RunningWatch, ConversationId>()

  function watch<T>(watchers: Set<() => void>, now: () => T, show: (view: T) => void): () => void {
    let shown = now()
    const refresh = (): void => {
      const view = now()
      if (isSameView(shown, view)) return
      shown = view
      show(view)
    }
    watchers.add(refresh)
    show(shown)
    return () => watchers.delete(refresh)
  }

  /** What is worked out by what no start needs. */
  function watchLate<T>(now: (later: Awaited<ReturnType<Later>>) => T, show: (view: T) => void): () => void {
    let stop: (() => unknown) | undefined
    let isOver = false
    const start = (later: Awaited<ReturnType<Later>>): void => {
      if (!isOver) stop = watch(late, () => now(later), show)
    }
    parts.later().then(start).catch(parts.faulty)
    return () => {
      isOver = true
      stop?.()
    }
  }

  /** Something that passed was not shown. */
  let isBehind = false
  const refreshShort = (): void => {
    isBehind = false
    for (const refresh of [...apps, ...lists, ...late]) refresh()
  }

  return {
    watches: {
      watchApp: (show) => watch(apps, parts.app, show),
      watchConversations: (show) => watch<readonly ConversationSummary[]>(lists, list.views, show),
      readFirstChats: ({ alias }) => Promise.resolve(list.first(alias)),
      watchMembers: ({ conversation: id }, show) =>
        watchLate(({ membersOf }) => membersOf(parts.state(), id, parts.around().petnameOf), show),
      watchAlarms: ({ conversation: id }, show) => watchLate(({ alarmsOf }) => alarmsOf(parts.state(), id, parts.around().petnameOf), show),
      watchDevices: (show) => watchLate(({ ownDevicesOf }) => ({ devices: ownDevicesOf(parts.state()), linking: parts.linking() }), show),
      watchPresence: (show) => watchLate(() => parts.presence() ?? NOBODY, show),
      watchConversation(query, show) {
        const looking = createConversationWatch(parts, query, show)
        conversations.set(looking, query.conversation)
        return {
          move: looking.move,
          stop: () => {
            looking.stop()
            conversations.delete(looking)
          },
        }
      },
    },
    isOpen: (id) => [...conversations.values()].includes(id),
    follow({ before, after, writes, moment }) {
      list.follow(before, after)
      for (const looking of conversations.keys()) looking.follow(writes, moment)
      isBehind ||= before !== after
      if (isBehind && moment === 'at rest') refreshShort()
    },
    changed(place) {
      if (place !== 'start') list.changed(place)
      for (const [looking, id] of conversations) if (place === undefined || id === place) looking.refresh()
      refreshShort()
    },
    refresh: () => late.forEach((refresh) => refresh()),
    passed() {
      for (const looking of conversations.keys()) looking.refresh()
      refreshShort()
    },
  }
}
