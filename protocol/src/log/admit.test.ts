import { describe, expect, it, test } from 'vitest'
import {
  ascending,
  batchOf,
  CONVERSATION,
  createAuthor,
  createReceiver,
  deliver,
  deliverAll,
  flipped,
  headOf,
  NOW,
  OTHER_CONVERSATION,
  signed,
  unsigned,
  viewOf,
  withinLonger,
  write,
  writeBare,
  writeRun,
} from '../../test/fixtures/feeds.ts'
import { concatBytes, utf8ToBytes } from '../bytes/bytes.ts'
import { encode } from '../bytes/codec.ts'
import { conversationIdOf, deviceIdOf, entryIdOf, NO_CONVERSATION } from '../bytes/ids.ts'
import { hash } from '../crypto/hash.ts'
import { HEADER_BYTES_MAX, PARKED_MS_MAX, RUN_BYTES_MAX, RUN_ENTRIES_MAX, TIME_MS_MAX } from '../limits.ts'
import { entryHeader } from '../wire/entry.ts'
import { entryIdOfHeader, signRun } from './entry.ts'
import { CONTROLS_PER_BATCH_MAX, LOOKUP_PLACES_MAX } from './limits.ts'
import type { EntryKind, WireEntry } from '../wire/entry.ts'
import type { Written } from '../../test/fixtures/feeds.ts'

const alice = createAuthor('alice')
const bob = createAuthor('bob')
const carol = createAuthor('carol')
const mallory = createAuthor('mallory')
const receiver = createReceiver([alice, bob, carol])

const acceptedOf = (entries: readonly WireEntry[], at = receiver) => deliver(at, entries).admission.accepted.map((entry) => entry.id)
const refusedOf = (entries: readonly WireEntry[], at = receiver) => deliver(at, entries).admission.refused.map((refusal) => refusal.reason)
const waitingOf = (at: typeof receiver) => [...at.parking.conversations.values()].flat().length

describe('a batch of one feed', () => {
  it('is accepted in order, with one signature at its end', () => {
    const run = writeRun(alice, 3)
    expect(acceptedOf(batchOf(run))).toEqual(run.map((entry) => entry.id))
  })

  it('is accepted whatever the order inside it', () => {
    const run = writeRun(alice, 3)
    expect(acceptedOf(batchOf(run).toReversed())).toEqual(run.map((entry) => entry.id))
  })

  it('continues a feed without a look into the store', () => {
    const run = writeRun(alice, 4)
    const before = deliver(receiver, batchOf(run.slice(0, 2))).receiver
    expect(acceptedOf(batchOf(run.slice(2)), { ...before, stored: [] })).toEqual(run.slice(2).map((entry) => entry.id))
  })

  it('keeps the signature that was verified and drops those that were not', () => {
    const run = writeRun(alice, 3)
    const { accepted } = deliver(receiver, run.map(signed)).admission
    expect(accepted.map((entry) => entry.signature)).toEqual([undefined, undefined, run[2]?.signature])
  })
})

