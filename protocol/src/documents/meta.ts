// The `meta` document of a conversation: what its members say together about it (docs/protocol.md §10.2).

import { cleanName } from '../conversation/text.ts'
import { TIMER_SECONDS_MAX, TIMER_SECONDS_MIN } from './limits.ts'
import { setValue, valueOf } from './document.ts'
import { deletesIn, textIn } from './admission.ts'
import type { Document } from './document.ts'
import type { DocumentState } from './state.ts'

/** `timer`: seconds after which messages that are written from now on go everywhere, 0 for never. */
export type Meta = { readonly title: string | undefined; readonly timer: number }

/** What the members have agreed on; values that are none count as if nobody had given them. */
export const readMeta = (document: Document): Meta => ({
  title: textOr(valueOf(document, ROOT, 'title'), cleanName),
  timer: secondsOr(valueOf(document, ROOT, 'timer')) ?? 0,
})

/** Gives the conversation a title, or takes it away with ''. The update to put into an entry, or undefined when nothing changes. */
export const setTitle = (document: Document, title: string): Uint8Array | undefined =>
  setValue(document, { root: ROOT, key: 'title', value: cleanName(title) || undefined })

/** Has messages go after so many whole seconds, 0 for never. The update, or undefined when nothing changes. Throws RangeError for what is no such number. */
export function setTimer(document: Document, seconds: number): Uint8Array | undefined {
  if (secondsOr(String(seconds)) !== seconds) throw new RangeError(`no timer: ${seconds} s`)
  if (readMeta(document).timer === seconds) return undefined
  return setValue(document, { root: ROOT, key: 'timer', value: String(seconds) })
}

/** The title that one update gives. `state`: the document after it. Independent of what others did meanwhile. */
export const titleIn = (update: Uint8Array, state: DocumentState): string | undefined =>
  textOr(textIn(update, { root: ROOT, key: 'title', state }), cleanName)

/** The same for the timer, in seconds. What is no timer ends one, so it is told as such, and so is one that is deleted. */
export function timerIn(update: Uint8Array, state: DocumentState): number | undefined {
  const at = { root: ROOT, key: 'timer', state }
  const text = textIn(update, at)
  if (text === undefined) return deletesIn(update, at) ? 0 : undefined
  return secondsOr(text) ?? 0
}

const ROOT = 'meta'
const SECONDS = /^(?:0|[1-9]\d{0,8})$/

const textOr = (value: unknown, clean: (text: string) => string): string | undefined =>
  typeof value === 'string' ? clean(value) || undefined : undefined

function secondsOr(value: unknown): number | undefined {
  if (typeof value !== 'string' || !SECONDS.test(value) || Number(value) > TIMER_SECONDS_MAX) return undefined
  return value === '0' ? 0 : Math.max(Number(value), TIMER_SECONDS_MIN)
}
