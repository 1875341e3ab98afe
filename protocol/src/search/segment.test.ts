// Segments against a plain look at all lines: built, merged, and with lines taken out.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decode, DecodeError, encode } from '../bytes/codec.ts'
import { conversationIdOf, accountIdOf } from '../bytes/ids.ts'
import { buildSegment } from './build.ts'
import { isWanted, linesAt, linesWith, numbered } from './find.ts'
import { BLOCK_BYTES_MAX, SEGMENT_BLOCKS_MAX, SEGMENT_LINES_MAX, TERM_LENGTH_MAX, TERMS_PER_LINE_MAX } from './limits.ts'
import { comparePlaces, readLineBlock } from './line-block.ts'
import { LineSet } from './line-set.ts'
import { mergeSegments } from './merge.ts'
import { segmentHead } from './segment.ts'
import { takeOut } from './take-out.ts'
import { readTermBlock } from './term-block.ts'
import type { LineOfTerms } from './build.ts'
import type { NumberedLine } from './find.ts'
import type { Wanted } from './query.ts'
import type { SegmentHead } from './segment.ts'

const NONE = new Uint8Array(0)
const chatOf = (at: number) => conversationIdOf(new Uint8Array(32).fill(1 + (at % 3)))
const accountOf = (at: number) => accountIdOf(new Uint8Array(32).fill(11 + (at % 2)))
const CONVERSATIONS = [0, 1, 2].map(chatOf)
const ACCOUNTS = [0, 1].map(accountOf)

const term = fc.oneof(
  fc.string({ minLength: 1, maxLength: 24, unit: fc.constantFrom('a', 'b', 'é', '船', '\ud83d') }),
  fc.string({ minLength: 1, maxLength: 24 }),
)
const line: fc.Arbitrary<LineOfTerms> = fc.record({
  place: fc.record({
    conversation: fc.constantFrom(...CONVERSATIONS),
    time: fc.oneof(fc.nat({ max: 50 }), fc.nat({ max: 2 ** 31 })),
    depth: fc.oneof(fc.nat({ max: 2 }), fc.nat({ max: 2 ** 31 })),
  }),
  account: fc.constantFrom(...ACCOUNTS),
  version: fc.oneof(
    fc.constant(0),
    fc.maxSafeNat().map((n) => n % 2 ** 48),
  ),
  terms: fc.array(term, { maxLength: 12 }).map((terms) => new Set(terms)),
})
const someLines = fc.array(line, { maxLength: 80 })
const wanted: fc.Arbitrary<Wanted> = fc.record({ kind: fc.constantFrom('exact', 'beginning'), term })

/** Rows of blocks in memory. */
function createDisk() {
  const rows = new Map<number, Uint8Array>()
  let next = 0
  const put = (bytes: Uint8Array): number => (rows.set(next, bytes), next++)
  const place = <B extends { readonly bytes: Uint8Array }>({ bytes, ...block }: B) => ({ ...block, row: put(bytes) })
  return {
    rows,
    place,
    load: (wanted: readonly number[]) =>
      Promise.resolve(
        wanted.map((row) => {
          const bytes = rows.get(row)
          if (bytes === undefined) throw new Error(`no row ${row}`)
          return bytes
        }),
      ),
    save: (blocks: readonly Uint8Array[]) => Promise.resolve(blocks.map(put)),
    build(lines: readonly LineOfTerms[]): SegmentHead {
      const { lineBlocks, termBlocks, ...rest } = buildSegment(lines)
      return { ...rest, lineBlocks: lineBlocks.map(place), termBlocks: termBlocks.map(place) }
    },
  }
}

type Disk = ReturnType<typeof createDisk>
const pause = () => Promise.resolve('on' as const)

async function allLines(disk: Disk, head: SegmentHead): Promise<readonly NumberedLine[]> {
  const blocks = await disk.load(head.lineBlocks.map(({ row }) => row))
  return head.lineBlocks.flatMap(({ time, number }, at) =>
    numbered(number, readLineBlock({ time, bytes: blocks[at] ?? new Uint8Array(0) }, head)),
  )
}

