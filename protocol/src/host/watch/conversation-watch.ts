// One look at one conversation: a new view after each change that concerns it, never two at a time, always the newest last.

import { createQuotes } from './quotes.ts'
import { createTimelineWindow } from './timeline-window.ts'
import { isShown } from '../../conversation/state.ts'
import type { DeviceId } from '../../bytes/ids.ts'
import type { ConversationState } from '../../conversation/state.ts'
import type { WindowRows } from './timeline-window.ts'
import { keepSame, isSameView } from './same-view.ts'
import { conversationViewOf, isRowShown, messageOf } from './views.ts'
import { laterPart } from '../../node/part.ts'
import { partnersOf } from '../../node/members.ts'
import type { ConversationId, EntryId } from '../../bytes/ids.ts'
import type { ConversationView, MessageView } from '../../views.ts'
import type { ConversationWindow } from '../../engine.ts'
import type { Meta } from '../../documents/meta.ts'
import type { Conversation, NodeState } from '../../node/state.ts'
import type { Store, StoreWrite } from '../../ports.ts'
import type { TimelineRow } from '../../conversation/timeline-row.ts'
import type { Change } from '../loop.ts'
import type { Surroundings } from './views.ts'

export type ConversationParts = {
  readonly store: Pick<Store, 'get' | 'read'>
  readonly state: () => NodeState
  /** Resolves when a conversation that rested is awake. */
  readonly wake: (conversation: ConversationId) => Promise<unknown>
  readonly around: () => Surroundings
  readonly metaOf: (conversation: ConversationId) => Promise<Meta>
  readonly faulty: (error: unknown) => void
}

export type RunningWatch = {
  /** To be told of every commit. */
  readonly follow: (writes: readonly StoreWrite[], moment: Change['moment']) => void
  /** Something beside rows and state may have changed. */
  readonly refresh: () => void
  readonly move: (window: ConversationWindow) => void
  readonly stop: () => void
}

export function createConversationWatch(
  parts: ConversationParts,
  { conversation: id, ...first }: { readonly conversation: ConversationId } & ConversationWindow,
  show: (view: ConversationView | undefined) => void,
): RunningWatch {
  const window = createTimelineWindow(parts.store, { conversation: id, window: first })
  const answered = createQuotes(parts.store, id)
  const toMessages = createMessages()
  const unreadFrom = createMarker()
  let basis: readonly unknown[] = []
  /** What was shown last; undefined before there was anything. */
  let shown: { readonly view: ConversationView | undefined } | undefined
  let isOver = false
  /** What was committed is not shown yet. */
  let isBehind = false

  async function load(): Promise<void> {
    isBehind = false
    const view = await toView()
    if (isOver || (shown !== undefined && isSameView(shown.view, view))) return
    shown = { view }
    show(view)
  }

  async function toView(): Promise<ConversationView | undefined> {
    if (parts.state().conversations.isAsleep(id)) await parts.wake(id)
    basis = basisOf(parts.state(), id)
    if (!parts.state().conversations.has(id)) return undefined
    const [seen, { title, timer }] = await Promise.all([window.see(), parts.metaOf(id)])
    const quotes = await answered.of(seen.rows)
    const [state, around] = [parts.state(), parts.around()]
    // It may have gone to rest before anybody knew that it is looked at.
    if (state.conversations.isAsleep(id)) return toView()
    const conversation = state.conversations.get(id)
    if (conversation === undefined) return undefined
    const { now, petnameOf } = around
    const messages = toMessages(seen.rows, {
      state,
      conversation,
      quotes,
      now,
      petnameOf,
      isStarred: around.isStarred,
      reach: conversation.group && laterPart().reachIn(state, conversation),
    })
    const { hasOlder, hasNewer, window: of } = seen
    const from = unreadFrom(conversation, seen)
    return conversationViewOf(
      state,
      conversation,
      { anchor: of.anchor, messages, hasOlder, hasNewer, unreadFrom: from, title, timer },
      around,
    )
  }

  const refresh = oneAtATime(load, parts.faulty)
  refresh()
  return {
    follow(writes, moment) {
      const isChanged = [window.follow(writes), answered.follow(writes)].includes(true)
      isBehind ||= isChanged || !isLevel(basis, basisOf(parts.state(), id))
      if (isBehind && moment === 'at rest') refresh()
    },
    refresh,
    move(next) {
      window.move(next)
      refresh()
    },
    stop() {
      isOver = true
    },
  }
}

/** What of the state a view of a conversation is made of. */
function basisOf(state: NodeState, id: ConversationId): readonly unknown[] {
  const { self, net, terms, conversations, peers } = state
  const conversation = conversations.awake.get(id)
  const partners = conversation === undefined ? [] : partnersOf(state, id)
  return [self, net, terms.blocked, conversation, ...partners.map((device) => peers.look(device))]
}

const isLevel = (a: readonly unknown[], b: readonly unknown[]): boolean => a.length === b.length && a.every((item, at) => item === b[at])

type ViewSources = Parameters<typeof messageOf>[3] & { readonly state: NodeState; readonly conversation: Conversation }

/** The messages of some rows: made again where what they follow from has changed, and then the same objects where they say the same. */
function createMessages(): (rows: readonly TimelineRow[], shown: ViewSources) => readonly MessageView[] {
  let basis: readonly unknown[] = []
  let messages: readonly MessageView[] = []
  return (rows, { state, conversation, ...context }) => {
    const { quotes, now, petnameOf, isStarred } = context
    // What is of the future is shown as of now.
    const starred = rows.flatMap(({ id }) => (isStarred(id) ? [id] : [])).join()
    const names = conversation.group === undefined ? [] : [...new Set(rows.map(({ account }) => petnameOf(account)))]
    const next = [
      rows,
      conversation,
      quotes,
      state.self,
      state.terms.blocked,
      starred,
      ...names,
      ...(rows.some(({ time }) => time > now) ? [now] : []),
    ]
    if (isLevel(basis, next)) return messages
    basis = next
    const shown = rows.filter((row) => isRowShown(conversation, row))
    messages = keepSame(
      messages,
      shown.map((row) => messageOf(state, conversation, row, context)),
    )
    return messages
  }
}

/**
 * The first message that was unread when it was first asked, and the same ever after: known once a window has it, since what is looked at first may lie
 * elsewhere. What comes later is none.
 */
function createMarker(): (conversation: Conversation, seen: Pick<WindowRows, 'rows' | 'hasOlder'>) => EntryId | undefined {
  let firsts: ReadonlyMap<DeviceId, number> | undefined
  let found: EntryId | undefined
  return ({ view }, { rows, hasOlder }) => {
    firsts ??= firstUnread(view)
    if (found !== undefined || firsts.size === 0) return found
    const here = rows.filter(({ device, seq }) => firsts?.get(device) === seq)
    // One of another device may stand above the window.
    if (here.length === firsts.size || !hasOlder) found = here[0]?.id
    return found
  }
}

/** Of each device the first message that was not read; -1 where so many are unread that it is not known. */
function firstUnread(view: ConversationState): ReadonlyMap<DeviceId, number> {
  const firsts = new Map<DeviceId, number>()
  for (const [device, { account, unread, unreadOlder }] of view.feeds) {
    const [first] = unread
    if (first !== undefined && account !== view.self && isShown(view, account)) firsts.set(device, unreadOlder > 0 ? -1 : first)
  }
  return firsts
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
