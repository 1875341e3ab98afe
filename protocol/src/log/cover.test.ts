import { expect, test } from 'vitest'
import { CONVERSATION, createAuthor, flipped, MEMBERS, NOW, signed, unsigned, write, writeRun } from '../../test/fixtures/feeds.ts'
import { toHex } from '../bytes/bytes.ts'
import { RUN_BYTES_MAX } from '../limits.ts'
import { FORK_BRANCHES_MAX } from './limits.ts'
import { coverChains, isVerified } from './cover.ts'
import { bytesOf, readEntry } from './incoming.ts'
import { addFeed, createLog, withFeed } from './log.ts'
import { toLookups } from './lookups.ts'
import type { EntryId } from '../bytes/ids.ts'
import type { Coverage } from './cover.ts'
import type { WireEntry } from '../wire/entry.ts'
import type { Incoming } from './incoming.ts'
import type { Feed, Log } from './log.ts'
import type { KnownEntry } from './lookups.ts'
import type { Written } from '../../test/fixtures/feeds.ts'

const bob = createAuthor('bob')
const empty = addFeed(createLog(CONVERSATION), bob)
const order = { time: NOW, depth: 0 }
const after = (last: Written): Log =>
  withFeed(empty, { ...(empty.feeds.get(bob.device) as Feed), tips: [{ seq: last.header.seq, id: last.id, order }] })

function read(log: Log, wires: readonly WireEntry[]): readonly Incoming[] {
  const reading = { log, from: bob.device, now: NOW, members: new Set([toHex(MEMBERS)]) }
  return wires.flatMap((wire) => {
    const result = readEntry(wire, reading)
    return result.kind === 'read' ? [result.entry] : []
  })
}

function cover(log: Log, entries: readonly Incoming[], stored: readonly KnownEntry[] = []): Coverage {
  const pool = new Map<EntryId, Incoming>(entries.map((entry) => [entry.id, entry]))
  return coverChains({ log, lookups: toLookups(stored), verified: new Map(), pool })
}

/** The seqs of what is covered, in the order in which it is. */
function coveredIn(log: Log, wires: readonly WireEntry[], stored: readonly KnownEntry[] = []): readonly number[] {
  const coverage = cover(log, read(log, wires), stored)
  return coverage.kind === 'covered' ? coverage.covered.map(({ entry }) => entry.header.seq) : []
}

const run = writeRun(bob, 3)
const [first, second, third] = run as [Written, Written, Written]

test('an entry is covered that follows the tip in its place, and none that names it from another', () => {
  expect(coveredIn(after(second), [signed(third)])).toEqual([2])
  expect(coveredIn(after(second), [signed(write(bob, { after: second, seq: 3 }))])).toEqual([])
  expect(coveredIn(after(second), [signed(write(bob, { after: second, seq: 1 }))])).toEqual([])
})

test('an entry that follows another is covered in the place after it only', () => {
  expect(coveredIn(empty, [unsigned(first), signed(second)])).toEqual([0, 1])
  expect(coveredIn(empty, [signed(first), signed(write(bob, { after: first, seq: 2 }))])).toEqual([0])
})

test('an entry is covered that follows a stored one in its place, and none that names it from another', () => {
  const stored: KnownEntry = { ...first, device: bob.device, seq: 0, prev: first.header.prev, order, hasBody: true }
  expect(coveredIn(after(third), [signed(write(bob, { after: first, time: NOW + 9 }))], [stored])).toEqual([1])
  expect(coveredIn(after(third), [signed(write(bob, { after: first, seq: 2 }))], [stored])).toEqual([])
})

test('an entry is covered that follows one of two stored in a place', () => {
  const stored = [write(bob, { time: NOW + 7 }), first].map((entry): KnownEntry => ({
    ...entry,
    device: bob.device,
    seq: 0,
    prev: entry.header.prev,
    order,
    hasBody: true,
  }))
  const next = signed(write(bob, { after: first, time: NOW + 9 }))
  expect(coveredIn(after(third), [next], stored)).toEqual([1])
  expect(coveredIn(after(third), [next], stored.slice(0, 1))).toEqual([])
})

test('nothing is covered of a device that has no feed here', () => {
  const stranger = createAuthor('mallory')
  const entries = read(addFeed(createLog(CONVERSATION), stranger), [signed(write(stranger))])
  expect(cover(addFeed(createLog(CONVERSATION), stranger), entries)).toMatchObject({ covered: [{}] })
  expect(cover(empty, entries)).toEqual({ kind: 'covered', covered: [], over: [] })
})

test('an entry that has to be signed by itself is not covered without its signature, whatever is signed after it', () => {
  const control = write(bob, {
    content: { kind: 'join', account: CONVERSATION as never, deviceList: new Uint8Array(32), proof: new Uint8Array(32) },
  })
  const [own, next] = read(empty, [signed(control), signed(write(bob, { after: control }))]) as [Incoming, Incoming]
  expect(cover(empty, [own, next])).toMatchObject({ kind: 'covered', covered: [{}, {}] })
  expect(cover(empty, [{ ...own, signature: undefined }, next])).toMatchObject({ kind: 'culprit', peer: own.from })
})

test('a copy with another signature than the one that was found right is not verified', () => {
  const [entry] = read(empty, [signed(first)]) as [Incoming]
  const verified = new Map([[entry.id, first.signature]])
  expect(isVerified(verified, entry)).toBe(true)
  expect(isVerified(verified, { ...entry, signature: flipped(first.signature, 0) })).toBe(false)
  expect(isVerified(verified, { ...entry, signature: undefined })).toBe(false)
  expect(isVerified(new Map(), entry)).toBe(false)
})

test('of more branches than are ever kept none is looked at', () => {
  const branches = Array.from({ length: FORK_BRANCHES_MAX + 3 }, (_, at) => signed(write(bob, { time: NOW + at })))
  const coverage = cover(empty, read(empty, branches))
  if (coverage.kind !== 'covered') throw new Error('a signature is wrong')
  expect(coverage.covered).toHaveLength(FORK_BRANCHES_MAX + 1)
  expect(coverage.over.map(({ reason }) => reason)).toEqual(['branches', 'branches'])
})

test('a signature covers as many bytes as a run may have, and not one more', () => {
  const sized = (wires: readonly WireEntry[], more: number): readonly Incoming[] => {
    const [begin, ...others] = read(empty, wires) as [Incoming, ...Incoming[]]
    const length = RUN_BYTES_MAX + more - others.reduce((sum, entry) => sum + bytesOf(entry), bytesOf(begin) - begin.headerBytes.length)
    return [{ ...begin, headerBytes: new Uint8Array(length) }, ...others]
  }
  const told = (entries: readonly Incoming[]) => {
    const coverage = cover(empty, entries)
    return coverage.kind === 'covered' ? [coverage.covered.length, coverage.over.map(({ reason }) => reason)] : coverage.kind
  }
  expect(told(sized([unsigned(first), signed(second)], 0))).toEqual([2, []])
  expect(told(sized([unsigned(first), signed(second)], 1))).toEqual([0, ['run']])
  expect(told(sized([unsigned(first), unsigned(second)], 0))).toEqual([0, []])
  expect(told(sized([unsigned(first), unsigned(second)], 1))).toEqual([0, ['run']])
  expect(told(sized([unsigned(first)], 0))).toEqual([0, []])
  expect(told(sized([unsigned(first)], 1))).toEqual([0, ['run']])
})