describe('an entry of another', () => {
  const entry = write(alice)

  it("presented as one's own is refused", () => {
    const stolen = encode(entryHeader, { ...entry.header, device: bob.device })
    expect(acceptedOf([signed(entry)])).toHaveLength(1)
    expect(refusedOf([{ header: stolen, signature: entry.signature, body: entry.body }])).toEqual(['signature'])
  })

  it('signed by somebody else is refused', () => {
    const forged = write({ ...alice, seed: mallory.seed })
    expect(refusedOf([signed(forged)])).toEqual(['signature'])
  })

  it('of an unknown device is refused', () => {
    expect(refusedOf([signed(write(mallory))])).toEqual(['unknown-device'])
  })

  it('replayed in another conversation is refused', () => {
    expect(refusedOf([signed(entry)], createReceiver([alice], OTHER_CONVERSATION))).toEqual(['conversation'])
  })

  it('moved to another conversation by its header has no valid signature', () => {
    const moved = encode(entryHeader, { ...entry.header, conversation: OTHER_CONVERSATION })
    expect(
      refusedOf([{ header: moved, signature: entry.signature, body: undefined }], createReceiver([alice], OTHER_CONVERSATION)),
    ).toEqual(['signature'])
  })

  it('with a prev of another device waits, and is never accepted', () => {
    const foreign = write(alice, { after: write(bob) })
    const after = deliver(receiver, [signed(foreign)])
    expect(after.admission.accepted).toEqual([])
    expect(deliver(after.receiver, [signed(write(bob)), signed(entry)]).admission.accepted.map(({ id }) => id)).not.toContain(foreign.id)
  })

  it('that believes in another member state is refused', () => {
    expect(refusedOf([signed(write(alice, { members: hash(new Uint8Array(1)) }))])).toEqual(['members'])
  })
})

/** An entry of Alice's of another kind than its content makes it, without its body. */
function asKind(entry: Written, kind: EntryKind): Written {
  const header = { ...entry.header, kind }
  const headerBytes = encode(entryHeader, header)
  const id = entryIdOfHeader(headerBytes)
  const signature = signRun(alice.seed, { conversation: CONVERSATION, device: alice.device, seq: header.seq, id })
  return { ...entry, header, headerBytes, id, signature }
}

test.each(['control'] as const)('a %s entry without a signature of its own is refused, whatever covers it', (kind) => {
  const entry = asKind(write(alice), kind)
  const next = write(alice, { after: entry })
  const bare = (wire: WireEntry): WireEntry => ({ ...wire, body: undefined })
  expect(acceptedOf([bare(signed(entry)), signed(next)])).toEqual([entry.id, next.id])
  expect(refusedOf([bare(unsigned(entry)), signed(next)])).toEqual(['unsigned'])
})

test('what one peer signed rightly says nothing for the copy of another, once the first one has handed over something wrong', () => {
  const first = write(alice)
  const control = asKind(write(alice, { after: first }), 'control')
  const last = write(alice, { after: control })
  const wrong = (wire: WireEntry): WireEntry => ({ ...wire, signature: flipped(wire.signature ?? new Uint8Array(64), 0) })
  const copy = { ...signed(control), body: undefined }
  const before = deliver(receiver, [copy, wrong(signed(last))], { from: carol.device }).receiver
  expect(deliver(before, [unsigned(first), copy], { from: bob.device }).admission.accepted.map(({ id }) => id)).toEqual([
    first.id,
    control.id,
  ])
  const { accepted, refused } = deliver(before, [unsigned(first), wrong(copy)], { from: bob.device }).admission
  expect([accepted, refused.map(({ reason, from }) => [reason, from])]).toEqual([
    [],
    [
      ['signature', carol.device],
      ['signature', bob.device],
    ],
  ])
})

describe('the create entry', () => {
  const create = write(alice, {
    conversation: NO_CONVERSATION,
    content: { kind: 'create', shape: 'pair', founder: CONVERSATION as never, deviceList: hash(alice.seed), nonce: new Uint8Array(16) },
  })
  const conversation = conversationIdOf(hash(new Uint8Array(2)))

  it('is accepted in the conversation that its id names, and refused in any other', () => {
    const id = entryIdOfHeader(create.headerBytes) as never
    const own = createReceiver([alice], id)
    const rightly = write(alice, { conversation: id })
    const wire = { ...signed(create), signature: write(alice, { conversation: id }).signature }
    expect(refusedOf([wire], own)).toEqual(['signature'])
    expect(refusedOf([wire], createReceiver([alice], conversation))).toEqual(['conversation'])
    expect(acceptedOf([signed(rightly)], own)).toEqual([rightly.id])
  })
})

