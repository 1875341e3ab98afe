// Takes lines out of a segment: every block that says something of them is replaced by one that does not, so that what they said is gone with the rows of the old
// ones. All blocks of terms are read for it, because nothing says which terms a line had: that would be as large as the index, and a text that was
// edited or deleted is not there any more to be asked.

import { readLineBlock, stripLineBlock } from './line-block.ts'
import { stripTermBlock } from './term-block.ts'
import { NO_CONVERSATION } from '../bytes/ids.ts'
import type { AccountId } from '../bytes/ids.ts'
import type { LineSet } from './line-set.ts'
import type { LineBlockPlace, LoadBlocks, SegmentHead, TermBlockPlace } from './segment.ts'

type Replaced<B> = Omit<B, 'row'> & { readonly bytes: Uint8Array }

/** By its row, what takes the place of a block; undefined where nothing is left of it. */
export type Replacements = {
  readonly terms: ReadonlyMap<number, Replaced<TermBlockPlace> | undefined>
  readonly lines: ReadonlyMap<number, Replaced<LineBlockPlace>>
  /** What else changes in the head. */
  readonly head: Partial<SegmentHead>
}

export type TakeOutParts = {
  readonly load: LoadBlocks
  /** Puts them down, with a head that says so, and takes the old rows away, all at once. Answers the new head. */
  readonly replace: (head: SegmentHead, replacements: Replacements) => Promise<SegmentHead>
  readonly pause: () => Promise<unknown>
}

/** Blocks that are read between two pauses, and those that are put down at once. */
const BLOCKS_PER_PAUSE = 8
const BLOCKS_AT_ONCE = 64

/** Cut off at any place, it is done by being called again: the lines themselves go last. */
export async function takeOut(before: SegmentHead, gone: LineSet, parts: TakeOutParts): Promise<SegmentHead> {
  let head = before
  let terms = new Map<number, Replaced<TermBlockPlace> | undefined>()
  for (let from = 0; from < before.termBlocks.length; from += BLOCKS_PER_PAUSE) {
    const blocks = before.termBlocks.slice(from, from + BLOCKS_PER_PAUSE)
    const loaded = await parts.load(blocks.map(({ row }) => row))
    for (const [at, { row, first }] of blocks.entries()) {
      const stripped = stripTermBlock({ first, bytes: loaded[at] ?? NONE }, gone.has)
      if (stripped.kind !== 'same') terms.set(row, stripped.kind === 'empty' ? undefined : { first: stripped.first, bytes: stripped.bytes })
    }
    if (terms.size >= BLOCKS_AT_ONCE) {
      head = await parts.replace(head, { terms, lines: NOTHING, head: {} })
      terms = new Map()
    }
    await parts.pause()
  }
  return parts.replace(head, { terms, ...(await withoutLines(head, gone, parts.load)) })
}

/** The blocks of lines without them, and the head without what only they had. */
async function withoutLines(head: SegmentHead, gone: LineSet, load: LoadBlocks): Promise<Omit<Replacements, 'terms'>> {
  const { lineBlocks } = head
  const lines = new Map<number, Replaced<LineBlockPlace>>()
  const loaded = await load(lineBlocks.map(({ row }) => row))
  const left = { conversations: new Set<string>(), accounts: new Set<string>() }
  let [live, oldest] = [0, 0]
  for (const [at, { row, time, number }] of lineBlocks.entries()) {
    const block = { time, number, bytes: loaded[at] ?? NONE }
    const isTouched = !gone.between(number, lineBlocks[at + 1]?.number ?? head.lines).next().done
    const stripped = isTouched ? stripLineBlock(block, head, { isGone: gone.has, end: lineBlocks[at + 1]?.time ?? 0 }) : block
    if (isTouched) lines.set(row, stripped)
    for (const line of readLineBlock(stripped, head)) {
      if (line === undefined) continue
      left.conversations.add(line.place.conversation)
      left.accounts.add(line.account)
      live += 1
      oldest = line.place.time
    }
  }
  return {
    lines,
    head: {
      live,
      oldest,
      conversations: head.conversations.map((id) => (left.conversations.has(id) ? id : NO_CONVERSATION)),
      accounts: head.accounts.map((id) => (left.accounts.has(id) ? id : NOBODY)),
    },
  }
}

const NONE = new Uint8Array(0)
const NOTHING = new Map<number, never>()
const NOBODY = '0'.repeat(64) as AccountId
