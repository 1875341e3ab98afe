// How a text wants to be set: large when it is nothing but a few emoji, folded when it is very long.

import { EMOJI_LENGTH_MAX, EMOJI_MAX } from '../limits.ts'

// One regular expression for "one to three emoji" exists, but takes browsers seconds to compile.
const EMOJI = /^(?:\p{Extended_Pictographic}|\p{Regional_Indicator}{2}|[0-9#*]\uFE0F\u20E3)/u
const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

export const FOLD_LENGTH = 2_400
export const FOLD_LINES = 30

export const isEmojiOnly = (text: string): boolean => {
  if (text.length > EMOJI_LENGTH_MAX) return false
  const parts = Array.from(graphemes.segment(text.replace(/\s/gu, '')), ({ segment }) => segment)
  return parts.length > 0 && parts.length <= EMOJI_MAX && parts.every((part) => EMOJI.test(part))
}

const RIGHT_TO_LEFT = /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC\u{10800}-\u{10FFF}\u{1E800}-\u{1EFFF}]/u
const LEFT_TO_RIGHT = /(?![\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC\u{10800}-\u{10FFF}\u{1E800}-\u{1EFFF}])\p{L}/u

/** Several paragraphs whose letters run in both directions: each paragraph then has its own. */
export const isMixed = (text: string): boolean => text.includes('\n') && RIGHT_TO_LEFT.test(text) && LEFT_TO_RIGHT.test(text)

export const isLong = (text: string): boolean => text.length > FOLD_LENGTH || text.split('\n', FOLD_LINES + 1).length > FOLD_LINES
