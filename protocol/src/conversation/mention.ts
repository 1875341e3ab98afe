// Mentions in a text: which account is meant by an @ and a name (docs/protocol.md §5.17). The account stands before the name in letters that cleaning takes
// away, so versions that know nothing of mentions show the plain words.

import { MENTIONS_PER_MESSAGE_MAX } from './limits.ts'
import { BEGIN, cleanText, isMarked, scrub } from './text.ts'
import type { AccountId } from '../bytes/ids.ts'

/** From the @ to the end of the name, UTF-16 units of the text as it is shown. */
export type Mention = { readonly start: number; readonly end: number; readonly account: AccountId }

/** A cleaned text, and who is mentioned in it, in order and apart from each other. */
export type Said = { readonly text: string; readonly mentions: readonly Mention[] }

const END = '\u0003'
/** One letter for each hex digit: control characters of one byte that break no line. */
const DIGITS = '\u0004\u0005\u0006\u0007\u0008\u000e\u000f\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018'
const MENTION = /\u0002([\u0004-\u0008\u000e-\u0018]{64})(@[^\u0000-\u001f\u007f-\u009f]+)\u0003/g

/** The text is what {@link cleanText} makes of it, whatever is mentioned. */
export function readMentions(input: string): Said {
  const text = cleanText(input)
  const mentions: Mention[] = []
  if (!isMarked(input) || text === '') return { text, mentions }
  const scrubbed = scrub(input)
  let at = scrubbed.trimStart().length - scrubbed.length
  let done = 0
  for (const { 0: whole, 1: digits = '', 2: written = '', index } of input.matchAll(MENTION)) {
    if (mentions.length === MENTIONS_PER_MESSAGE_MAX) break
    const name = scrub(written)
    const start = at + scrub(input.slice(done, index)).length
    at = start + name.length
    done = index + whole.length
    // Cleaned together with its neighbours a name may be another one; then it is no mention.
    if (start >= 0 && text.slice(start, at) === name)
      mentions.push({ start, end: at, account: Array.from(digits, (digit) => DIGITS.indexOf(digit).toString(16)).join('') as AccountId })
  }
  return { text, mentions }
}

/** With these names in the place of those that were written. Whoever has none is not mentioned, and the words stay. */
export function withNames({ text, mentions }: Said, nameOf: (account: AccountId) => string | undefined): Said {
  const kept: Mention[] = []
  let named = ''
  let done = 0
  for (const { start, end, account } of mentions) {
    const name = nameOf(account)
    named += text.slice(done, start)
    if (name !== undefined) kept.push({ start: named.length, end: named.length + name.length + 1, account })
    named += name === undefined ? text.slice(start, end) : `@${name}`
    done = end
  }
  return { text: named + text.slice(done), mentions: kept }
}

/** As it is written into a message. */
export function toMarked({ text, mentions }: Said): string {
  let marked = ''
  let done = 0
  for (const { start, end, account } of mentions) {
    const digits = Array.from(account, (digit) => DIGITS.charAt(Number.parseInt(digit, 16))).join('')
    marked += `${text.slice(done, start)}${BEGIN}${digits}${text.slice(start, end)}${END}`
    done = end
  }
  return marked + text.slice(done)
}
