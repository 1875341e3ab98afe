// The pinned messages of a chat, as far as they were seen: a window shows what it shows, so they are remembered while the chat is open.

import type { EntryId, MessageView } from '@kith/protocol'
import { PINS_SHOWN_MAX } from '../limits.ts'
import type { Played } from '../played/index.ts'
import { playedOf, toPreview } from './preview.ts'

export type Pinned = { readonly id: EntryId; readonly text: string; readonly played: Played | undefined; readonly time: number }

/** Oldest first. What is in the window counts as it is there; the rest as it was last seen. One that the window passes over has gone. */
export const withPins = (known: readonly Pinned[], messages: readonly MessageView[]): readonly Pinned[] => {
  const shown = new Set<EntryId>(messages.map(({ id }) => id))
  const here = messages.flatMap((message) =>
    message.kind === 'text' && message.isPinned === true
      ? [{ id: message.id, text: toPreview(message), played: playedOf(message), time: message.time }]
      : [],
  )
  const times = messages.map(({ time }) => time)
  const [from, to] = [Math.min(...times), Math.max(...times)]
  const elsewhere = known.filter(({ id, time }) => !shown.has(id) && !(time > from && time < to))
  return [...elsewhere, ...here].toSorted((a, b) => a.time - b.time).slice(-PINS_SHOWN_MAX)
}
