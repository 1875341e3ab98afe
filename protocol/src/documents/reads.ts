// What each device of a person has read, feed by feed (docs/protocol.md §10.2). Kept only where there are several; each writes under keys of its own, since of
// two that write under one at the same time the lower number could stay.

import { SEQ_MAX } from '../limits.ts'
import { changeDocument, keysOf, setValue, valueOf } from './document.ts'
import type { ConversationId, DeviceId } from '../bytes/ids.ts'
import type { Document } from './document.ts'

/** How many entries of a feed have been read. */
export type FeedRead = { readonly device: DeviceId; readonly length: number }

type Reading = { readonly conversation: ConversationId; readonly reader: DeviceId; readonly reads: readonly FeedRead[] }

/** Keeps what `reader` has read of these feeds, where that is more than what is kept. */
export const setReads = (document: Document, { conversation, reader, reads }: Reading): Uint8Array | undefined =>
  changeDocument(document, () => {
    for (const { device, length } of reads) {
      const key = [conversation, nameIn(device), nameIn(reader)].join('/')
      if (length > readAt(document, key)) setValue(document, { root: 'reads', key, value: length })
    }
  })

/** Of feeds of a conversation whose devices' names begin so, how many entries were read. */
export type ReadElsewhere = { readonly conversation: ConversationId; readonly feed: string; readonly length: number }

/** What these keys under `reads` say. */
export const readsIn = (document: Document, keys: ReadonlySet<string>): readonly ReadElsewhere[] =>
  [...keys].flatMap((key) => {
    const [conversation, feed] = key.split('/')
    const length = readAt(document, key)
    return length === 0 || feed?.length !== NAME_DIGITS ? [] : [{ conversation: conversation as ConversationId, feed, length }]
  })

export const forgetReads = (document: Document, conversation: ConversationId): Uint8Array | undefined =>
  changeDocument(document, () => {
    for (const key of keysOf(document, 'reads'))
      if (key.startsWith(`${conversation}/`)) setValue(document, { root: 'reads', key, value: undefined })
  })

// A key has room for so much of a device's name, and nobody finds another one that begins so.
const NAME_DIGITS = 24
const nameIn = (device: DeviceId): string => device.slice(0, NAME_DIGITS)

function readAt(document: Document, key: string): number {
  const length = valueOf(document, 'reads', key)
  return typeof length === 'number' && Number.isSafeInteger(length) ? Math.min(Math.max(0, length), SEQ_MAX) : 0
}
