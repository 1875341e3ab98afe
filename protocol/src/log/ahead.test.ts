import { describe, expect, test } from 'vitest'
import {
  CARRIER,
  CONVERSATION,
  createAuthor,
  createReceiver,
  deliver,
  MEMBERS,
  NOW,
  signed,
  unsigned,
  write,
  writeRun,
} from '../../test/fixtures/feeds.ts'
import { toHex } from '../bytes/bytes.ts'
import { hash } from '../crypto/hash.ts'
import { verify } from '../crypto/sign.ts'
import { RUN_ENTRIES_MAX } from '../limits.ts'
import { admitEntries } from './admit.ts'
import { signaturesDue } from './ahead.ts'
import { coverChains } from './cover.ts'
import { readEntry } from './incoming.ts'
import { NO_LOOKUPS } from './lookups.ts'
import { EMPTY_PARKING } from './parking.ts'
import type { EntryId } from '../bytes/ids.ts'
import type { WireEntry } from '../wire/entry.ts'
import type { Incoming } from './incoming.ts'
import type { Log } from './log.ts'
import type { Written } from '../../test/fixtures/feeds.ts'

const [alice, bob] = [createAuthor('alice'), createAuthor('bob')]
const members = new Set([toHex(MEMBERS)])
const { log } = createReceiver([alice, bob])

/** The ids whose signatures admission verifies itself when nothing was verified before. */
function verifiedIn(at: Log, wires: readonly WireEntry[]): readonly EntryId[] {
  const read = wires.map((wire) => readEntry(wire, { log: at, from: CARRIER, now: NOW, members }))
  const pool = new Map(read.flatMap((one): [EntryId, Incoming][] => (one.kind === 'read' ? [[one.entry.id, one.entry]] : [])))
  const verified = new Map<EntryId, Uint8Array>()
  coverChains({ log: at, lookups: NO_LOOKUPS, verified, pool })
  return [...verified.keys()].toSorted()
}

const alices = writeRun(alice, 2 * RUN_ENTRIES_MAX + 5)
const bobs = writeRun(bob, 3)
const after = deliver(createReceiver([alice, bob]), [...alices.slice(0, 2).map(signed), ...bobs.slice(0, 1).map(signed)]).receiver.log

/** Of a kind that is signed by itself. */
const control = write(alice, {
  after: alices[RUN_ENTRIES_MAX - 1],
  content: { kind: 'join', account: CONVERSATION as never, deviceList: hash(new Uint8Array(1)), proof: new Uint8Array(32) },
})

describe('what is verified ahead', () => {
  test('is nothing of a device that has no feed here, nor of what is no entry', () => {
    const own = signed(writeRun(alice, 1)[0] as never)
    expect(signaturesDue(log, [own])).toHaveLength(1)
    expect(signaturesDue(log, [signed(writeRun(createAuthor('mallory'), 1)[0] as never)])).toEqual([])
    expect(signaturesDue(log, [{ ...own, header: own.header.subarray(1) }, own])).toHaveLength(1)
  })

  test.each([
    ['every entry is signed', log, alices.map(signed)],
    ['one in ten is signed', log, alices.map((entry, at) => (at % 10 === 9 ? signed(entry) : unsigned(entry)))],
    ['two feeds are mixed', log, [...alices.slice(0, 4), ...bobs, ...alices.slice(4, 9)].map(signed)],
    ['they follow what is here', after, [...alices.slice(2, 9), ...bobs.slice(1)].map(signed)],
    ['nothing is signed', log, alices.map(unsigned)],
    ['one follows a full run that is signed by itself', log, [...alices.slice(0, RUN_ENTRIES_MAX), control].map(signed)],
    ['the beginning is missing', log, alices.slice(5, 9).map(signed)],
  ])('is what admission would verify where %s', (_, at, wires) => {
    const due = signaturesDue(at, wires)
    expect(due.map(({ id }) => id).toSorted()).toEqual(verifiedIn(at, wires))
    for (const { key, statement, signature } of due) expect(verify(key, statement, signature)).toBe(true)
  })

  test('is of one branch, and of what follows it in its place', () => {
    const dueIn = (at: Log, entries: readonly WireEntry[], between?: 'expected'): readonly EntryId[] =>
      signaturesDue(at, entries, between).map(({ id }) => id)
    const [begin, next] = alices as [Written, Written]
    expect(dueIn(log, [unsigned(begin), signed(next)])).toEqual([next.id])
    expect(dueIn(log, [unsigned(begin), signed(next), signed(write(alice, { after: begin }))]), 'a second branch').toEqual([next.id])
    expect(dueIn(log, [signed(begin), signed(write(alice, { after: begin, seq: 2 }))]), 'a place further on').toEqual([begin.id])
    expect(
      dueIn(log, [signed(begin), signed(write(alice, { seq: 1, prev: bobs[0]?.id ?? expect.fail('nothing was written') }))]),
      'behind another entry',
    ).toEqual([begin.id])
    expect(dueIn(after, [signed(write(alice, { time: NOW + 9 }))]), 'a second beginning').toEqual([])
    const unseen = write(alice, { after: begin, time: NOW + 9 })
    const onUnseen = write(alice, { after: unseen })
    expect(dueIn(after, [signed(onUnseen)])).toEqual([])
    expect(dueIn(after, [signed(onUnseen)], 'expected'), 'right behind the tip').toEqual([onUnseen.id])
    expect(dueIn(after, [signed(unseen)], 'expected'), 'beside the tip').toEqual([])
  })

  test('is the same for what comes before its past, where that is expected', () => {
    const later = alices.slice(5, 9).map(signed)
    const past = deliver(createReceiver([alice, bob]), alices.slice(0, 5).map(signed)).receiver.log
    expect(signaturesDue(log, later, 'expected')).toEqual(signaturesDue(past, later))
    expect(signaturesDue(past, alices.slice(3, 5).map(signed), 'expected'), 'of what is here already').toEqual([])
  })

  test('counts for the entry and the bytes of the signature that were verified, and for nothing else', () => {
    const [first] = bobs.map(signed) as [WireEntry]
    const right = first.signature ?? expect.fail('not signed')
    const wrong = right.with(63, right.at(63) === 0 ? 1 : 0)
    const id = bobs[0]?.id ?? expect.fail('nothing was written')
    const accepted = (wire: WireEntry, verified?: ReadonlyMap<EntryId, Uint8Array>): number =>
      admitEntries({
        ...{ log, parking: EMPTY_PARKING, lookups: NO_LOOKUPS, from: CARRIER, entries: [wire], members, now: NOW },
        ...(verified === undefined ? {} : { verified }),
      }).accepted.length
    expect(accepted(first)).toBe(1)
    expect(accepted({ ...first, signature: wrong })).toBe(0)
    expect(accepted({ ...first, signature: wrong }, new Map([[id, right]])), 'another signature').toBe(0)
    expect(accepted({ ...first, signature: wrong }, new Map([[bobs[1]?.id ?? id, wrong]])), 'of another entry').toBe(0)
    expect(accepted({ ...first, signature: wrong }, new Map([[id, wrong]])), 'these bytes were verified').toBe(1)
  })
})