describe('a header', () => {
  const entry = write(alice, { deps: [headOf(write(bob))] })
  const ready = deliver(receiver, [signed(write(bob))])

  it('with any byte flipped is not accepted, and the right one still is', () => {
    const bobs = write(bob)
    const at = deliver(receiver, [signed(bobs)]).receiver
    const right = write(alice, { deps: [headOf(bobs)] })
    for (let byte = 0; byte < right.headerBytes.length; byte++) {
      for (const bits of [0x01, 0x80]) {
        const wire = { ...signed(right), header: flipped(right.headerBytes, byte, bits) }
        expect(acceptedOf([wire], at)).toEqual([])
      }
    }
    expect(acceptedOf([signed(right)], at)).toEqual([right.id])
  })

  it('with bytes left over is malformed', () => {
    expect(refusedOf([{ ...signed(entry), header: concatBytes(entry.headerBytes, new Uint8Array(1)) }], ready.receiver)).toEqual([
      'malformed',
    ])
  })

  it('cut short is malformed', () => {
    for (const length of [0, 1, 66, entry.headerBytes.length - 1]) {
      expect(refusedOf([{ ...signed(entry), header: entry.headerBytes.subarray(0, length) }])).toEqual(['malformed'])
    }
  })

  it('of more than its bound is malformed', () => {
    expect(refusedOf([{ ...signed(entry), header: new Uint8Array(HEADER_BYTES_MAX + 1) }])).toEqual(['malformed'])
  })

  it('with another version, suite or kind is malformed', () => {
    for (const at of [0, 1, 2])
      expect(refusedOf([{ ...signed(entry), header: flipped(entry.headerBytes, at, 0x40) }])).toEqual(['malformed'])
  })

  it('with seq 0 and a prev, or a later seq and none, is refused', () => {
    expect(refusedOf([signed(write(alice, { prev: entry.id }))])).toEqual(['place'])
    expect(refusedOf([signed(write(alice, { seq: 1 }))])).toEqual(['place'])
  })

  it('with a bucket that does not exist is refused', () => {
    const odd = encode(entryHeader, { ...entry.header, deps: [], bucket: 4 })
    expect(refusedOf([{ header: odd, signature: entry.signature, body: undefined }])).toEqual(['bucket'])
  })
})

