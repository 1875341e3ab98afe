import { expect, test } from 'vitest'
import { CONVERSATION, createAuthor, MEMBERS, NOW, signed, unsigned, write, writeRun } from '../../test/fixtures/feeds.ts'
import { toHex } from '../bytes/bytes.ts'
import { coverChains } from './cover.ts'
import { readEntry } from './incoming.ts'
import { addFeed, createLog, withFeed } from './log.ts'
import { toLookups } from './lookups.ts'
import type { EntryId } from '../bytes/ids.ts'
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

/** The seqs of what is covered, in the order in which it is. */
function coveredIn(log: Log, wires: readonly WireEntry[], stored: readonly KnownEntry[] = []): readonly number[] {
  const reading = { log, from: bob.device, now: NOW, members: new Set([toHex(MEMBERS)]) }
  const entries = wires.flatMap((wire): readonly Incoming[] => {
    const read = readEntry(wire, reading)
    return read.kind === 'read' ? [read.entry] : []
  })
  const pool = new Map<EntryId, Incoming>(entries.map((entry) => [entry.id, entry]))
  const coverage = coverChains({ log, lookups: toLookups(stored), verified: new Map(), pool })
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
