// Blocks of a segment's lines in order, the newest first, each with its number in the segment: where it stands in the timeline, whose it is, and which version of it
// is in the index. A line that went leaves its number, and one byte that says so.

import { DecodeError } from '../bytes/codec.ts'
import { BLOCK_BYTES_MAX } from './limits.ts'
import { PackedReader, PackedWriter } from './packed.ts'
import type { AccountId, ConversationId } from '../bytes/ids.ts'

/** Where a line stands: the beginning of its key in the timeline, which a few lines of one moment may share. `time`: ms since 1970. */
export type Place = { readonly conversation: ConversationId; readonly time: number; readonly depth: number }

/** `version`: 0 as it was first written; another number, below 2^48, for each text that it was changed to. */
export type IndexedLine = { readonly place: Place; readonly account: AccountId; readonly version: number }

/** Newest first. Places that are the same compare as 0. */
export const comparePlaces = (a: Place, b: Place): number =>
  b.time - a.time || b.depth - a.depth || (a.conversation < b.conversation ? -1 : a.conversation > b.conversation ? 1 : 0)

/** A block before it has a row. `time`: of its first line, ms. `number`: of that line. */
export type LineBlock = { readonly time: number; readonly number: number; readonly bytes: Uint8Array }

/** What the lines of a segment share. */
export type Names = { readonly conversations: readonly ConversationId[]; readonly accounts: readonly AccountId[] }

const GONE = 1
const CHANGED = 2
/** One less deep than the line before it, as the next message of a chat is. */
const NEXT = 4

export type LineWriter = {
  /** In order. */
  readonly add: (line: IndexedLine) => void
  readonly takeFull: () => readonly LineBlock[]
  readonly takeAll: () => readonly LineBlock[]
  readonly names: () => Names
}

export function createLineWriter(): LineWriter {
  const full: LineBlock[] = []
  const [conversations, accounts] = [createNumbering<ConversationId>(), createNumbering<AccountId>()]
  const numbers = { conversationOf: conversations.numberOf, accountOf: accounts.numberOf }
  const block = new PackedWriter()
  let first = { time: 0, number: 0 }
  let last = { time: 0, depth: 0 }
  let count = 0

  function close(): void {
    if (block.length > 0) full.push({ ...first, bytes: block.bytes() })
    block.clear()
  }

  return {
    add(line) {
      if (block.length > BLOCK_BYTES_MAX - LINE_BYTES) close()
      if (block.length === 0) {
        first = { time: line.place.time, number: count }
        last = { time: first.time, depth: 0 }
      }
      count += 1
      writeLine(block, numbers, { line, last })
      last = line.place
    },
    takeFull: () => full.splice(0),
    takeAll: () => {
      close()
      return full.splice(0)
    },
    names: () => ({ conversations: conversations.all(), accounts: accounts.all() }),
  }
}

type Numbers = { readonly conversationOf: (id: ConversationId) => number; readonly accountOf: (id: AccountId) => number }
type Step = { readonly line: IndexedLine; readonly last: Pick<Place, 'time' | 'depth'> }

function writeLine(block: PackedWriter, { conversationOf, accountOf }: Numbers, { line: { place, account, version }, last }: Step): void {
  const isNext = place.depth === last.depth - 1
  block.number(8 * conversationOf(place.conversation) + (version === 0 ? 0 : CHANGED) + (isNext ? NEXT : 0))
  block.number(accountOf(account))
  block.number(last.time - place.time)
  if (!isNext) block.signed(place.depth - last.depth)
  if (version !== 0) block.number(version)
}

/** What one line takes at most: five numbers of at most eight bytes. */
const LINE_BYTES = 40

function createNumbering<T>() {
  const numbers = new Map<T, number>()
  return {
    numberOf: (one: T): number => {
      const known = numbers.get(one)
      if (known !== undefined) return known
      numbers.set(one, numbers.size)
      return numbers.size - 1
    },
    all: (): readonly T[] => [...numbers.keys()],
  }
}

/** The lines of a block; undefined for one that went. Throws {@link DecodeError} where the bytes are no block. */
export function readLineBlock(
  { time: from, bytes }: Pick<LineBlock, 'time' | 'bytes'>,
  names: Names,
): readonly (IndexedLine | undefined)[] {
  const reader = new PackedReader(bytes)
  const lines: (IndexedLine | undefined)[] = []
  for (let [time, depth] = [from, 0]; !reader.isAtEnd();) {
    const head = reader.number()
    if (head === GONE) {
      lines.push(undefined)
      continue
    }
    const conversation = names.conversations[Math.floor(head / 8)]
    const account = names.accounts[reader.number()]
    if (conversation === undefined || account === undefined) throw new DecodeError('a line of nobody')
    time -= reader.number()
    depth += Math.floor(head / NEXT) % 2 === 1 ? -1 : reader.signed()
    if (time < 0 || depth < 0) throw new DecodeError('a line out of time')
    lines.push({ place: { conversation, time, depth }, account, version: head % NEXT === CHANGED ? reader.number() : 0 })
  }
  return lines
}

/** A block without some of its lines, whose numbers stay empty. `end`: a time, ms, that no line of it is before. */
export function stripLineBlock(
  block: LineBlock,
  names: Names,
  { isGone, end }: { readonly isGone: (number: number) => boolean; readonly end: number },
): LineBlock {
  const lines = readLineBlock(block, names).map((line, at) => (isGone(block.number + at) ? undefined : line))
  const numbers = {
    conversationOf: (id: ConversationId) => names.conversations.indexOf(id),
    accountOf: (id: AccountId) => names.accounts.indexOf(id),
  }
  const time = lines.find((line) => line !== undefined)?.place.time ?? end
  const writer = new PackedWriter()
  let last = { time, depth: 0 }
  for (const line of lines) {
    if (line === undefined) writer.byte(GONE)
    else {
      writeLine(writer, numbers, { line, last })
      last = line.place
    }
  }
  return { time, number: block.number, bytes: writer.bytes() }
}