describe('deps', () => {
  const bobs = write(bob)
  const carols = write(carol)
  const known = deliver(receiver, [signed(bobs), signed(carols)]).receiver

  it('that are known are accepted, and put the entry after them', () => {
    const entry = write(alice, { deps: ascending(headOf(bobs), headOf(carols)), time: 0 })
    const { accepted } = deliver(known, [signed(entry)]).admission
    expect(accepted.map(({ id }) => id)).toEqual([entry.id])
    expect(accepted[0]?.order).toEqual({ time: NOW + 1, depth: 1 })
  })

  it('out of order, or twice the same device, are refused', () => {
    const [first, second] = ascending(headOf(bobs), headOf(carols))
    expect(refusedOf([signed(write(alice, { deps: [second, first] as never }))], known)).toEqual(['deps'])
    expect(refusedOf([signed(write(alice, { deps: [first, first] as never }))], known)).toEqual(['deps'])
  })

  it('on the own feed, earlier or later, are refused', () => {
    const first = write(alice)
    const second = write(alice, { after: first, deps: [headOf(first)] })
    const later = write(alice, { deps: [{ device: alice.device, seq: 5, id: bobs.id }] })
    expect(refusedOf([signed(first), signed(second)], known)).toEqual(['deps'])
    expect(refusedOf([signed(later)], known)).toEqual(['deps'])
  })

  it('of seventeen feeds do not decode', () => {
    const entry = write(alice)
    const at = 2 + 1 + 32 + 32 + 4 + 32
    const heads = Array.from({ length: 17 }, (_, index) => concatBytes(new Uint8Array(32).fill(index + 1), new Uint8Array(36)))
    const header = concatBytes(entry.headerBytes.subarray(0, at), Uint8Array.of(17), ...heads, entry.headerBytes.subarray(at + 1))
    expect(refusedOf([{ header, signature: entry.signature, body: undefined }])).toEqual(['malformed'])
  })

  it('that are unknown make an entry wait until they come', () => {
    const entry = write(alice, { deps: [headOf(bobs)] })
    const waiting = deliver(receiver, [signed(entry)])
    expect(waiting.admission.accepted).toEqual([])
    expect(deliver(waiting.receiver, [signed(bobs)]).admission.accepted.map(({ id }) => id)).toEqual([bobs.id, entry.id])
  })

  it('that are unknown keep no more of what the entry came in than the entry', () => {
    const entry = write(alice, { deps: [headOf(bobs)] })
    const waiting = deliver(receiver, [withinLonger(signed(entry))]).receiver
    const [parked] = [...waiting.parking.conversations.values()].flat()
    expect(parked?.headerBytes.buffer.byteLength).toBe(entry.headerBytes.length)
    expect(parked?.body?.buffer.byteLength).toBe(entry.body.length)
    expect(deliver(waiting, [signed(bobs)]).admission.accepted.map(({ id }) => id)).toEqual([bobs.id, entry.id])
  })

  it('that are unknown keep no more than the entry where it came without its body, or only that came in something longer', () => {
    const entry = write(alice, { deps: [headOf(bobs)] })
    const { header, signature, body } = withinLonger(signed(entry))
    const parkedFrom = (wire: WireEntry) => [...deliver(receiver, [wire]).receiver.parking.conversations.values()].flat()[0]
    const [bare, longBody] = [parkedFrom({ header, signature, body: undefined }), parkedFrom({ ...signed(entry), body })]
    expect(bare?.headerBytes.buffer.byteLength).toBe(entry.headerBytes.length)
    expect(longBody?.body?.buffer.byteLength).toBe(entry.body.length)
  })

  it('that never come are not waited for longer than parking allows', () => {
    const entry = write(alice, { deps: [{ device: bob.device, seq: 7, id: entryIdOf(hash(new Uint8Array(1))) }] })
    const waiting = deliver(receiver, [signed(entry)]).receiver
    expect(waitingOf(waiting)).toBe(1)
    const still = deliver(waiting, [], { now: NOW + PARKED_MS_MAX }).receiver
    expect(waitingOf(still)).toBe(1)
    const late = deliver(still, [], { now: NOW + PARKED_MS_MAX + 1 })
    expect(waitingOf(late.receiver)).toBe(0)
    expect(late.admission.refused.map(({ reason }) => reason)).toEqual(['expired'])
  })

  it('that are unknown make few entries wait in places that the feed has passed, and as many as come beyond it', () => {
    const at = deliver(receiver, writeBare(alice, 2 * RUN_ENTRIES_MAX)).receiver
    const deps = [{ device: bob.device, seq: 7, id: entryIdOf(hash(new Uint8Array(1))) }]
    const waiting = (from: number): number => {
      const entries = Array.from({ length: 40 }, (_, nth) => signed(write(alice, { seq: from + nth, prev: bobs.id, deps })))
      return waitingOf(deliver(at, entries).receiver)
    }
    expect(waiting(2 * RUN_ENTRIES_MAX + 5)).toBe(40)
    expect(waiting(RUN_ENTRIES_MAX)).toBe(Math.floor(LOOKUP_PLACES_MAX / (deps.length + RUN_ENTRIES_MAX + 2)))
  })

  it('on each other cannot be written, and claiming it leads nowhere', () => {
    // Ids are hashes of headers, so a cycle needs an id that is not the one named: neither entry ever becomes ready.
    const guess = entryIdOf(hash(new Uint8Array(3)))
    const first = write(alice, { deps: [{ device: bob.device, seq: 0, id: guess }] })
    const second = write(bob, { deps: [headOf(first)] })
    const after = deliver(receiver, [signed(first), signed(second)])
    expect(after.admission.accepted).toEqual([])
    expect(waitingOf(after.receiver)).toBe(2)
  })

  it('that name a known id in the wrong place never become known', () => {
    const entry = write(alice, { deps: [{ ...headOf(bobs), seq: 1 }] })
    expect(acceptedOf([signed(entry)], known)).toEqual([])
  })

  it('that name a known id in the wrong place inside one batch never become known', () => {
    const entry = write(alice, { deps: [{ ...headOf(bobs), seq: 1 }] })
    expect(acceptedOf([signed(bobs), signed(entry)])).toEqual([bobs.id])
  })

  it('on the middle of another feed are found in the store', () => {
    const run = writeRun(bob, 5)
    const at = deliver(receiver, batchOf(run)).receiver
    const entry = write(alice, { deps: [headOf(run[2] as never)] })
    expect(acceptedOf([signed(entry)], at)).toEqual([entry.id])
  })

  it('in both directions inside one batch are put into causal order', () => {
    const a0 = write(alice)
    const b0 = write(bob, { deps: [headOf(a0)] })
    const a1 = write(alice, { after: a0, deps: [headOf(b0)] })
    const b1 = write(bob, { after: b0, deps: [headOf(a1)] })
    const ids = [a0, b0, a1, b1].map(({ id }) => id)
    expect(acceptedOf([signed(b1), unsigned(b0), signed(a1), unsigned(a0)])).toEqual(ids)
  })
})

