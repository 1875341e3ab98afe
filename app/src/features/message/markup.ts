// Light markup of a message as a tree: bold, italic, strike, code, quotes and lists. Every letter that was written is somewhere in the tree, in order, so
// what is copied is what was written. No line is looked through more than a few times, so a text of nothing but marks costs no more than another.

import { toEmphasized } from './emphasis.ts'
import type { Inline, Line } from './emphasis.ts'
import type { Piece } from './linkify.ts'

export type Block =
  | { readonly kind: 'text' | 'quote'; readonly children: readonly Inline[] }
  /** `open` and `close`: the lines around it, which are not shown. */
  | { readonly kind: 'pre'; readonly open: string; readonly text: string; readonly close: string }
  /** `start`: the first number of one that is numbered. */
  | { readonly kind: 'list'; readonly start: number | undefined; readonly items: readonly (readonly Inline[])[] }

type Kind = 'text' | 'quote' | 'bullet' | 'number'

/** What opens a block of code, with a word about its language and nothing else, since it is not shown; and what closes it. */
const FENCE = /^```[\w+#.-]{0,20}[ \t]*\n?$/u
const FENCE_END = /^```\s*$/u
const STARTS = { quote: /^>(?: |(?=\n?$))/u, bullet: /^[-*•] (?=\S)/u, number: /^[1-9]\d{0,5}[.)] (?=\S)/u } as const
const NOTHING_BUT_TEXT = /^[^*_~`>•-]*$/u
const NUMBERED = /^\d{1,6}[.)] /mu

/** How many elements and texts a tree becomes. */
export const sizeOf = (blocks: readonly Block[]): number =>
  blocks.reduce((sum, block) => {
    if (block.kind === 'pre') return sum + 4
    return sum + (block.kind === 'list' ? block.items.reduce((all, item) => all + 1 + inlineSize(item), 1) : 1 + inlineSize(block.children))
  }, 0)

const inlineSize = (inlines: readonly Inline[]): number =>
  inlines.reduce((sum, inline) => sum + ('children' in inline ? 1 + inlineSize(inline.children) : 1), 0)

/** Whether a text can be anything but text. */
export const isMarked = (text: string): boolean => !NOTHING_BUT_TEXT.test(text) || NUMBERED.test(text)

/** `pieces`: of the whole text, with its addresses as links. */
export const toBlocks = (pieces: readonly Piece[]): readonly Block[] => {
  const lines = toLines(pieces)
  const fenceEnds = lines.flatMap((line, index) => (FENCE_END.test(line.text) ? [index] : []))
  const blocks: Block[] = []
  let nextEnd = 0
  for (let at = 0; at < lines.length;) {
    while ((fenceEnds[nextEnd] ?? Infinity) <= at) nextEnd += 1
    const fenceEnd = FENCE.test(lines[at]?.text ?? '') ? fenceEnds[nextEnd] : undefined
    const end = fenceEnd === undefined ? endOf(lines, at) : fenceEnd + 1
    const taken = lines.slice(at, end)
    blocks.push(fenceEnd === undefined ? toBlock(taken) : toPre(taken))
    at = end
  }
  return blocks
}

/** Each with the line break that ends it. An address never goes over the end of a line. */
const toLines = (pieces: readonly Piece[]): readonly Line[] => {
  const lines: { text: string; links: Line['links'][number][] }[] = []
  for (const piece of pieces) {
    for (const part of piece.text.split(/(?<=\n)/u)) {
      const last = lines.at(-1)
      const line = last === undefined || last.text.endsWith('\n') ? { text: '', links: [] } : last
      if (line !== last) lines.push(line)
      if (piece.kind !== 'text') line.links.push({ start: line.text.length, piece })
      line.text += part
    }
  }
  return lines
}

const kindOf = ({ text }: Line): Kind => {
  if (STARTS.quote.test(text)) return 'quote'
  if (STARTS.bullet.test(text)) return 'bullet'
  return STARTS.number.test(text) ? 'number' : 'text'
}

/** Where lines of one kind end. A fence that nothing closes is a line like others, and numbers that do not count on begin another list. */
const endOf = (lines: readonly Line[], at: number): number => {
  const isOfKind = (line: Line, kind: Kind): boolean =>
    kindOf(line) === kind && !FENCE.test(line.text) && (kind !== 'number' || numberOf(line) === numberOf(lines[end - 1]) + 1)
  const [first] = lines.slice(at, at + 1)
  const kind = first === undefined ? 'text' : kindOf(first)
  let end = at + 1
  for (let line = lines[end]; line !== undefined && isOfKind(line, kind); line = lines[end]) end += 1
  return end
}

const numberOf = (line: Line | undefined): number => Number.parseInt(line?.text ?? '', 10)

const toPre = (lines: readonly Line[]): Block => ({
  kind: 'pre',
  open: lines[0]?.text ?? '',
  text: lines
    .slice(1, -1)
    .map(({ text }) => text)
    .join(''),
  close: lines.at(-1)?.text ?? '',
})

const toBlock = (lines: readonly Line[]): Block => {
  const [first] = lines
  const kind = first === undefined ? 'text' : kindOf(first)
  if (kind === 'text') return { kind, children: joined(lines.flatMap((line) => toEmphasized(line, 0))) }
  const rows = lines.map((line) => toRow(line, STARTS[kind].exec(line.text)?.[0] ?? ''))
  if (kind === 'quote') return { kind, children: joined(rows.flat()) }
  return { kind: 'list', start: kind === 'number' ? numberOf(first) : undefined, items: rows.map(joined) }
}

const toRow = (line: Line, start: string): readonly Inline[] => [{ kind: 'mark', text: start }, ...toEmphasized(line, start.length)]

// Marks that pair with nothing are text beside text: one text in the page, not thousands.
const joined = (inlines: readonly Inline[]): readonly Inline[] => {
  const all: Inline[] = []
  for (const inline of inlines) {
    const last = all.at(-1)
    if (last?.kind === 'text' && inline.kind === 'text') all[all.length - 1] = { kind: 'text', text: last.text + inline.text }
    else all.push('children' in inline ? { ...inline, children: joined(inline.children) } : inline)
  }
  return all
}
