// A segment of the search index: some lines of all conversations, the terms they have, and a head that says which block holds what. A segment never changes but for
// lines that are taken out; several become one as the index grows (docs/decisions/0037-search.md).

import { list, mapped, struct, u16, u48 } from '../bytes/codec.ts'
import { accountId, conversationId } from '../bytes/ids.ts'
import { SEGMENT_BLOCKS_MAX, SEGMENT_LINES_MAX, TERM_LENGTH_MAX } from './limits.ts'
import type { Codec } from '../bytes/codec.ts'
import type { Names } from './line-block.ts'
import type { Wanted } from './query.ts'

/** `row`: the number of the block's row in the store. */
export type LineBlockPlace = { readonly row: number; readonly time: number; readonly number: number }
export type TermBlockPlace = { readonly row: number; readonly first: string }

export type SegmentHead = Names & {
  /** Numbers that were given to lines, and how many of these lines are still there. */
  readonly lines: number
  readonly live: number
  /** No line is older, ms. */
  readonly oldest: number
  readonly lineBlocks: readonly LineBlockPlace[]
  readonly termBlocks: readonly TermBlockPlace[]
}

/** The blocks of these rows, in that order. */
export type LoadBlocks = (rows: readonly number[]) => Promise<readonly Uint8Array[]>

// Letter by letter: a beginning may end within a pair of surrogates, which UTF-8 cannot say.
const letters: Codec<string> = mapped(
  list(u16, TERM_LENGTH_MAX),
  (units) => String.fromCharCode(...units),
  (value) => Array.from({ length: value.length }, (_, at) => value.charCodeAt(at)),
)

export const segmentHead: Codec<SegmentHead> = struct({
  conversations: list(conversationId, SEGMENT_LINES_MAX),
  accounts: list(accountId, SEGMENT_LINES_MAX),
  lines: u16,
  live: u16,
  oldest: u48,
  lineBlocks: list(struct({ row: u48, time: u48, number: u16 }), SEGMENT_BLOCKS_MAX),
  termBlocks: list(struct({ row: u48, first: letters }), SEGMENT_BLOCKS_MAX),
})

/** Rows of the segment's blocks. */
export const rowsOf = ({ lineBlocks, termBlocks }: SegmentHead): readonly number[] => [...lineBlocks, ...termBlocks].map(({ row }) => row)

/** No line is newer, ms. */
export const newestOf = ({ lineBlocks, oldest }: SegmentHead): number => lineBlocks[0]?.time ?? oldest

/** Rows of the blocks in which wanted terms may be. */
export function rowsWith({ termBlocks }: SegmentHead, wanted: Wanted): readonly number[] {
  const start = Math.max(
    0,
    termBlocks.findLastIndex(({ first }) => first < wanted.term),
  )
  const behind = termBlocks.findIndex(({ first }, at) => at > start && isBehind(first, wanted))
  return termBlocks.slice(start, behind < 0 ? termBlocks.length : behind).map(({ row }) => row)
}

/** Whether `term`, and all terms after it, sort behind those that are wanted. */
export const isBehind = (term: string, { kind, term: wanted }: Wanted): boolean =>
  term > wanted && !(kind === 'beginning' && term.startsWith(wanted))

/** Of the blocks of lines those that may hold some of these times, ms, both included. */
export function lineBlocksBetween(
  { lineBlocks }: SegmentHead,
  { oldest, newest }: { readonly oldest: number; readonly newest: number },
): readonly LineBlockPlace[] {
  return lineBlocks.filter(({ time }, at) => time >= oldest && (lineBlocks[at + 1]?.time ?? 0) <= newest)
}
