// Who is mentioned in a text that is being written: the account stands in it, in letters that are not shown, as in the message that it becomes
// (docs/protocol.md §5.17; a test holds the two together). So drafts and what is sent are one string.

import type { AccountId, MentionView } from '@kith/protocol'
import { withoutMarks } from '../marks.ts'

export type Mention = Pick<MentionView, 'start' | 'end' | 'account'>

const MENTION = /\u0002([\u0004-\u0008\u000e-\u0018]{64})(@[^\u0000-\u001f\u007f-\u009f]+)\u0003/gu
const toLetter = (digit: string): string => {
  const value = Number.parseInt(digit, 16)
  return String.fromCharCode(value + (value < 5 ? 4 : 9))
}
const toDigit = (letter: string): string => {
  const code = letter.charCodeAt(0)
  return (code - (code < 9 ? 4 : 9)).toString(16)
}

/** In the text as it stands in the field. */
export const mentionsIn = (marked: string): readonly Mention[] => {
  const mentions: Mention[] = []
  for (const { 1: letters = '', 2: name = '', index } of marked.matchAll(MENTION)) {
    const start = withoutMarks(marked.slice(0, index)).length
    mentions.push({ start, end: start + name.length, account: Array.from(letters, toDigit).join('') as AccountId })
  }
  return mentions
}

export const toMarked = (text: string, mentions: readonly Mention[]): string => {
  let marked = ''
  let done = 0
  for (const { start, end, account } of mentions) {
    marked += `${text.slice(done, start)}\u0002${Array.from(account, toLetter).join('')}${text.slice(start, end)}\u0003`
    done = end
  }
  return marked + text.slice(done)
}

const sharedLength = (one: string, other: string, max: number): number => {
  let length = 0
  while (length < max && one[length] === other[length]) length += 1
  return length
}
const turned = (text: string): string => text.split('').toReversed().join('')

/** What was selected in a field, or where its cursor was, before something was put in its place. Letters alone do not tell which of two equal ones that is. */
type Selected = { readonly from: number; readonly until: number }

/** The least that has changed. */
const changedBetween = (before: string, text: string): Selected => {
  const most = Math.min(before.length, text.length)
  const from = sharedLength(before, text, most)
  return { from, until: before.length - sharedLength(turned(before), turned(text), most - from) }
}
/** Undefined where something else has changed: what was composed, or taken back. */
const changedBy = (before: string, text: string, { from, until }: Selected): Selected | undefined => {
  const rest = before.slice(until)
  const isSo = text.length - rest.length >= from && before.slice(0, from) === text.slice(0, from) && text.endsWith(rest)
  return isSo ? { from, until } : undefined
}

/**
 * `marked`, whose text is `text` from now on. A mention whose own letters have changed goes as a whole: what is left of its name may be what this person
 * calls somebody, and would go out as plain words.
 */
export const retyped = (marked: string, text: string, selected?: Selected): string => {
  const mentions = mentionsIn(marked)
  if (mentions.length === 0) return text
  const before = withoutMarks(marked)
  const { from, until } = (selected && changedBy(before, text, selected)) ?? changedBetween(before, text)
  const broken = mentions.filter(({ start, end }) => start < until && end > from)
  const begin = Math.min(from, ...broken.map(({ start }) => start))
  const end = Math.max(until, ...broken.map((one) => one.end))
  const now = before.slice(0, begin) + text.slice(from, until + text.length - before.length) + before.slice(end)
  const moved = now.length - before.length
  const kept = mentions.flatMap((one) => {
    if (one.end <= begin) return [one]
    return one.start >= end ? [{ ...one, start: one.start + moved, end: one.end + moved }] : []
  })
  return toMarked(now, kept)
}

/** From there on, up to the end of its name, this account is mentioned. */
export const withMention = (marked: string, mention: Mention): string => {
  const others = mentionsIn(marked).filter(({ start, end }) => end <= mention.start || start >= mention.end)
  return toMarked(
    withoutMarks(marked),
    [...others, mention].toSorted((a, b) => a.start - b.start),
  )
}
