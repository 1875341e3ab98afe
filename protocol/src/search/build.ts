// Makes a segment of lines that were gathered in memory.

import { comparePlaces, createLineWriter } from './line-block.ts'
import { createTermWriter } from './term-block.ts'
import type { IndexedLine, LineBlock, LineWriter } from './line-block.ts'
import type { SegmentHead } from './segment.ts'
import type { TermBlock } from './term-block.ts'

/** A line as it goes into the index. */
export type LineOfTerms = IndexedLine & { readonly terms: ReadonlySet<string> }

export type BuiltSegment = { readonly lineBlocks: readonly LineBlock[]; readonly termBlocks: readonly TermBlock[] } & Omit<
  SegmentHead,
  'lineBlocks' | 'termBlocks'
>

/** `lines`: at most as many as a segment may have. */
export function buildSegment(lines: readonly LineOfTerms[]): BuiltSegment {
  const sorted = lines.toSorted((a, b) => comparePlaces(a.place, b.place))
  const [ofLines, ofTerms] = [createLineWriter(), createTermWriter()]
  const numbers = new Map<string, number[]>()
  for (const [number, line] of sorted.entries()) {
    ofLines.add(line)
    for (const term of line.terms) {
      const known = numbers.get(term)
      if (known === undefined) numbers.set(term, [number])
      else known.push(number)
    }
  }
  for (const term of [...numbers.keys()].sort()) ofTerms.add(term, numbers.get(term) ?? [])
  return { ...lineFieldsOf(ofLines, sorted.length, sorted.at(-1)), lineBlocks: ofLines.takeAll(), termBlocks: ofTerms.takeAll() }
}

/** What a head says of its lines. */
export const lineFieldsOf = (writer: LineWriter, lines: number, last: IndexedLine | undefined) => ({
  ...writer.names(),
  lines,
  live: lines,
  oldest: last?.place.time ?? 0,
})
