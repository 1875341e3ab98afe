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

/** `tabbable`: whether the tab key stops at whom it mentions. */
type Around = { readonly tabbable: boolean }

const toPieceNode = (piece: Piece, { tabbable }: Around): Child => {
  if (piece.kind === 'text') return piece.text
  return piece.kind === 'mention'
    ? h(MentionChip, { text: piece.text, mention: piece.mention, tabbable })
    : h(MessageText, { pieces: [piece] })
}

const toNode = (inline: Inline, around: Around): Child => {
  const inner = (one: Inline): Child => toNode(one, around)
  switch (inline.kind) {
    case 'text':
      return inline.text
    case 'link':
      return toPieceNode(inline.piece, around)
    case 'mark':
      return toMark(inline.text)
    case 'code':
      return h('code', inline.text)
    case 'strong':
    case 'em':
    case 'del':
      return h(inline.kind, inline.children.map(inner))
  }
}

const toBlockNodes = (block: Block, around: Around): readonly Child[] => {
  const inner = (one: Inline): Child => toNode(one, around)
  switch (block.kind) {
    case 'text':
      return block.children.map(inner)
    case 'quote':
      return [h('blockquote', block.children.map(inner))]
    case 'pre':
      return [h('pre', [toMark(block.open), h('code', block.text), toMark(block.close)])]
    case 'list': {
      const items = block.items.map((item) => h('li', item.map(inner)))
      return [block.start === undefined ? h('ul', items) : h('ol', { start: block.start }, items)]
    }
  }
}

/** Undefined where a text is shown as it was written. */
const toMarkup = (text: string, pieces: readonly Piece[]): readonly Block[] | undefined => {
  const blocks = isMarked(text) ? toBlocks(pieces) : undefined
  return blocks !== undefined && sizeOf(blocks) <= MARKUP_PARTS_MAX ? blocks : undefined
}

type Props = { readonly text: string; readonly mentions?: TextMessage['mentions']; readonly tabbable?: boolean }

export const RichText: FunctionalComponent<Props> = ({ text, mentions = [], tabbable = false }) => {
  const around = { tabbable }
  const pieces = toPieces(text, mentions)
  return toMarkup(text, pieces)?.flatMap((block) => toBlockNodes(block, around)) ?? pieces.map((piece) => toPieceNode(piece, around))
}
RichText.props = ['text', 'mentions', 'tabbable']
