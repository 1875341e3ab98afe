// What a message says in one line: the letters that shape it, which nobody sees where it is shown, are left out.

import type { Inline } from './emphasis.ts'
import { LINE_LENGTH_MAX } from '../limits.ts'
import { withPlayed } from '../played/index.ts'
import { toPieces } from './linkify.ts'
import { isMarked, toBlocks } from './markup.ts'
import type { Block } from './markup.ts'

const inlineWords = (inline: Inline): string => {
  if ('children' in inline) return inline.children.map(inlineWords).join('')
  return inline.kind === 'mark' ? '' : inline.text
}

const blockWordsOf = (block: Block): string => {
  if (block.kind === 'pre') return block.text
  const parts = block.kind === 'list' ? block.items : [block.children]
  return parts.map((inlines) => inlines.map(inlineWords).join('')).join('')
}

/** No line shows more, so of a long text no more is read. Not within a pair of surrogates. */
const lineOf = (text: string): string =>
  text.length > LINE_LENGTH_MAX ? `${text.slice(0, LINE_LENGTH_MAX).replace(/\p{Surrogate}$/u, '')}…` : text

export const toPlainWords = (text: string): string => {
  const line = lineOf(text)
  return isMarked(line) ? toBlocks(toPieces(line)).map(blockWordsOf).join('') : withPlayed(line)
}
