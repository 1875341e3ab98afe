// Bounds on what people can make each other's screens draw. Applied where text is written and again where it arrives, since the
// other side may not have. Direction marks and look-alikes are the interface's matter: only it knows where the text will stand.

import { utf8ToBytes } from '../bytes/bytes.ts'
import { NAME_BYTES_MAX, TEXT_BYTES_MAX } from '../limits.ts'
import { COMBINING_MARKS_MAX, PREVIEW_LENGTH_MAX } from './limits.ts'

const LONE_SURROGATES = /\p{Surrogate}/gu
const CONTROLS_BUT_LINES = /[\u0000-\u0008\u000e-\u001b\u007f-\u009f\ufeff]/g
/** All that Unicode breaks lines or separates paragraphs at. Taken away, the words beside it would grow together. */
const LINE_BREAKS = /\r\n|[\r\v\f\u001c-\u001e\u0085\u2028\u2029]/g
const SEGMENT_SEPARATORS = /\u001f/g
/** Whatever leaves a mark on the screen. Marks need a letter to stand on; the last are letters and signs without ink, which no property tells. */
const VISIBLE = /[^\p{White_Space}\p{Default_Ignorable_Code_Point}\p{Cc}\p{M}\ufff9-\ufffb\u2800\u{13441}\u{13442}\u{1d159}]/u
/** Of such texts nothing has to be replaced, and every letter but the spaces is visible. */
const PLAIN = /^[\n\x20-\x7e]*$/
/** What a line of text has other than single spaces between its words. */
const OTHER_SPACES = /[^\S ]| {2}/
const MARK_FLOODS = new RegExp(`(\\p{M}{${COMBINING_MARKS_MAX}})\\p{M}+`, 'gu')

/**
 * A message as it may be sent and shown: no control characters but line breaks and tabs, no floods of marks, no empty ends. Empty where
 * nothing of it would be seen.
 */
export const cleanText = (input: string): string => (PLAIN.test(input) ? input.trim() : unlessBlank(scrub(input).trim()))

/** {@link cleanText} but for its ends. */
export const scrub = (input: string): string =>
  input
    .replace(LINE_BREAKS, '\n')
    .replace(SEGMENT_SEPARATORS, '\t')
    .replace(LONE_SURROGATES, '\ufffd')
    .replace(CONTROLS_BUT_LINES, '')
    .replace(MARK_FLOODS, '$1')

/** What a mention in a text begins with (conversation/mention.ts). */
export const BEGIN = '\u0002'
export const isMarked = (text: string): boolean => text.includes(BEGIN)

/** A name or title: {@link cleanText} on one line, and no longer than a name may be. */
export const cleanName = (input: string): string => cleanLine(input, NAME_BYTES_MAX)

/** {@link cleanText} on one line, and no longer than so many bytes. */
export const cleanLine = (input: string, max: number): string => unlessBlank(cutToBytes(cleanText(input).replace(/\s+/g, ' '), max))

const unlessBlank = (text: string): string => (VISIBLE.test(text) ? text : '')

export const isTooLong = (text: string): boolean => utf8ToBytes(text).length > TEXT_BYTES_MAX

/** The beginning of a message on one line. */
export const previewOf = (text: string, max = PREVIEW_LENGTH_MAX): string => {
  const start = text.slice(0, 4 * max)
  const line = OTHER_SPACES.test(start) ? start.replace(/\s+/g, ' ') : start
  return line.length <= max ? line : line.slice(0, max).replace(LONE_SURROGATES, '')
}

/** The longest beginning of `text` that has at most `max` bytes of UTF-8. */
export function cutToBytes(text: string, max: number): string {
  let bytes = 0
  let cut = ''
  for (const letter of text) {
    bytes += utf8ToBytes(letter).length
    if (bytes > max) return cut.trimEnd()
    cut += letter
  }
  return cut
}
