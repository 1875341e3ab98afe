// One open conversation: the engine's view of a part of its messages, at most MESSAGES_SHOWN_MAX, which goes along with whoever reads.

import { onScopeDispose, shallowReadonly, shallowRef } from 'vue'
import type { Anchor, ConversationId, ConversationView, ConversationWindow, EntryId } from '@kith/protocol'
import { FIRST_MESSAGES, MESSAGES_SHOWN_MAX } from '../limits.ts'
import { useEngine } from '../engine/index.ts'

const END: Anchor = { kind: 'end' }
const START: Anchor = { kind: 'time', time: 0 }

export type NewMessages = { readonly from: EntryId; readonly count: number; readonly since: number }

const toNewMessages = ({ unreadFrom, messages }: ConversationView): NewMessages | undefined => {
  const at = messages.findIndex((message) => message.id === unreadFrom)
  // Where nothing was read before, everything is new and a line would say nothing.
  if (!messages.slice(0, Math.max(at, 0)).some((message) => message.kind === 'text')) return undefined
  const first = messages[at]
  if (unreadFrom === undefined || first === undefined) return undefined
  const count = messages.slice(at).filter((message) => message.kind === 'text' && !message.mine).length
  return count === 0 ? undefined : { from: unreadFrom, count, since: first.time }
}

/** Up to the end all of `count` lie before the anchor, elsewhere half of them do. */
const toWindow = (anchor: Anchor, count: number): ConversationWindow =>
  anchor.kind === 'end' ? { anchor, before: count, after: 0 } : { anchor, before: count / 2, after: count / 2 }
const isSameAnchor = (a: Anchor, b: Anchor): boolean =>
  a.kind === b.kind &&
  (a.kind !== 'entry' || b.kind !== 'entry' || a.entry === b.entry) &&
  (a.kind !== 'time' || b.kind !== 'time' || a.time === b.time)

/** `id` stays the same for the life of the caller, which is made anew for another conversation. */
export const useConversation = (id: ConversationId) => {
  const engine = useEngine()
  const view = shallowRef<ConversationView>()
  const state = shallowRef<'loading' | 'missing' | 'shown'>('loading')
  const news = shallowRef<NewMessages>()
  /** Where the window is about to be. */
  const goal = shallowRef<Anchor>()
  let anchor: Anchor = END
  const awaiting = new Set<() => void>()

  const arrive = (): void => {
    goal.value = undefined
    for (const go of awaiting) go()
    awaiting.clear()
  }
  const show = (shown: ConversationView | undefined): void => {
    // What was new when the conversation was opened is marked once it is here, and stays marked until the conversation is left.
    if (shown !== undefined) news.value ??= toNewMessages(shown)
    view.value = shown
    state.value = shown === undefined ? 'missing' : 'shown'
    if (goal.value === undefined || shown === undefined || isSameAnchor(shown.anchor, goal.value)) arrive()
  }
  const watch = engine.watchConversation({ conversation: id, anchor, before: FIRST_MESSAGES, after: 0 }, show)
  onScopeDispose(() => {
    watch.stop()
    arrive()
  })

  /** Resolves when what is there is shown; at once when it is already. Elsewhere nothing is on the page yet, so few messages are drawn at once. */
  const goTo = (next: Anchor, count = FIRST_MESSAGES): Promise<void> => {
    if (goal.value === undefined && isSameAnchor(anchor, next)) return Promise.resolve()
    if (!isSameAnchor(anchor, next)) watch.move(toWindow(next, count))
    anchor = next
    goal.value = next
    return new Promise((shown) => void awaiting.add(shown))
  }
  /** Goes on in one direction from the message that is being read, or from the outermost where that has been done. */
  const goOn = (where: 'older' | 'newer', reading: EntryId): void => {
    const shown = view.value
    if (goal.value !== undefined || shown === undefined || !(where === 'older' ? shown.hasOlder : shown.hasNewer)) return
    const outermost = (where === 'older' ? shown.messages[0] : shown.messages.at(-1))?.id ?? reading
    const next = [reading, outermost].find((entry) => !isSameAnchor(anchor, { kind: 'entry', entry }))
    if (next !== undefined) void goTo({ kind: 'entry', entry: next }, MESSAGES_SHOWN_MAX)
  }
  const moves = {
    goal: shallowReadonly(goal),
    goTo: (next: Anchor) => goTo(next),
    goOn,
    goToStart: () => goTo(START),
    goToEnd: () => goTo(END),
  }
  return { view, state, news, moves }
}

/** How the window is moved, and where to. */
export type Moves = ReturnType<typeof useConversation>['moves']
