// The stars of the account document: messages that a person wants to find again, by the ids of their entries (docs/protocol.md §10.2). What the
// messages say is not in it.

import { setValue } from './document.ts'
import type { ConversationId, EntryId } from '../bytes/ids.ts'
import type { Document } from './document.ts'

/** `time`: when the star was set, ms. */
export type Star = { readonly message: EntryId; readonly conversation: ConversationId; readonly time: number }

export const setStar = (document: Document, { message, conversation, time }: Star): Uint8Array | undefined =>
  setValue(document, { root: 'stars', key: message, value: { conversation, time } })

export const takeStar = (document: Document, message: EntryId): Uint8Array | undefined =>
  setValue(document, { root: 'stars', key: message, value: undefined })

/** The newest star first. What a newer version has written otherwise is left out. */
export const starsOf = ({ doc }: Document): readonly Star[] =>
  [...doc.getMap('stars')]
    .flatMap(([message, value]) => parseStar(message, value) ?? [])
    .toSorted((a, b) => b.time - a.time || (a.message < b.message ? -1 : 1))

const ID = /^[0-9a-f]{64}$/

function parseStar(message: string, value: unknown): Star | undefined {
  if (typeof value !== 'object' || value === null || !ID.test(message)) return undefined
  const conversation: unknown = Reflect.get(value, 'conversation')
  const time: unknown = Reflect.get(value, 'time')
  if (typeof conversation !== 'string' || !ID.test(conversation) || typeof time !== 'number') return undefined
  return { message: message as EntryId, conversation: conversation as ConversationId, time }
}