describe('times', () => {
  it.each([
    ['of 1970', 0, 0],
    ['of the year 2100', TIME_MS_MAX, TIME_MS_MAX],
    ['beyond it', 2 ** 48 - 1, TIME_MS_MAX],
  ])('%s are kept within their bounds', (_, time, expected) => {
    const entry = write(alice, { time })
    const { accepted } = deliver(receiver, [signed(entry)]).admission
    expect(accepted[0]?.order).toEqual({ time: expected, depth: 0 })
  })

  it('in the far future do not let later entries appear before', () => {
    const first = write(alice, { time: 2 ** 48 - 1 })
    const reply = write(bob, { deps: [headOf(first)], time: NOW })
    const [one, two] = deliver(receiver, [signed(first), signed(reply)]).admission.accepted
    expect(one?.id).toBe(first.id)
    expect((two?.orderKey ?? '') > (one?.orderKey ?? '')).toBe(true)
  })
})

describe('a gap', () => {
  it('that an author jumps over is never accepted, in one batch or in two', () => {
    const first = write(alice)
    const jump = write(alice, { after: first, seq: 2 })
    expect(acceptedOf([signed(first), signed(jump)])).toEqual([first.id])
    expect(acceptedOf([signed(jump)], deliver(receiver, [signed(first)]).receiver)).toEqual([])
  })

  it('makes later entries wait until it is filled', () => {
    const run = writeRun(alice, 4)
    const start = deliver(receiver, [signed(run[0] as never)]).receiver
    const waiting = deliver(start, run.slice(2).map(signed))
    expect(waiting.admission.accepted).toEqual([])
    expect(deliver(waiting.receiver, [signed(run[1] as never)]).admission.accepted.map(({ header }) => header.seq)).toEqual([1, 2, 3])
  })
})

