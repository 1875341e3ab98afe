// Blocks of a segment's terms: sorted, each with the numbers of the lines that have it. An entry is
//
//     head  [more shared]  [more own]  letters  [count]  numbers
//
// where `head` holds in three bits each how many letters are shared with the term before it in the block, and how many are its own (7: more follow), and in two bits
// how many numbers there are (0: more than three). The first letter of its own is said as what it lies above the other's; of the numbers the first, then by how much more
// than one each lies above the one before, in the fewest bits where there are many.

import { BLOCK_BYTES_MAX } from './limits.ts'
import { PackedReader, PackedWriter } from './packed.ts'

/** `numbers`: of lines, ascending. A term with many has several entries, one behind the other. */
export type TermEntry = { readonly term: string; readonly numbers: readonly number[] }

/** A block before it has a row. `first`: at or before its first term, and behind the last one of the block before. */
export type TermBlock = { readonly first: string; readonly bytes: Uint8Array }

const NUMBERS_PER_ENTRY = 1_024
const ESCAPED = 7
/** So many numbers stand in the head. */
const FEW = 3

export type TermWriter = {
  /** Terms in order, each once. */
  readonly add: (term: string, numbers: readonly number[]) => void
  /** The blocks that are full, which are handed over. */
  readonly takeFull: () => readonly TermBlock[]
  /** And the last one. */
  readonly takeAll: () => readonly TermBlock[]
}

export function createTermWriter(): TermWriter {
  const full: TermBlock[] = []
  const [block, entry] = [new PackedWriter(), new PackedWriter()]
  let first = ''
  let last = ''

  function addEntry(term: string, numbers: readonly number[]): void {
    writeEntry(entry, block.length === 0 ? '' : last, { term, numbers })
    if (block.length > 0 && block.length + entry.length > BLOCK_BYTES_MAX) {
      close()
      first = beginningBehind(last, term)
      entry.clear()
      writeEntry(entry, '', { term, numbers })
    } else if (block.length === 0) first = beginningBehind(last, term)
    block.put(entry.bytes())
    entry.clear()
    last = term
  }

  function close(): void {
    if (block.length > 0) full.push({ first, bytes: block.bytes() })
    block.clear()
  }

  return {
    add(term, numbers) {
      for (let from = 0; from < numbers.length; from += NUMBERS_PER_ENTRY)
        addEntry(term, numbers.length <= NUMBERS_PER_ENTRY ? numbers : numbers.slice(from, from + NUMBERS_PER_ENTRY))
    },
    takeFull: () => full.splice(0),
    takeAll: () => {
      close()
      return full.splice(0)
    },
  }
}

/** The shortest beginning of `term` that sorts behind `last`; `term` where they are the same. */
const beginningBehind = (last: string, term: string): string => term.slice(0, sharedBy(last, term) + 1)

/** Letters that both begin with. */
function sharedBy(a: string, b: string): number {
  let count = 0
  while (count < a.length && count < b.length && a.charCodeAt(count) === b.charCodeAt(count)) count += 1
  return count
}

function writeEntry(writer: PackedWriter, before: string, { term, numbers }: TermEntry): void {
  const shared = sharedBy(before, term)
  const own = term.length - shared
  writer.byte((Math.min(shared, ESCAPED) << 5) | (Math.min(own, ESCAPED) << 2) | (numbers.length > FEW ? 0 : numbers.length))
  if (shared >= ESCAPED) writer.number(shared - ESCAPED)
  if (own >= ESCAPED) writer.number(own - ESCAPED)
  for (let at = shared; at < term.length; at++)
    writer.number(term.charCodeAt(at) - (at === shared && at < before.length ? before.charCodeAt(at) : 0))
  writeNumbers(writer, numbers)
}

function writeNumbers(writer: PackedWriter, numbers: readonly number[]): void {
  const [first = 0] = numbers
  const steps = numbers.slice(1).map((number, at) => number - (numbers[at] ?? 0) - 1)
  if (numbers.length <= FEW) {
    for (const number of [first, ...steps]) writer.number(number)
    return
  }
  writer.number(numbers.length)
  writer.number(first)
  writer.rice(steps)
}

function readNumbers(reader: PackedReader, few: number): readonly number[] {
  const count = few || reader.number()
  const numbers = [reader.number()]
  const steps = few === 0 ? reader.rice(count - 1) : Array.from({ length: count - 1 }, () => reader.number())
  for (const step of steps) numbers.push((numbers.at(-1) ?? 0) + step + 1)
  return numbers
}

/** Throws DecodeError where the bytes are no block. `visit` answers `stop` when it has seen enough. */
export function readTermBlock(bytes: Uint8Array, visit: (entry: TermEntry) => 'stop' | void): void {
  const reader = new PackedReader(bytes)
  for (let term = ''; !reader.isAtEnd();) {
    const head = reader.byte()
    term = readTerm(reader, head, term)
    if (visit({ term, numbers: readNumbers(reader, head & FEW) }) === 'stop') return
  }
}

function readTerm(reader: PackedReader, head: number, before: string): string {
  const shared = head >> 5 === ESCAPED ? ESCAPED + reader.number() : head >> 5
  const ownBits = (head >> 2) & 7
  const own = ownBits === ESCAPED ? ESCAPED + reader.number() : ownBits
  let term = before.slice(0, shared)
  for (let at = 0; at < own; at++)
    term += String.fromCharCode(reader.number() + (at === 0 && shared < before.length ? before.charCodeAt(shared) : 0))
  return term
}

/** `same`: no line that is to go is in it. `empty`: nothing else is. */
export type StrippedBlock = { readonly kind: 'same' } | { readonly kind: 'empty' } | ({ readonly kind: 'stripped' } & TermBlock)

/** A block without the lines that are to go. Nothing in it tells then that they were there. */
export function stripTermBlock({ first, bytes }: TermBlock, isGone: (number: number) => boolean): StrippedBlock {
  const left: TermEntry[] = []
  let isSame = true
  let wasFirst: string | undefined
  readTermBlock(bytes, ({ term, numbers }) => {
    wasFirst ??= term
    const kept = numbers.some(isGone) ? numbers.filter((number) => !isGone(number)) : numbers
    isSame &&= kept === numbers
    if (kept.length > 0) left.push({ term, numbers: kept })
  })
  if (isSame) return { kind: 'same' }
  const [head] = left
  if (head === undefined) return { kind: 'empty' }
  const writer = new PackedWriter()
  let last = ''
  for (const entry of left) {
    writeEntry(writer, last, entry)
    last = entry.term
  }
  return { kind: 'stripped', first: head.term === wasFirst ? first : head.term, bytes: writer.bytes() }
}
