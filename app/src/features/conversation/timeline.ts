// Messages to what is drawn: groups of one author, days, system lines and the marker of what is new. Pure, so that it can be tested.

import type { DeliveryState, EntryId, MessageView, PersonView } from '@kith/protocol'
import { dayOf } from '../time/index.ts'

export const GROUP_GAP_MS = 5 * 60_000

export type TextMessage = Extract<MessageView, { kind: 'text' }>
export type SystemMessage = Extract<MessageView, { kind: 'system' }>
/** What is a quiet line between the notes. */
export type LineMessage = Exclude<MessageView, { kind: 'text' }>

export type TimelineItem =
  | { readonly kind: 'day'; readonly key: string; readonly time: number }
  | { readonly kind: 'unread'; readonly key: string }
  | { readonly kind: 'line'; readonly key: string; readonly message: LineMessage }
  /** `author`: of others, where there are several. */
  | {
      readonly kind: 'group'
      readonly key: string
      readonly mine: boolean
      readonly author: PersonView | undefined
      readonly notes: readonly TextMessage[]
    }
  | { readonly kind: 'wait'; readonly key: string }

type GroupItem = Extract<TimelineItem, { kind: 'group' }>

type Options = { readonly unreadFrom: EntryId | undefined; readonly waits: boolean }

type DraftItem = TimelineItem | { kind: 'group'; key: string; mine: boolean; author: PersonView | undefined; notes: TextMessage[] }

/** Of several people it is the one that has least of it. What one of them has did leave this device. */
export const toShownState = ({ state, reached }: Pick<TextMessage, 'state' | 'reached'>): DeliveryState => {
  if (reached === undefined || reached.of === 0 || (state !== 'delivered' && state !== 'read')) return state
  if (reached.read === reached.of) return 'read'
  return reached.delivered === reached.of ? 'delivered' : 'relay'
}

const isUndelivered = (item: DraftItem): boolean => {
  const last = item.kind === 'group' && item.mine ? item.notes.at(-1) : undefined
  return last !== undefined && ['saved', 'relay'].includes(toShownState(last))
}

export const toTimeline = (messages: readonly MessageView[], { unreadFrom, waits }: Options): readonly TimelineItem[] => {
  const items: DraftItem[] = []
  const knownName = toKnownName(messages)
  let before: MessageView | undefined
  let latestDay = Number.NEGATIVE_INFINITY
  for (const message of messages) {
    if (message.kind === 'system' && (isOwnDoing(message) || message.id === knownName)) continue
    // Clocks differ: a message that claims an earlier day than one above it does not turn the calendar back.
    const isNewDay = dayOf(message.time) > latestDay
    latestDay = Math.max(latestDay, dayOf(message.time))
    if (isNewDay) items.push({ kind: 'day', key: `day-${dayOf(message.time)}`, time: message.time })
    if (message.id === unreadFrom) items.push({ kind: 'unread', key: 'unread' })
    addMessage(items, message, before)
    before = message
  }
  if (waits) insertWait(items)
  return items
}

/**
 * Lets groups keep their key while notes come in at either end or leave, so that what is on the page stays there, and the focus with it:
 * it is that of any note of theirs when they were last asked for. A group in which nothing has changed stays the same object, and is not drawn again.
 */
export const createGroupKeys = () => {
  let known: ReadonlyMap<EntryId, string> = new Map()
  let shown: ReadonlyMap<string, GroupItem> = new Map()
  return (items: readonly TimelineItem[]): readonly TimelineItem[] => {
    const keys = new Map<EntryId, string>()
    const groups = new Map<string, GroupItem>()
    const keyed = items.map((item) => {
      if (item.kind !== 'group') return item
      const free = [...item.notes.map(({ id }) => known.get(id)), item.key].find((key) => key !== undefined && !groups.has(key))
      const key = free ?? `${item.key} ${groups.size}`
      for (const { id } of item.notes) keys.set(id, key)
      const before = shown.get(key)
      const group = before !== undefined && isSameGroup(before, item) ? before : { ...item, key }
      groups.set(key, group)
      return group
    })
    known = keys
    shown = groups
    return keyed
  }
}

const isSameGroup = (a: GroupItem, b: GroupItem): boolean =>
  a.mine === b.mine && a.notes.length === b.notes.length && a.notes.every((note, at) => note === b.notes[at])

/** What somebody has just done themselves needs no line about it, and in a group the names of others stand above what they write. */
const isOwnDoing = (message: SystemMessage): boolean =>
  message.mine ? message.event === 'joined' || message.event === 'named' : message.event === 'named' && message.author !== undefined

/** A first name stands already in the line about how they came; only a change of it is news. */
const toKnownName = (messages: readonly MessageView[]): EntryId | undefined => {
  const theirs = messages.filter((message) => message.kind === 'system' && !message.mine)
  const came = theirs.some((message) => message.kind === 'system' && (message.event === 'created' || message.event === 'joined'))
  return came ? theirs.find((message) => message.kind === 'system' && message.event === 'named')?.id : undefined
}

const addMessage = (items: DraftItem[], message: MessageView, before: MessageView | undefined): void => {
  if (message.kind !== 'text') {
    items.push({ kind: 'line', key: message.id, message })
    return
  }
  const open = items.at(-1)
  const near = before !== undefined && Math.abs(message.time - before.time) < GROUP_GAP_MS
  const { mine, author } = message
  const isSame = open?.kind === 'group' && open.mine === mine && open.author?.account === author?.account
  if (isSame && near && 'push' in open.notes) open.notes.push(message)
  else items.push({ kind: 'group', key: message.id, mine, author, notes: [message] })
}

/** Right below the last own message that is not with them yet, else at the end. */
const insertWait = (items: DraftItem[]): void => {
  const at = items.findLastIndex(isUndelivered)
  items.splice(at < 0 ? items.length : at + 1, 0, { kind: 'wait', key: 'wait' })
}