describe('an uncovered tail', () => {
  it('is not shown until a signature covers it', () => {
    const run = writeRun(alice, 4)
    const wires = [unsigned(run[0] as never), signed(run[1] as never), unsigned(run[2] as never)]
    const first = deliver(receiver, wires)
    expect(first.admission.accepted.map(({ header }) => header.seq)).toEqual([0, 1])
    expect(deliver(first.receiver, [signed(run[3] as never)]).admission.accepted.map(({ header }) => header.seq)).toEqual([2, 3])
  })

  it('is accepted when the same entry comes again with a signature', () => {
    const entry = write(alice)
    const first = deliver(receiver, [unsigned(entry)]).receiver
    expect(acceptedOf([signed(entry)], first)).toEqual([entry.id])
  })

  it('is accepted when another peer has the signature', () => {
    const entry = write(alice)
    const first = deliver(receiver, [unsigned(entry)], { from: bob.device }).receiver
    expect(deliver(first, [signed(entry)], { from: carol.device }).admission.accepted).toHaveLength(1)
  })

  it('may be as long as a run and no longer', () => {
    const run = writeRun(alice, RUN_ENTRIES_MAX + 1)
    const after = deliver(receiver, run.map(unsigned))
    expect(after.admission.refused.map(({ reason, seq }) => [reason, seq])).toEqual([['run', RUN_ENTRIES_MAX]])
    expect(waitingOf(after.receiver)).toBe(RUN_ENTRIES_MAX)
  })
})

describe('a run', () => {
  it('of 64 entries needs one signature; the 65th needs another before it', () => {
    const run = writeRun(alice, RUN_ENTRIES_MAX + 1)
    expect(acceptedOf(batchOf(run.slice(0, RUN_ENTRIES_MAX)))).toHaveLength(RUN_ENTRIES_MAX)
    expect(acceptedOf(batchOf(run))).toEqual([])
    const withTwo = run.map((entry, at) => (at === 10 || at === RUN_ENTRIES_MAX ? signed(entry) : unsigned(entry)))
    expect(acceptedOf(withTwo)).toHaveLength(RUN_ENTRIES_MAX + 1)
  })

  it('of more bytes than a run may have needs a signature in between', () => {
    const long = { kind: 'text', text: 'x'.repeat(15_000) } as const
    const run = [write(alice, { content: long })]
    const size = (run[0]?.headerBytes.length ?? 0) + (run[0]?.body.length ?? 0)
    const fits = Math.floor(RUN_BYTES_MAX / size)
    while (run.length <= fits) run.push(write(alice, { after: run.at(-1), content: long }))
    expect(acceptedOf(batchOf(run.slice(0, fits)))).toHaveLength(fits)
    expect(acceptedOf(batchOf(run))).toEqual([])
    expect(acceptedOf(run.map((entry, at) => (at === 7 || at === fits ? signed(entry) : unsigned(entry))))).toHaveLength(fits + 1)
  })

  it('whose last signature is wrong changes nothing, not even for its other feeds', () => {
    const run = writeRun(alice, 3)
    const bobs = write(bob)
    const wires = [signed(bobs), ...batchOf(run)]
    const broken = wires.map((wire, at) => (at === wires.length - 1 ? { ...wire, signature: flipped(wire.signature as never, 5) } : wire))
    expect(acceptedOf(wires)).toHaveLength(4)
    const after = deliver(receiver, broken)
    expect(after.admission.accepted).toEqual([])
    expect(after.admission.refused.map(({ reason }) => reason)).toEqual(['signature'])
    expect(after.receiver.log).toBe(receiver.log)
    expect(waitingOf(after.receiver)).toBe(0)
  })

  it('that waits from two peers waits from both, whatever a third one sends', () => {
    const run = writeRun(alice, 2)
    const second = signed(run[1] as Written)
    const spoilt = { ...second, signature: new Uint8Array(64) }
    const both = deliver(deliver(receiver, [second], { from: bob.device }).receiver, [spoilt], { from: mallory.device }).receiver
    const third = deliver(both, [signed(write(carol))], { from: carol.device }).receiver
    const waiting = [...third.parking.conversations.values()].flat()
    expect(waiting.map(({ from, signature }) => [from, signature])).toEqual([
      [bob.device, second.signature],
      [mallory.device, spoilt.signature],
    ])
    expect(deliver(third, [signed(run[0] as Written)], { from: carol.device }).admission.accepted).toHaveLength(2)
  })

  it('spoilt by one peer is still accepted from another, whoever comes first', () => {
    const run = writeRun(alice, 2)
    const [first, second] = batchOf(run) as [WireEntry, WireEntry]
    const spoilt = { ...second, signature: new Uint8Array(64) }
    const malloryFirst = deliver(receiver, [spoilt], { from: mallory.device })
    expect(waitingOf(malloryFirst.receiver)).toBe(1)
    const after = deliver(malloryFirst.receiver, [first, second], { from: bob.device })
    expect(after.admission.accepted).toHaveLength(2)
    expect(after.admission.refused).toEqual([{ reason: 'signature', from: mallory.device, device: alice.device, seq: 1 }])
    const bobFirst = deliver(receiver, [second], { from: bob.device }).receiver
    expect(deliver(bobFirst, [first, spoilt], { from: mallory.device }).admission.accepted).toHaveLength(2)
  })
})

