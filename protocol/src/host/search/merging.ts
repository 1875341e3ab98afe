// Which segments become one: several of about the same size, so that a line is written anew a few times in its life, however many lines there are.

import { mergeSegments } from '../../search/merge.ts'
import { SEGMENT_BLOCKS_MAX, SEGMENT_LINES_MAX } from '../../search/limits.ts'
import type { SegmentHead } from '../../search/segment.ts'
import type { Catalog, Heads } from './catalog.ts'

/** So many of one size are merged. */
const ALIKE = 4

const sizeOf = ({ lineBlocks, termBlocks }: SegmentHead): number => lineBlocks.length + termBlocks.length
const tierOf = (head: SegmentHead): number => Math.floor(Math.log(sizeOf(head)) / Math.log(ALIKE))

type Segment = readonly [segment: number, head: SegmentHead]

/** Segments to be merged now; undefined while there are none. */
export function dueForMerge(heads: Heads): readonly number[] | undefined {
  const tiers = new Map<number, Segment[]>()
  for (const one of heads) tiers.set(tierOf(one[1]), [...(tiers.get(tierOf(one[1])) ?? []), one])
  for (const tier of tiers.values()) {
    const due = tier.length < ALIKE ? undefined : smallestOf(tier)
    if (due !== undefined) return due
  }
  return undefined
}

/** The smallest segments that have room in one; undefined where no two have. */
export const dueToBeFew = (heads: Heads): readonly number[] | undefined => smallestOf([...heads])

function smallestOf(segments: readonly Segment[]): readonly number[] | undefined {
  const chosen: number[] = []
  let [blocks, lines] = [0, 0]
  for (const [segment, head] of segments.toSorted(([, a], [, b]) => sizeOf(a) - sizeOf(b))) {
    blocks += sizeOf(head)
    lines += head.live
    if (blocks > SEGMENT_BLOCKS_MAX || lines > SEGMENT_LINES_MAX) break
    chosen.push(segment)
  }
  return chosen.length > 1 ? chosen : undefined
}

/** Everything is put down before the old segments go; whoever is stopped leaves them as they were. */
export async function mergeInto(catalog: Catalog, segments: readonly number[], pause: () => Promise<'on' | 'stop'>): Promise<void> {
  await catalog.commit((writer) => writer.set({ unfinished: catalog.nextRow() }))
  const heads = segments.flatMap((segment) => catalog.heads().get(segment) ?? [])
  const merged = await mergeSegments(heads, {
    load: catalog.load,
    pause,
    async save(blocks) {
      let rows: readonly number[] = []
      await catalog.commit((writer) => void (rows = blocks.map((bytes) => writer.block({ bytes }).row)))
      return rows
    },
  })
  if (merged === undefined) return catalog.dropUnfinished()
  await catalog.commit((writer) => {
    for (const segment of segments) writer.drop(segment)
    writer.add(merged)
    writer.set({ unfinished: undefined })
  })
}
