// The emoji that can be chosen, with their English names and keywords. Made from emojibase-data when the app is built (tools/emoji.ts).

import { EMOJI } from 'virtual:emoji'
import { EMOJI_FOUND_MAX, EMOJI_WORDS_MAX } from '../limits.ts'

export type Emoji = { readonly emoji: string; readonly name: string; readonly keywords: string; readonly hasTones: boolean }
export type EmojiGroup = { readonly key: string; readonly emoji: readonly Emoji[] }

const toEmoji = (line: string): Emoji => {
  const [emoji = '', name = '', tags = ''] = line.split('\t')
  return { emoji: emoji.replace('+', ''), name, keywords: ` ${name} ${tags}`.toLowerCase(), hasTones: emoji.endsWith('+') }
}

export const emojiGroups: readonly EmojiGroup[] = EMOJI.split('\n\n').map((group) => {
  const [key = '', ...lines] = group.split('\n')
  return { key, emoji: lines.map(toEmoji) }
})

/** Those of which a word begins with each of the words, names before keywords. */
export const findEmoji = (text: string): readonly Emoji[] => {
  const wanted = text
    .toLowerCase()
    .split(/\s+/u)
    .filter((word) => word !== '')
    .slice(0, EMOJI_WORDS_MAX)
  const all = emojiGroups.flatMap((group) => group.emoji)
  const found = all.filter(
    (one) => one.emoji === text.trim() || (wanted.length > 0 && wanted.every((word) => one.keywords.includes(` ${word}`))),
  )
  const rank = ({ name }: Emoji): number =>
    name.startsWith(wanted[0] ?? '') ? 0 : wanted.every((word) => ` ${name}`.includes(` ${word}`)) ? 1 : 2
  return found.toSorted((a, b) => rank(a) - rank(b)).slice(0, EMOJI_FOUND_MAX)
}