describe('control entries', () => {
  const join = (at: number) =>
    write(alice, {
      content: { kind: 'join', account: CONVERSATION as never, deviceList: hash(Uint8Array.of(at)), proof: new Uint8Array(32) },
    })

  it('need a signature of their own, even inside a covered run', () => {
    const first = join(0)
    const second = write(alice, { after: first })
    expect(refusedOf([unsigned(first), signed(second)])).toEqual(['unsigned'])
    expect(acceptedOf([signed(first), signed(second)])).toHaveLength(2)
  })

  it('with a wrong signature of their own spoil the batch, though the run is covered', () => {
    const first = join(0)
    const second = write(alice, { after: first })
    expect(acceptedOf([{ ...signed(first), signature: second.signature }, signed(second)])).toEqual([])
  })

  it('beyond what one batch may carry are refused', () => {
    const many = Array.from({ length: CONTROLS_PER_BATCH_MAX + 1 }, (_, at) => signed(join(at)))
    const tooMany = (wires: readonly WireEntry[]) => refusedOf(wires).filter((reason) => reason === 'too-many-controls').length
    expect(tooMany(many)).toBe(1)
    expect(tooMany(many.slice(1))).toBe(0)
  })
})

describe('a body', () => {
  it('that hashes wrong, or belongs elsewhere, is refused with its entry', () => {
    const entry = write(alice)
    expect(refusedOf([{ ...signed(entry), body: flipped(entry.body, 0) }])).toEqual(['body'])
    expect(refusedOf([{ ...signed(entry), body: write(alice).body }])).toEqual(['body'])
    expect(refusedOf([{ ...signed(entry), body: entry.body.subarray(1) }])).toEqual(['body'])
  })

  // Who opens it does not compare its hash again.
  it.each(['carrier', 'other'])('that hashes wrong is not taken either for an entry that waits, or is here without it (%s)', (name) => {
    const from = deviceIdOf(hash(utf8ToBytes(name)))
    const bobs = write(bob)
    const entry = write(alice, { deps: [headOf(bobs)] })
    const bare = { ...signed(entry), body: undefined }
    const wrong = { ...signed(entry), body: flipped(entry.body, 0) }
    const waiting = deliver(receiver, [bare]).receiver
    const come = deliver(waiting, [wrong, signed(bobs)], { from })
    expect(come.admission.refused.map(({ reason }) => reason)).toEqual(['body'])
    expect(come.admission.accepted.map(({ id, body }) => [id, body])).toEqual([
      [bobs.id, bobs.body],
      [entry.id, undefined],
    ])
    const later = deliver(come.receiver, [wrong], { from }).admission
    expect([later.filled, later.refused.map(({ reason }) => reason)]).toEqual([[], ['body']])
    expect(deliver(come.receiver, [signed(entry)], { from }).admission.filled.map(({ body }) => body)).toEqual([entry.body])
  })

  it('that is missing leaves the entry, and fills it when it comes', () => {
    const entry = write(alice)
    const first = deliver(receiver, [{ ...signed(entry), body: undefined }])
    expect(first.admission.accepted.map(({ body }) => body)).toEqual([undefined])
    const second = deliver(first.receiver, [signed(entry)])
    expect(second.admission.accepted).toEqual([])
    expect(second.admission.filled).toMatchObject([
      { id: entry.id, header: entry.header, headerBytes: entry.headerBytes, body: entry.body, signature: entry.signature },
    ])
    expect(deliver(second.receiver, [signed(entry)]).admission.filled).toEqual([])
  })
})

