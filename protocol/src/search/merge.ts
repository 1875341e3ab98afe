// Makes one segment of several, term by term: of each of them a few blocks are in memory at a time, and a pause comes after each few that were written.

import { lineFieldsOf } from './build.ts'
import { comparePlaces, createLineWriter, readLineBlock } from './line-block.ts'
import { createTermWriter, readTermBlock } from './term-block.ts'
import { numbered } from './find.ts'
import type { NumberedLine } from './find.ts'
import type { LoadBlocks, LineBlockPlace, SegmentHead, TermBlockPlace } from './segment.ts'
import type { TermEntry } from './term-block.ts'

export type MergeParts = {
  readonly load: LoadBlocks
  /** Puts blocks down and says in which rows, in their order. */
  readonly save: (blocks: readonly Uint8Array[]) => Promise<readonly number[]>
  /** Lets everybody else have their turn. `stop`: the merge is not wanted any more. */
  readonly pause: () => Promise<'on' | 'stop'>
}

/** Lines, or numbers of lines, that are gone through between two pauses. */
const LINES_PER_PAUSE = 1_024
const NUMBERS_PER_PAUSE = 4_096
/** Blocks of one segment that are loaded at once. */
const BLOCKS_AT_ONCE = 4
const GONE = 0xffff

/** Undefined when it was stopped. `heads`: with no more lines together than a segment may have. */
export async function mergeSegments(heads: readonly SegmentHead[], parts: MergeParts): Promise<SegmentHead | undefined> {
  const lines = await mergeLines(heads, parts)
  const termBlocks = lines && (await mergeTerms(heads, lines.numbers, parts))
  return termBlocks && { ...lines.head, termBlocks }
}

type MergedLines = {
  readonly head: Omit<SegmentHead, 'termBlocks'>
  /** By segment and old number, the new one. */
  readonly numbers: readonly Uint16Array[]
}

async function mergeLines(heads: readonly SegmentHead[], { load, save, pause }: MergeParts): Promise<MergedLines | undefined> {
  const numbers = heads.map(({ lines }) => new Uint16Array(lines).fill(GONE))
  const sources = heads.map((head) =>
    createSource(head.lineBlocks, load, (bytes, { time, number }) => numbered(number, readLineBlock({ time, bytes }, head))),
  )
  const writer = createLineWriter()
  const placed: LineBlockPlace[] = []
  let [count, last]: [number, NumberedLine | undefined] = [0, undefined]
  for (;;) {
    for (const source of sources) if (source.isEmpty()) await source.fill()
    const first = leastOf(
      sources.map((source) => source.peek()),
      (a, b) => comparePlaces(a.place, b.place),
    )
    if (first === undefined) break
    const line = sources[first]?.take()
    if (line === undefined) break
    writer.add(line)
    const mapping = numbers[first]
    if (mapping !== undefined) mapping[line.number] = count
    ;[count, last] = [count + 1, line]
    if (count % LINES_PER_PAUSE !== 0) continue
    placed.push(...(await saved(writer.takeFull(), save)))
    if ((await pause()) === 'stop') return undefined
  }
  placed.push(...(await saved(writer.takeAll(), save)))
  return { head: { ...lineFieldsOf(writer, count, last), lineBlocks: placed }, numbers }
}

async function mergeTerms(
  heads: readonly SegmentHead[],
  numbers: readonly Uint16Array[],
  { load, save, pause }: MergeParts,
): Promise<readonly TermBlockPlace[] | undefined> {
  const sources = heads.map(({ termBlocks }) => createSource(termBlocks, load, entriesIn))
  const writer = createTermWriter()
  const placed: TermBlockPlace[] = []
  let work = 0
  for (;;) {
    for (const source of sources) if (source.isEmpty()) await source.fill()
    const least =
      sources[
        leastOf(
          sources.map((source) => source.peek()),
          byTerm,
        ) ?? -1
      ]?.peek()?.term
    if (least === undefined) break
    const lines: number[] = []
    for (const [at, source] of sources.entries())
      while (source.peek()?.term === least) {
        for (const number of source.take()?.numbers ?? []) lines.push(numbers[at]?.[number] ?? GONE)
        if (source.isEmpty()) await source.fill()
      }
    writer.add(
      least,
      lines.filter((number) => number !== GONE).sort((a, b) => a - b),
    )
    work += lines.length
    if (work < NUMBERS_PER_PAUSE) continue
    work = 0
    placed.push(...(await saved(writer.takeFull(), save)))
    if ((await pause()) === 'stop') return undefined
  }
  placed.push(...(await saved(writer.takeAll(), save)))
  return placed
}

const byTerm = (a: TermEntry, b: TermEntry): number => (a.term < b.term ? -1 : a.term > b.term ? 1 : 0)

function entriesIn(bytes: Uint8Array): readonly TermEntry[] {
  const entries: TermEntry[] = []
  readTermBlock(bytes, (entry) => void entries.push(entry))
  return entries
}

/** The index of the least; undefined where there is none. */
function leastOf<T>(items: readonly (T | undefined)[], compare: (a: T, b: T) => number): number | undefined {
  let least: { readonly at: number; readonly item: T } | undefined
  for (const [at, item] of items.entries())
    if (item !== undefined && (least === undefined || compare(item, least.item) < 0)) least = { at, item }
  return least?.at
}

async function saved<T extends { readonly bytes: Uint8Array }>(
  blocks: readonly T[],
  save: MergeParts['save'],
): Promise<readonly (Omit<T, 'bytes'> & { readonly row: number })[]> {
  if (blocks.length === 0) return []
  const rows = await save(blocks.map(({ bytes }) => bytes))
  return blocks.map(({ bytes: _bytes, ...block }, at) => ({ ...block, row: rows[at] ?? -1 }))
}

/** What some blocks hold, one after the other. */
function createSource<B extends { readonly row: number }, T>(
  blocks: readonly B[],
  load: LoadBlocks,
  itemsIn: (bytes: Uint8Array, block: B) => readonly T[],
) {
  let [items, at, next]: [readonly T[], number, number] = [[], 0, 0]
  let loaded: readonly (readonly [bytes: Uint8Array, block: B])[] = []
  async function fill(): Promise<void> {
    while (at >= items.length && (loaded.length > 0 || next < blocks.length)) {
      if (loaded.length === 0) {
        const wanted = blocks.slice(next, next + BLOCKS_AT_ONCE)
        next += wanted.length
        const all = await load(wanted.map(({ row }) => row))
        loaded = wanted.flatMap((block, i) => (all[i] === undefined ? [] : [[all[i], block] as const]))
      }
      const [head, ...others] = loaded
      loaded = others
      ;[items, at] = [head === undefined ? [] : itemsIn(...head), 0]
    }
  }
  return {
    isEmpty: () => at >= items.length,
    fill,
    peek: (): T | undefined => items[at],
    take: (): T | undefined => items[at++],
  }
}
