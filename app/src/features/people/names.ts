// Names come from other people. Before one is shown it loses what could disturb the sentence around it.

import { MARKS_KEPT, NAME_BYTES_SHOWN_MAX, NAME_SHOWN_GRAPHEMES_MAX } from '../limits.ts'
import { isBlank } from '../visible.ts'
import { words } from '../words.ts'

// Controls, bidirectional controls and other invisible characters; the joiners stay because scripts and emoji need them.
const DISTURBING = /[\p{Cc}\p{Cn}\p{Co}\p{Zl}\p{Zp}\u115F\u1160\u202A-\u202E\u2066-\u2069\u206A-\u206F\u3164\uFFA0]/gu
// These stand inside of words: the word goes on.
const UNSEEN = /[\u00AD\u061C\u200B\u200E\u200F\u2060-\u2065\uFEFF]/gu
const MARK_FLOOD = new RegExp(`(\\p{M}{${MARKS_KEPT}})\\p{M}+`, 'gu')

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' })
const toGraphemes = (text: string): readonly string[] => Array.from(graphemes.segment(text), (part) => part.segment)

/** What a name keeps when it is saved or shown, at any length; empty if nothing visible is left of it. */
export const toPlainName = (name: string): string => {
  const plain = name.replace(UNSEEN, '').replace(DISTURBING, ' ').replace(MARK_FLOOD, '$1').replace(/\s+/gu, ' ').trim()
  return isBlank(plain) ? '' : plain
}

/** The name as it may be shown, or undefined if nothing visible is left of it. */
export const toShownName = (name: string | undefined): string | undefined => {
  const plain = name === undefined ? '' : toPlainName(name)
  if (plain === '') return undefined
  const parts = toGraphemes(plain)
  return parts.length <= NAME_SHOWN_GRAPHEMES_MAX ? plain : `${parts.slice(0, NAME_SHOWN_GRAPHEMES_MAX - 1).join('')}…`
}

export const isNameTooLong = (name: string): boolean => new TextEncoder().encode(toPlainName(name)).length > NAME_BYTES_SHOWN_MAX

/** A name that runs the other way does not turn the sentence around it. */
export const isolated = (text: string): string => `\u2068${text}\u2069`

/** How somebody is called wherever a name is needed. */
export const toPersonName = ({ name }: { readonly name: string | undefined }): string => toShownName(name) ?? words.somebody

const WHOLE_SCRIPTS = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}]/u

/** Up to two letters for the disc, none for somebody without a name; one grapheme where letters are words or join each other. */
export const toInitials = (name: string | undefined): string => {
  const shown = toShownName(name)
  if (shown === undefined) return ''
  const starts = shown.split(' ').map((word) => toGraphemes(word.replace(/^[^\p{L}\p{N}\p{Extended_Pictographic}]+/u, ''))[0] ?? '')
  const [first = '', ...rest] = starts.filter((start) => start !== '')
  if (WHOLE_SCRIPTS.test(first)) return first
  return `${first}${rest.at(-1) ?? ''}`.toLocaleUpperCase()
}