describe('a replay', () => {
  it('ten thousand times over changes nothing', () => {
    const run = writeRun(alice, 10)
    const once = deliver(receiver, batchOf(run)).receiver
    const again = deliverAll(
      once,
      Array.from({ length: 1_000 }, () => batchOf(run)),
    )
    expect(again.accepted).toHaveLength(10)
    expect(again.log).toBe(once.log)
    expect(again.parking).toEqual(once.parking)
  })

  it('inside one batch is accepted once', () => {
    const entry = write(alice)
    expect(acceptedOf(Array.from({ length: 1_024 }, () => signed(entry)))).toEqual([entry.id])
  })
})

describe('arrival', () => {
  it('in any order and any batches gives the same log', () => {
    const a = writeRun(alice, 3)
    const b = [write(bob, { deps: [headOf(a[0] as never)] })]
    const c = [write(carol, { deps: ascending(headOf(a[1] as never), headOf(b[0] as never)) })]
    const all = [...a, ...b, ...c].map(signed)
    const expected = viewOf(deliver(receiver, all).receiver)
    for (let shift = 0; shift < all.length; shift++) {
      const turned = [...all.slice(shift), ...all.slice(0, shift)]
      expect(
        viewOf(
          deliverAll(
            receiver,
            turned.map((wire) => [wire]),
          ),
        ),
      ).toEqual(expected)
      expect(
        viewOf(
          deliverAll(
            receiver,
            [turned.slice(0, 2), turned.slice(1)].map((batch) => batch.toReversed()),
          ),
        ),
      ).toEqual(expected)
    }
  })
})

describe('of an entry that waits, and comes again from the same peer', () => {
  const [first, second] = writeRun(alice, 2) as [Written, Written]
  const bobs = write(bob)
  const after = write(alice, { deps: [headOf(bobs)] })
  const acceptedAfter = (before: typeof receiver, entries: readonly WireEntry[]) =>
    deliver(before, entries).admission.accepted.map(({ id, body }) => [id, body])

  it('the copy that was verified stays, whatever signature the next one has', () => {
    const before = deliver(receiver, [signed(after)]).receiver
    expect(acceptedAfter(before, [{ ...signed(after), signature: new Uint8Array(64) }, signed(bobs)]).map(([id]) => id)).toEqual([
      bobs.id,
      after.id,
    ])
  })

  it('nothing is lost that only the earlier copy had', () => {
    const before = deliver(receiver, [signed(second)]).receiver
    const bare = { ...unsigned(second), body: undefined }
    expect(acceptedAfter(before, [unsigned(first), bare])).toEqual([
      [first.id, first.body],
      [second.id, second.body],
    ])
  })

  it('a body is taken that the verified copy came without', () => {
    const before = deliver(receiver, [{ ...signed(after), body: undefined }]).receiver
    expect(acceptedAfter(before, [signed(after), signed(bobs)])).toContainEqual([after.id, after.body])
  })

  it.each(['verified', 'not verified'])('the time that it waits goes on (%s)', (how) => {
    const wires = [how === 'verified' ? signed(after) : unsigned(second)]
    const again = deliver(deliver(receiver, wires).receiver, wires, { now: NOW + PARKED_MS_MAX }).receiver
    expect(waitingOf(again)).toBe(1)
    expect(waitingOf(deliver(again, [], { now: NOW + PARKED_MS_MAX + 1 }).receiver)).toBe(0)
  })
})
