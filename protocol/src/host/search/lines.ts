// Lines of the timeline as the index has them, and back.

import { decode } from '../../bytes/codec.ts'
import { timelineRow } from '../../conversation/timeline-row.ts'
import { termsOf } from '../../search/terms.ts'
import { ROWS_PER_READ_MAX } from '../../limits.ts'
import { ORDER_KEY_LENGTH } from '../../log/order.ts'
import { LINES_PER_PLACE_MAX } from './limits.ts'
import type { ConversationId } from '../../bytes/ids.ts'
import type { MessageContent, TimelineRow } from '../../conversation/timeline-row.ts'
import type { SearchKind } from '../../engine.ts'
import type { LineOfTerms } from '../../search/build.ts'
import type { Place } from '../../search/line-block.ts'
import type { Store, StoreRow } from '../../ports.ts'

const TIME_DIGITS = 12
const DEPTH_DIGITS = 8
const ID_LENGTH = 64
/** Letters of an order key that say where a line stands; the rest says which one it is. */
const PLACE_DIGITS = TIME_DIGITS + DEPTH_DIGITS

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0')

/** The beginning of the keys of a place. */
export const placePrefix = ({ conversation, time, depth }: Place): string =>
  `${conversation}/${hex(time, TIME_DIGITS)}${hex(depth, DEPTH_DIGITS)}`

/** The order of places without their conversations, as the beginning of an order key. */
export const orderPrefix = ({ time, depth }: Place): string => hex(time, TIME_DIGITS) + hex(depth, DEPTH_DIGITS)

export function placeOf(conversation: ConversationId, orderKey: string): Place {
  const [time, depth] = [orderKey.slice(0, TIME_DIGITS), orderKey.slice(TIME_DIGITS, PLACE_DIGITS)]
  return { conversation, time: Number.parseInt(time, 16), depth: Number.parseInt(depth, 16) }
}

export type Message = TimelineRow & { readonly content: MessageContent }
export type PlacedMessage = { readonly conversation: ConversationId; readonly row: Message }

/** Those among rows of the timeline that can be searched. */
export const messagesIn = (rows: readonly StoreRow[]): readonly PlacedMessage[] =>
  rows.flatMap(({ key, value }) => {
    const row = decode(timelineRow, value)
    return isMessage(row) ? [{ conversation: key.slice(0, ID_LENGTH) as ConversationId, row }] : []
  })

const isMessage = (row: TimelineRow): row is Message => row.content.kind === 'text'

/** All messages at a place. */
export async function messagesAt(store: Pick<Store, 'read'>, place: Place): Promise<readonly PlacedMessage[]> {
  const from = placePrefix(place)
  return messagesIn(await store.read({ table: 'timeline', from, to: `${from}~`, limit: LINES_PER_PLACE_MAX }))
}

/** The messages at many places: those that lie close to each other are read together. */
export async function messagesAtAll(store: Pick<Store, 'read'>, places: readonly Place[]): Promise<readonly PlacedMessage[]> {
  const prefixes = [...new Set(places.map(placePrefix))].toSorted()
  const wanted = new Set(prefixes)
  const messages: PlacedMessage[] = []
  for (let at = 0; at < prefixes.length;) {
    const from = prefixes[at] ?? ''
    const chat = from.slice(0, ID_LENGTH)
    const limit = Math.min(ROWS_PER_READ_MAX, 2 * (prefixes.length - at) + LINES_PER_PLACE_MAX)
    const rows = await store.read({ table: 'timeline', from, to: `${chat}/~`, limit })
    const last = rows.length < limit ? `${chat}/~` : (rows.at(-1)?.key ?? '').slice(0, from.length)
    messages.push(...messagesIn(rows.filter(({ key }) => key.slice(0, from.length) < last && wanted.has(key.slice(0, from.length)))))
    const next = prefixes.findIndex((prefix, i) => i >= at && prefix >= last)
    if (next === at) {
      // More lines at one place than are looked at.
      messages.push(...messagesIn(rows.filter(({ key }) => key.startsWith(from)).slice(0, LINES_PER_PLACE_MAX)))
      at += 1
    } else at = next < 0 ? prefixes.length : next
  }
  return messages
}

/** Beginning of a chat's name that tells it from others well enough for an index. */
const CHAT_DIGITS = 12

/** A term that no text has, for each kind of message that is asked for: one for all chats, and one for each, so that what is asked of one reads no other. */
export const kindTerm = (kind: SearchKind, conversation?: ConversationId): string =>
  `\u0001${kind}${conversation === undefined ? '' : `\u0001${conversation.slice(0, CHAT_DIGITS)}`}`

const LINK = /https?:\/\/[^\s/]/iu

/** Where the first link of a text begins; -1 where it has none. */
export const linkIn = (text: string): number => text.search(LINK)

const KIND_OF: Readonly<Record<SearchKind, (content: MessageContent) => boolean>> = {
  link: ({ text }) => linkIn(text) >= 0,
  reply: ({ answers }) => answers !== undefined,
  picture: ({ files = [] }) => files.some(({ photo, video }) => (photo ?? video) !== undefined),
  voice: ({ files = [] }) => files.some(({ voice }) => voice !== undefined),
  file: ({ files = [] }) => files.some(({ photo, voice, video }) => (photo ?? voice ?? video) === undefined),
}

export const isOfKind = ({ content }: Message, kind: SearchKind): boolean => KIND_OF[kind](content)

const KINDS: readonly SearchKind[] = ['link', 'reply', 'picture', 'voice', 'file']

export const lineOfTerms = ({ conversation, row }: PlacedMessage): LineOfTerms => ({
  ...indexedLine({ conversation, row }),
  terms: new Set([
    ...termsOf(row.content.text),
    ...KINDS.filter((kind) => isOfKind(row, kind)).flatMap((kind) => [kindTerm(kind), kindTerm(kind, conversation)]),
  ]),
})

/** What tells whether the index has a message as it is now. */
export const indexedLine = ({ conversation, row }: PlacedMessage) => ({
  place: placeOf(conversation, row.orderKey),
  account: row.account,
  version: versionOf(row),
})

const VERSION_DIGITS = 12

/** 0 for a text that was never edited, else the end of the edit's own id. */
function versionOf({ content }: Message): number {
  const edit = content.related?.edit
  return edit === undefined ? 0 : Number.parseInt(edit.orderKey.slice(ORDER_KEY_LENGTH - VERSION_DIGITS), 16) || 1
}
