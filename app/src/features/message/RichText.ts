// A text with its light markup, as nodes: never as HTML. The letters that shape it stay in the page, too small to be seen, so that what is copied is what
// was written; a screen reader passes over them.

import { h } from 'vue'
import type { FunctionalComponent, VNode } from 'vue'
import { MARKUP_PARTS_MAX } from '../limits.ts'
import MessageText from './MessageText.vue'
import type { Inline } from './emphasis.ts'
import { MentionChip } from '../mentions/index.ts'
import type { TextMessage } from './actions.ts'
import { toPieces } from './linkify.ts'
import type { Piece } from './linkify.ts'
import './rich-text.css'
import { isMarked, sizeOf, toBlocks } from './markup.ts'
import type { Block } from './markup.ts'

type Child = VNode | string

const toMark = (text: string): VNode => h('span', { class: 'mk', 'aria-hidden': 'true' }, text)

const toPieceNode = (piece: Piece): Child => {
  if (piece.kind === 'text') return piece.text
  return piece.kind === 'mention' ? h(MentionChip, { text: piece.text, mention: piece.mention }) : h(MessageText, { pieces: [piece] })
}

const toNode = (inline: Inline): Child => {
  switch (inline.kind) {
    case 'text':
      return inline.text
    case 'link':
      return toPieceNode(inline.piece)
    case 'mark':
      return toMark(inline.text)
    case 'code':
      return h('code', inline.text)
    case 'strong':
    case 'em':
    case 'del':
      return h(inline.kind, inline.children.map(toNode))
  }
}

const toBlockNodes = (block: Block): readonly Child[] => {
  switch (block.kind) {
    case 'text':
      return block.children.map(toNode)
    case 'quote':
      return [h('blockquote', block.children.map(toNode))]
    case 'pre':
      return [h('pre', [toMark(block.open), h('code', block.text), toMark(block.close)])]
    case 'list': {
      const items = block.items.map((item) => h('li', item.map(toNode)))
      return [block.start === undefined ? h('ul', items) : h('ol', { start: block.start }, items)]
    }
  }
}

/** Undefined where a text is shown as it was written. */
const toMarkup = (text: string, pieces: readonly Piece[]): readonly Block[] | undefined => {
  const blocks = isMarked(text) ? toBlocks(pieces) : undefined
  return blocks !== undefined && sizeOf(blocks) <= MARKUP_PARTS_MAX ? blocks : undefined
}

type Props = { readonly text: string; readonly mentions?: TextMessage['mentions'] }

export const RichText: FunctionalComponent<Props> = ({ text, mentions = [] }) => {
  const pieces = toPieces(text, mentions)
  return toMarkup(text, pieces)?.flatMap(toBlockNodes) ?? pieces.map(toPieceNode)
}
RichText.props = ['text', 'mentions']