const saying = ({ place, account, version }: LineOfTerms | NumberedLine): string =>
  JSON.stringify([place.time, place.depth, place.conversation, account, version])

async function found(disk: Disk, head: SegmentHead, asked: readonly Wanted[]): Promise<readonly string[]> {
  const numbers = await linesWith(head, asked, disk.load)
  return (await allLines(disk, head))
    .filter(({ number }) => numbers?.has(number) !== false)
    .map(saying)
    .toSorted()
}

const scanned = (lines: readonly LineOfTerms[], asked: readonly Wanted[]): readonly string[] =>
  lines
    .filter(({ terms }) => asked.every((one) => [...terms].some((term) => isWanted(term, one))))
    .map(saying)
    .toSorted()

describe('a segment finds what a plain look at all lines finds', () => {
  test('as it was built, and read back', async () => {
    await fc.assert(
      fc.asyncProperty(someLines, fc.array(wanted, { maxLength: 3 }), async (lines, asked) => {
        const disk = createDisk()
        const head = decode(segmentHead, encode(segmentHead, disk.build(lines)))
        expect(await found(disk, head, asked)).toEqual(scanned(lines, asked))
        for (const one of lines)
          expect((await linesAt(head, one.place, disk.load)).map(saying).toSorted()).toEqual(
            lines
              .filter(({ place }) => comparePlaces(place, one.place) === 0)
              .map(saying)
              .toSorted(),
          )
      }),
    )
  })

  test('when it has more terms and lines than a block holds', async () => {
    const lines = Array.from({ length: 3_000 }, (_, at): LineOfTerms => ({
      place: { conversation: chatOf(at), time: 1_700_000_000_000 + at * 997, depth: at },
      account: accountOf(at),
      version: 0,
      terms: new Set(['everywhere', `word${at % 700}`, `only${at}`]),
    }))
    const disk = createDisk()
    const head = disk.build(lines)
    expect(head.termBlocks.length).toBeGreaterThan(5)
    for (const asked of ['everywhere', 'word12', 'only2999', 'only', 'w', 'x', ''])
      for (const kind of ['exact', 'beginning'] as const)
        expect(await found(disk, head, [{ kind, term: asked }]), `${kind} ${asked}`).toEqual(scanned(lines, [{ kind, term: asked }]))
  })

  test('merged from several', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(someLines, { minLength: 1, maxLength: 4 }), fc.array(wanted, { maxLength: 2 }), async (parts, asked) => {
        const disk = createDisk()
        const heads = parts.map((lines) => disk.build(lines))
        const merged = await mergeSegments(heads, { ...disk, pause })
        expect(merged && (await found(disk, merged, asked))).toEqual(scanned(parts.flat(), asked))
        expect(merged).toMatchObject({ lines: parts.flat().length, live: parts.flat().length })
      }),
    )
  })

  test('after lines were taken out, and merged after that; and no block says anything of those that went', async () => {
    await fc.assert(
      fc.asyncProperty(someLines, fc.func(fc.boolean()), fc.array(wanted, { maxLength: 2 }), async (lines, goes, asked) => {
        const disk = createDisk()
        const built = disk.build(lines)
        const gone = new LineSet(built.lines)
        const sorted = lines.toSorted((a, b) => comparePlaces(a.place, b.place))
        const isGone = sorted.map((one, at) => goes(one.place.time, at))
        isGone.forEach((is, at) => is && gone.add(at))
        const left = sorted.filter((_, at) => isGone[at] !== true)
        const head = await takeOut(built, gone, { load: disk.load, replace: replaceIn(disk), pause })
        expect(await found(disk, head, asked)).toEqual(scanned(left, asked))
        expect(head.live).toBe(left.length)
        const terms = new Set<string>()
        for (const { row } of head.termBlocks)
          readTermBlock(disk.rows.get(row) ?? NONE, (entry) => {
            expect(entry.numbers.some(gone.has)).toBe(false)
            terms.add(entry.term)
          })
        expect([...terms].toSorted()).toEqual([...new Set(left.flatMap((one) => [...one.terms]))].toSorted())
        // The beginning of a term that stands in a head is one of a term that is there.
        for (const { first } of head.termBlocks) expect([...terms].some((one) => one.startsWith(first))).toBe(true)
        const others = disk.build(lines)
        const merged = await mergeSegments([head, others], { ...disk, pause })
        expect(merged && (await found(disk, merged, asked))).toEqual(scanned([...left, ...lines], asked))
      }),
    )
  })
})

