// The list of chats, kept up for whoever looks at it: after a commit only those are looked at again that it changed, and with time only those
// that waited for it.

import { FIRST_CHATS_MAX } from '../../limits.ts'
import { isUntouched } from '../../node/remove.ts'
import { isResting } from '../../node/rest-looks.ts'
import { isSameView } from './same-view.ts'
import { restingSummaryOf, summaryEnds, summaryOf, timeOf } from './views.ts'
import type { ConversationId } from '../../bytes/ids.ts'
import type { FirstChats } from '../../engine.ts'
import type { ConversationSummary } from '../../views.ts'
import type { Conversation, NodeState, RestingChat } from '../../node/state.ts'
import type { Surroundings } from './views.ts'

export type ChatList = {
  /** To be told of every commit, in order. */
  readonly follow: (before: NodeState, after: NodeState) => void
  /** Something about a chat has changed beside the node's state. Left out: about any. */
  readonly changed: (conversation?: ConversationId) => void
  /** Pinned ones first and archived ones last, among themselves the latest first. The same object as long as nothing has changed, and in it each chat that has not. */
  readonly views: () => readonly ConversationSummary[]
  /** The beginning of what `views` says and the chat with this alias, without looking at the others. */
  readonly first: (alias: string | undefined) => FirstChats
}

export type ChatListParts = { readonly state: () => NodeState; readonly around: () => Surroundings }

export function createChatList({ state, around }: ChatListParts): ChatList {
  const shown = new Map<ConversationId, ConversationSummary>()
  /** Those in which nothing is shown: what own devices say that they have of one decides what is said of it. */
  const empty = new Set<ConversationId>()
  /** When a chat's summary may become another one by itself, ms, and the earliest of these times. */
  const timed = new Map<ConversationId, number>()
  let next = Infinity
  let last = -Infinity
  /** Before anybody has looked, everything is. */
  let stale: Set<ConversationId> | 'all' = 'all'
  let sorted: readonly ConversationSummary[] = []

  function passTime(now: number): void {
    // A clock that was put back: what was over may be open again.
    if (now < last) stale = 'all'
    last = now
    if (stale === 'all' || now < next) return
    for (const [id, until] of timed) if (until <= now) stale.add(id)
  }

  /** What a chat is shown as from now on. */
  function look(id: ConversationId, surroundings: Surroundings): ConversationSummary | undefined {
    const conversation = state().conversations.look(id)
    const isListed = conversation !== undefined && isShown(conversation, surroundings)
    const summary = isListed ? toSummary(state(), conversation, surroundings) : undefined
    const ends = conversation === undefined ? Infinity : summaryEnds(conversation, surroundings.now)
    const until = Math.min(ends, summary?.mutedUntil ?? Infinity)
    if (until < Infinity) timed.set(id, until)
    else timed.delete(id)
    const before = shown.get(id)
    return before !== undefined && isSameView(before, summary) ? before : summary
  }

  // What own devices say to each other is in a conversation like others, and nobody’s chat.
  const isShown = (chat: Conversation | RestingChat, surroundings: Surroundings): boolean =>
    chat.id !== state().circle?.conversation && isListed(chat, surroundings)

  function refresh(ids: Iterable<ConversationId>, surroundings: Surroundings): void {
    const list = [...sorted]
    let isChanged = false
    for (const id of ids) {
      const [before, after] = [shown.get(id), look(id, surroundings)]
      if (before === after) continue
      isChanged = true
      place(list, before, after)
      if (after === undefined) shown.delete(id)
      else shown.set(id, after)
      if (after === undefined || after.last !== undefined) empty.delete(id)
      else empty.add(id)
    }
    if (isChanged) sorted = list
  }

  return {
    follow(before, after) {
      if (before.self !== after.self || before.terms.blocked !== after.terms.blocked) stale = 'all'
      if (stale === 'all') return
      for (const id of after.conversations.changedSince(before.conversations)) stale.add(id)
      for (const id of saidAnew(empty, before.net.links, after.net.links)) stale.add(id)
    },
    changed(conversation) {
      if (conversation === undefined) stale = 'all'
      else if (stale !== 'all') stale.add(conversation)
    },
    views() {
      const surroundings = around()
      passTime(surroundings.now)
      const ids = stale === 'all' ? new Set([...shown.keys(), ...state().conversations.keys()]) : stale
      if (ids.size === 0) return sorted
      stale = new Set()
      refresh(ids, surroundings)
      next = Math.min(Infinity, ...timed.values())
      return sorted
    },
    first(alias) {
      const surroundings = around()
      const { aliasOf, flagged, flagsOf, now } = surroundings
      const flags = flagged()
      const listed = [...state().conversations.looks()]
        .filter((chat) => isShown(chat, surroundings))
        .map((chat) => ({ ...(flags.has(chat.id) ? flagsOf(chat) : {}), id: chat.id, time: timeOf(chat, now), chat }))
        .toSorted((a, b) => (isBefore(a, b) ? -1 : 1))
      const named = alias === undefined ? -1 : listed.findIndex(({ id }) => aliasOf(id) === alias)
      const first = listed.filter((_, at) => at < FIRST_CHATS_MAX || at === named)
      return { chats: first.map(({ chat }) => toSummary(state(), chat, surroundings)), isWhole: first.length === listed.length }
    },
  }
}

