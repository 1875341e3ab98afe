// What was read on any device of a person, feed by feed (docs/protocol.md §10.2). Kept only where there are several.

import { SEQ_MAX } from '../limits.ts'
import { changeDocument, keysOf, setValue, valueOf } from './document.ts'
import type { ConversationId, DeviceId } from '../bytes/ids.ts'
import type { Document } from './document.ts'

/** How many entries of a feed have been read on any own device. */
export type FeedRead = { readonly device: DeviceId; readonly length: number }

/** Keeps what was read of these feeds, where that is more than what is kept. */
export const setReads = (document: Document, conversation: ConversationId, reads: readonly FeedRead[]): Uint8Array | undefined =>
  changeDocument(document, () => {
    for (const { device, length } of reads) {
      const key = readKeyOf(conversation, device)
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
    return length === 0 || feed?.length !== READ_DEVICE_DIGITS ? [] : [{ conversation: conversation as ConversationId, feed, length }]
  })

export const forgetReads = (document: Document, conversation: ConversationId): Uint8Array | undefined =>
  changeDocument(document, () => {
    for (const key of keysOf(document, 'reads'))
      if (key.startsWith(`${conversation}/`)) setValue(document, { root: 'reads', key, value: undefined })
  })

// A key has room for half of the device's name, which nobody else in a conversation begins with.
const READ_DEVICE_DIGITS = 32
const readKeyOf = (conversation: ConversationId, device: DeviceId): string => `${conversation}/${device.slice(0, READ_DEVICE_DIGITS)}`

function readAt(document: Document, key: string): number {
  const length = valueOf(document, 'reads', key)
  return typeof length === 'number' && Number.isSafeInteger(length) ? Math.min(Math.max(0, length), SEQ_MAX) : 0
}