function replaceIn(disk: Disk): Parameters<typeof takeOut>[2]['replace'] {
  return (head, { terms, lines, head: changed }) => {
    for (const row of [...terms.keys(), ...lines.keys()]) disk.rows.delete(row)
    return Promise.resolve({
      ...head,
      ...changed,
      termBlocks: head.termBlocks.flatMap((block) => {
        if (!terms.has(block.row)) return [block]
        const by = terms.get(block.row)
        return by === undefined ? [] : [disk.place(by)]
      }),
      lineBlocks: head.lineBlocks.map((block) => {
        const by = lines.get(block.row)
        return by === undefined ? block : disk.place(by)
      }),
    })
  }
}

test('a merge that is stopped answers nothing', async () => {
  const disk = createDisk()
  const lines = Array.from({ length: 5_000 }, (_, at): LineOfTerms => ({
    place: { conversation: chatOf(0), time: at, depth: 0 },
    account: accountOf(0),
    version: 0,
    terms: new Set([`t${at % 50}`]),
  }))
  expect(await mergeSegments([disk.build(lines)], { ...disk, pause: () => Promise.resolve('stop') })).toBeUndefined()
})

describe('bytes that are no block', () => {
  test('are refused as such, or read as something within bounds', () => {
    const names = { conversations: CONVERSATIONS, accounts: ACCOUNTS }
    const refusesOrReads = (read: () => void): void => {
      try {
        read()
      } catch (error) {
        expect(error).toBeInstanceOf(DecodeError)
      }
    }
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        let entries = 0
        refusesOrReads(() => readTermBlock(bytes, ({ numbers }) => void (entries += 1 + numbers.length)))
        expect(entries).toBeLessThanOrEqual(2 * bytes.length + 1)
        refusesOrReads(() => expect(readLineBlock({ time: 1_000, bytes }, names).length).toBeLessThanOrEqual(bytes.length))
        refusesOrReads(() => decode(segmentHead, bytes))
      }),
      { numRuns: 2_000 },
    )
  })

  test('of a block that was cut off are refused, or read as fewer lines', () => {
    const { termBlocks, lineBlocks, ...head } = buildSegment([
      {
        place: { conversation: chatOf(0), time: 70_000, depth: 3 },
        account: accountOf(1),
        version: 77,
        terms: new Set(['ferry', 'fern']),
      },
    ])
    const [terms, lines] = [termBlocks[0]?.bytes ?? NONE, lineBlocks[0] ?? { time: 0, number: 0, bytes: NONE }]
    expect(() => readTermBlock(terms.subarray(0, -1), () => undefined)).toThrow(DecodeError)
    expect(() => readLineBlock({ ...lines, bytes: lines.bytes.subarray(0, -1) }, head)).toThrow(DecodeError)
    expect(() => readLineBlock(lines, { conversations: [], accounts: [] })).toThrow(DecodeError)
  })
})

test('a segment keeps within what its blocks and its head can say', () => {
  expect(SEGMENT_LINES_MAX).toBeLessThan(0xffff)
  const terms = new Set(Array.from({ length: TERMS_PER_LINE_MAX }, (_, at) => `${at.toString(36)}${'船'.repeat(TERM_LENGTH_MAX - 3)}`))
  const lines = Array.from({ length: 20 }, (_, at): LineOfTerms => ({
    place: { conversation: chatOf(at), time: at, depth: 0 },
    account: accountOf(at),
    version: 0,
    terms,
  }))
  const { termBlocks, lineBlocks } = buildSegment(lines)
  for (const { bytes } of [...termBlocks, ...lineBlocks]) expect(bytes.length).toBeLessThanOrEqual(BLOCK_BYTES_MAX)
  expect(termBlocks.length + lineBlocks.length).toBeLessThanOrEqual(SEGMENT_BLOCKS_MAX)
})
