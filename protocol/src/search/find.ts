// Which lines of a segment may have what is wanted, from the few blocks in which these terms lie.

import { LineSet } from './line-set.ts'
import { isBehind, lineBlocksBetween, rowsWith } from './segment.ts'
import { comparePlaces, readLineBlock } from './line-block.ts'
import { readTermBlock } from './term-block.ts'
import type { IndexedLine, Place } from './line-block.ts'
import type { Wanted } from './query.ts'
import type { LoadBlocks, SegmentHead } from './segment.ts'

/** Lines that have all that is wanted; undefined, nothing is wanted, and every line has that. */
export async function linesWith(head: SegmentHead, wanted: readonly Wanted[], load: LoadBlocks): Promise<LineSet | undefined> {
  let found: LineSet | undefined
  // What is in the fewest blocks comes first: where it is nowhere, nothing else is read.
  const inOrder = wanted.map((one) => ({ one, rows: rowsWith(head, one) })).toSorted((a, b) => a.rows.length - b.rows.length)
  for (const { one, rows } of inOrder) {
    const lines = new LineSet(head.lines)
    for (const block of await load(rows)) markIn(block, one, (number) => (found === undefined || found.has(number)) && lines.add(number))
    if (lines.size === 0) return lines
    found = lines
  }
  return found
}

function markIn(block: Uint8Array, wanted: Wanted, mark: (number: number) => unknown): void {
  readTermBlock(block, ({ term, numbers }) => {
    if (isBehind(term, wanted)) return 'stop'
    if (isWanted(term, wanted)) for (const number of numbers) mark(number)
    return undefined
  })
}

export const isWanted = (term: string, { kind, term: wanted }: Wanted): boolean =>
  kind === 'exact' ? term === wanted : term.startsWith(wanted)

export type NumberedLine = IndexedLine & { readonly number: number }

/** The lines that the index has at a place: one, and seldom more. */
export async function linesAt(head: SegmentHead, place: Place, load: LoadBlocks): Promise<readonly NumberedLine[]> {
  const blocks = lineBlocksBetween(head, { oldest: place.time, newest: place.time })
  const loaded = await load(blocks.map(({ row }) => row))
  return blocks.flatMap(({ time, number }, at) =>
    numbered(number, readLineBlock({ time, bytes: loaded[at] ?? NONE }, head)).filter((line) => comparePlaces(line.place, place) === 0),
  )
}

/** Those that are there, with their numbers. `first`: of the first one. */
export const numbered = (first: number, lines: readonly (IndexedLine | undefined)[]): readonly NumberedLine[] =>
  lines.flatMap((line, at) => (line === undefined ? [] : [{ ...line, number: first + at }]))

const NONE = new Uint8Array(0)
