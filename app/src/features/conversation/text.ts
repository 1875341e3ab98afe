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

export const isLong = (text: string): boolean => text.length > FOLD_LENGTH || text.split('\n', FOLD_LINES + 1).length > FOLD_LINES