type Links = NodeState['net']['links']

/** Of these chats those of which own devices say on their links that they have something else than before. */
function saidAnew(chats: ReadonlySet<ConversationId>, before: Links, after: Links): readonly ConversationId[] {
  if (chats.size === 0 || before === after) return []
  const words = [...new Set([...before.keys(), ...after.keys()])]
    .map((device) => [before.get(device)?.said, after.get(device)?.said] as const)
    .filter(([had, has]) => had !== has)
  return [...chats].filter((id) => words.some(([had, has]) => had?.get(id) !== has?.get(id)))
}

const toSummary = (state: NodeState, chat: Conversation | RestingChat, around: Surroundings): ConversationSummary =>
  isResting(chat) ? restingSummaryOf(state, chat, around) : summaryOf(state, chat, around)

// An own invite that nobody has come with is listed once something is, or was, written in it or the link was shared.
const isListed = (conversation: Conversation | RestingChat, around: Surroundings): boolean =>
  isResting(conversation) ||
  (conversation.group !== undefined &&
    (conversation.group.asked !== undefined || conversation.view.counted?.accounts.has(conversation.view.self) === true)) ||
  (conversation.group === undefined && isPairListed(conversation, around))

const isPairListed = (conversation: Conversation, { isDropped, draftOf }: Surroundings): boolean =>
  conversation.phase !== 'inviting' ||
  (!isDropped(conversation.id) && (!isUntouched(conversation) || draftOf(conversation.id) !== undefined))

type Sorted = Pick<ConversationSummary, 'id' | 'time' | 'isPinned' | 'isArchived'>

const rankOf = ({ isPinned, isArchived }: Sorted): number => (isArchived ? 2 : isPinned ? 0 : 1)

function isBefore(a: Sorted, b: Sorted): boolean {
  const ranks = rankOf(a) - rankOf(b)
  return ranks < 0 || (ranks === 0 && (a.time > b.time || (a.time === b.time && a.id < b.id)))
}

function place(list: ConversationSummary[], before: ConversationSummary | undefined, after: ConversationSummary | undefined): void {
  if (before !== undefined) list.splice(placeIn(list, before), 1)
  if (after !== undefined) list.splice(placeIn(list, after), 0, after)
}

/** Where a chat stands in a sorted list, or would. */
function placeIn(list: readonly ConversationSummary[], chat: ConversationSummary): number {
  let [low, high] = [0, list.length]
  while (low < high) {
    const middle = (low + high) >> 1
    const other = list[middle]
    if (other !== undefined && isBefore(other, chat)) low = middle + 1
    else high = middle
  }
  return low
}
