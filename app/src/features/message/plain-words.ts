// What a message says in one line: the letters that shape it, which nobody sees where it is shown, are left out.

import type { Inline } from './emphasis.ts'
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

export const toPlainWords = (text: string): string =>
  isMarked(text) ? toBlocks(toPieces(text)).map(blockWordsOf).join('') : withPlayed(text)
