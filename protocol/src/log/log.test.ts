import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import {
  batchOf,
  CHAIN,
  CONVERSATION,
  createAuthor,
  createReceiver,
  deliver,
  deliverAll,
  headOf,
  MEMBERS,
  messageKeyOf,
  NOW,
  OTHER_CONVERSATION,
  signed,
  viewOf,
  write,
  writeRun,
} from '../../test/fixtures/feeds.ts'
import { reloadedLog } from '../../test/fixtures/stored-conversation.ts'
import { utf8ToBytes } from '../bytes/bytes.ts'
import { accountIdOf, entryIdOf } from '../bytes/ids.ts'
import { createConversation } from '../conversation/state.ts'
import { hash } from '../crypto/hash.ts'
import { DEPS_MAX, FEEDS_PER_CONVERSATION_MAX, RUN_ENTRIES_MAX, SEQ_MAX } from '../limits.ts'
import { createEntry, readHeader, signRun } from './entry.ts'
import { addFeed, appendOwn, headsOf, isTip, lengthOf, mainTipOf, nextPlace, sortTips, withFeed } from './log.ts'
import { DEPTH_MAX, FORK_BRANCHES_MAX, LOOKUP_GAP_MAX, LOOKUP_PLACES_MAX, ORDER_TIME_MAX } from './limits.ts'
import { entryKeyOf, entryKeysOf, NO_LOOKUPS, planLookups, toLookups } from './lookups.ts'
import { orderKeyOf, orderOf, ORDER_KEY_LENGTH } from './order.ts'
import { EMPTY_PARKING } from './parking.ts'
import type { Written } from '../../test/fixtures/feeds.ts'
import type { DeviceId } from '../bytes/ids.ts'
import type { Feed, Log, Tip } from './log.ts'
import type { KnownEntry } from './lookups.ts'
import type { WireEntry } from '../wire/entry.ts'

const alice = createAuthor('alice')
const bob = createAuthor('bob')

const view = createConversation({ conversation: CONVERSATION, self: accountIdOf(hash(alice.signingKey)), device: alice.device })
const stored = (log: Log): Log => reloadedLog(log, view)

/** What the node does to write: place, entry, signature, append. */
function writeOwn(log: Log, time = NOW) {
  const place = nextPlace(log, alice.device)
  const entry = createEntry({
    ...place,
    conversation: CONVERSATION,
    device: alice.device,
    members: MEMBERS,
    chain: CHAIN,
    step: place.seq,
    ttl: 0,
    time,
    content: { kind: 'text', text: 'own' },
    messageKey: messageKeyOf(alice, place.seq),
    random: alice.random,
  })
  const signature = signRun(alice.seed, { conversation: CONVERSATION, device: alice.device, seq: place.seq, id: entry.id })
  return appendOwn(log, entry, signature)
}

describe('an own entry', () => {
  it('follows the own tip and names the heads that moved since', () => {
    const before = deliver(createReceiver([alice, bob]), batchOf(writeRun(bob, 2))).receiver
    const first = writeOwn(before.log)
    expect(first.accepted.header.deps).toEqual(headsOf(before.log))
    const second = writeOwn(first.log)
    expect(second.accepted.header).toMatchObject({ seq: 1, prev: first.accepted.id, deps: [] })
  })

  it('has the order that every receiver gives it', () => {
    const bobs = writeRun(bob, 2)
    const before = deliver(createReceiver([alice, bob]), batchOf(bobs)).receiver
    const own = writeOwn(before.log, 0).accepted
    const elsewhere = deliver(before, [{ header: own.headerBytes, signature: own.signature, body: own.body }])
    expect(elsewhere.admission.accepted).toEqual([own])
    expect(own.order).toEqual({ time: NOW + 2, depth: 2 })
  })

  it('names sixteen feeds at most, and the others next time', () => {
    const others = Array.from({ length: DEPS_MAX + 3 }, (_, at) => createAuthor(`other ${at}`))
    const before = deliver(
      createReceiver([alice, ...others]),
      others.map((other) => signed(write(other))),
    ).receiver
    const first = writeOwn(before.log)
    expect(first.accepted.header.deps).toHaveLength(DEPS_MAX)
    expect(writeOwn(first.log).accepted.header.deps).toHaveLength(3)
  })

  it('names feeds in turn where more of them move than it can name', () => {
    const others = Array.from({ length: 40 }, (_, at) => createAuthor(`other ${at}`))
    const turns = Math.ceil(others.length / DEPS_MAX)
    const named: (readonly DeviceId[])[] = []
    let { log } = createReceiver([alice, ...others])
    for (let seq = 0; seq < 4 * turns; seq++) {
      // After some rounds two of them write no more: those that do get their turns.
      for (const { device } of others.slice(seq > turns ? 2 : 0)) {
        const tips = [{ seq, id: entryIdOf(hash(utf8ToBytes(`${device} ${seq}`))), order: { time: NOW, depth: seq } }]
        log = withFeed(log, { ...(log.feeds.get(device) as Feed), tips })
      }
      const own = writeOwn(log)
      log = own.log
      named.push(own.accepted.header.deps.map(({ device }) => device))
    }
    for (const { device } of others.slice(2))
      for (let from = 0; from + turns <= named.length; from++) expect(named.slice(from, from + turns).flat()).toContain(device)
    expect(named.every((devices) => devices.length === DEPS_MAX && `${devices.toSorted()}` === `${devices}`)).toBe(true)
  })

  it('in the wrong place is a bug, and throws', () => {
    const entry = write(alice, { after: write(alice) })
    const { log } = createReceiver([alice])
    expect(() => appendOwn(log, write(alice), entry.signature)).not.toThrow()
    expect(() => appendOwn(log, entry, entry.signature)).toThrow(RangeError)
    expect(() => nextPlace(log, bob.device)).toThrow(RangeError)
  })

  it('of another conversation, or on a head that is not here, is a bug, and throws', () => {
    const { log } = createReceiver([alice, bob])
    const [own, other] = [write(alice), write(alice, { conversation: OTHER_CONVERSATION })]
    expect(() => appendOwn(log, own, own.signature)).not.toThrow()
    expect(() => appendOwn(log, other, other.signature)).toThrow('of another conversation')
    const bobs = write(bob)
    const onBobs = write(alice, { deps: [headOf(bobs)] })
    expect(() => appendOwn(deliver(createReceiver([alice, bob]), [signed(bobs)]).receiver.log, onBobs, onBobs.signature)).not.toThrow()
    expect(() => appendOwn(log, onBobs, onBobs.signature)).toThrow('no tip')
  })

  it('in a feed with two branches makes the longer one longer', () => {
    const run = writeRun(alice, 3)
    const [shorter] = [write(alice, { after: run[0] as Written })]
    const { log } = deliverAll(createReceiver([alice]), [batchOf(run), [signed(shorter)]])
    const next = write(alice, { after: run[2] as Written })
    expect(headsOf(appendOwn(log, next, next.signature).log)).toEqual([headOf(shorter), headOf(next)])
  })
})

describe('a log', () => {
  const first = writeRun(alice, 3)
  const at = deliverAll(createReceiver([alice, bob]), [
    batchOf(first),
    [signed(write(alice, { after: first[0] }))],
    batchOf(writeRun(bob, 2)),
  ])

  it('is the same after it was stored, with its forks', () => {
    expect(stored(at.log)).toEqual(at.log)
    const own = writeOwn(at.log).log
    expect(stored(own)).toEqual(own)
    expect(nextPlace(stored(own), alice.device)).toEqual(nextPlace(own, alice.device))
  })

  it('adds a feed once', () => {
    expect(addFeed(at.log, alice)).toBe(at.log)
  })

  it('has room for so many feeds and no more', () => {
    let full = createReceiver([]).log
    for (let at = 0; at < FEEDS_PER_CONVERSATION_MAX; at++)
      full = addFeed(full, { device: `${at}`.padStart(64, '0') as never, signingKey: alice.signingKey })
    expect(full.feeds.size).toBe(FEEDS_PER_CONVERSATION_MAX)
    expect(() => addFeed(full, alice)).toThrow(RangeError)
  })

  it('ends at the last seq there is', () => {
    const at = (seq: number): Log =>
      withFeed(createReceiver([alice]).log, {
        ...alice,
        fork: undefined,
        named: undefined,
        tips: [{ seq, id: first[0]?.id as never, order: { time: 0, depth: 0 } }],
      })
    expect(nextPlace(at(SEQ_MAX - 1), alice.device).seq).toBe(SEQ_MAX)
    expect(() => nextPlace(at(SEQ_MAX), alice.device)).toThrow(RangeError)
  })

  // Alice's feed as far along as it may be; nothing before its end is at hand.
  const long = deliverAll(createReceiver([alice, bob]), [batchOf(writeRun(alice, 60)), [signed(write(bob))]])
  const tall = [...long.log.feeds.values()].reduce(
    (log, feed) => withFeed(log, { ...feed, tips: feed.tips.map((tip) => ({ ...tip, seq: tip.seq + 100_000 })) }),
    long.log,
  )
  const prev = long.accepted[0]?.id as never
  const planFor = (entries: readonly WireEntry[], placesMax = Infinity, log = tall) =>
    planLookups({ log, parking: EMPTY_PARKING, entries, placesMax })

  it('asks for places that lie near each other as one range', () => {
    const asked = (...seqs: readonly number[]) => {
      const deps = (seq: number) => [{ device: alice.device, seq, id: long.accepted[1]?.id as never }]
      const plan = planFor(seqs.map((seq) => signed(write(bob, { seq: 200_000, prev, deps: deps(seq) }))))
      expect(plan.first()).toEqual([])
      return plan.further(NO_LOOKUPS)
    }
    expect(asked(10, 10 + LOOKUP_GAP_MAX)).toEqual([{ device: alice.device, from: 10, to: 10 + LOOKUP_GAP_MAX }])
    expect(asked(10, 11 + LOOKUP_GAP_MAX)).toHaveLength(2)
  })

  it('looks at the exact place first, and at nothing more for what is stored there', () => {
    const old = [signed(write(alice, { seq: 70, prev })), signed(write(alice, { seq: 140, prev }))]
    const at = (wire: WireEntry | undefined, seq: number) =>
      ({ ...long.stored[0], ...readHeader(wire?.header ?? new Uint8Array(0)), seq }) as KnownEntry
    const plan = planFor(old)
    expect(plan.first()).toEqual([69, 139].map((from) => ({ device: alice.device, from, to: from + 1 })))
    expect(plan.further(toLookups([at(old[0], 70), at(old[1], 140)]))).toEqual([])
    expect(plan.places()).toBe(4)
  })

  it('looks for what proves a dispute where a branch begins, of no more branches than are kept', () => {
    const branches = Array.from({ length: 2 * FORK_BRANCHES_MAX }, (_, at) => signed(write(alice, { seq: 100 + 70 * at, prev })))
    const before = branches.map((_, at) => ({ ...(long.stored[0] as KnownEntry), seq: 99 + 70 * at, id: prev }))
    const plan = planFor(branches)
    plan.first()
    const proofs = Array.from({ length: FORK_BRANCHES_MAX - 1 }, (_, at) => 101 + 70 * at)
    expect(plan.further(toLookups(before))).toEqual(proofs.map((from) => ({ device: alice.device, from, to: from + RUN_ENTRIES_MAX - 1 })))
    const strange = planFor(branches)
    strange.first()
    expect(strange.further(NO_LOOKUPS)).toEqual([])
  })

  it('looks up no more than so many places for one batch, and the rest of the batch another time', () => {
    const deps = (at: number) => Array.from({ length: DEPS_MAX }, (_, nth) => ({ device: alice.device, seq: 100 * at + 6 * nth, id: prev }))
    const apart = Array.from({ length: 200 }, (_, at) => signed(write(bob, { seq: 200_000 + at, prev, deps: deps(at) })))
    const items = (placesMax?: number): number => {
      const plan = planFor(apart, placesMax)
      plan.first()
      plan.further(NO_LOOKUPS)
      return plan.items()
    }
    expect(items()).toBe(LOOKUP_PLACES_MAX / DEPS_MAX)
    expect(items(10 * DEPS_MAX)).toBe(10)
    expect(items(DEPS_MAX - 1)).toBe(0)
  })

  it('finds the entries of a range between its keys, all branches and nothing else', () => {
    const keys = at.stored.map((entry) => entryKeyOf(CONVERSATION, entry))
    const { from, to } = entryKeysOf(CONVERSATION, { device: alice.device, from: 1, to: 1 })
    expect(keys.filter((key) => key >= from && key < to)).toHaveLength(2)
  })

  it('asks the store for nothing when a batch follows its tips', () => {
    const next = write(bob, { seq: 2, after: writeRun(bob, 2)[1] })
    const ranges = (log: Log, entries: readonly WireEntry[]) => {
      const plan = planFor(entries, Infinity, log)
      return [...plan.first(), ...plan.further(NO_LOOKUPS)]
    }
    expect(ranges(at.log, [signed(next)]).filter(({ device }) => device !== bob.device)).toEqual([])
    expect(ranges(createReceiver([alice]).log, batchOf(first))).toEqual([])
  })

  it('throws when a place that it asked for was not loaded', () => {
    expect(() => deliver({ ...at, stored: [] }, [signed(first[1] as Written)])).toThrow(RangeError)
  })
})

describe('the tips of a feed', () => {
  const [a, b, c] = [1, 2, 3].map((fill) => entryIdOf(new Uint8Array(32).fill(fill))) as [Tip['id'], Tip['id'], Tip['id']]
  const tip = (seq: number, id: Tip['id']): Tip => ({ seq, id, order: { time: 0, depth: 0 } })
  const withTips = (...tips: readonly Tip[]): Feed => ({ ...alice, fork: undefined, named: undefined, tips })

  it('have as the main one the longest, then that of the smallest id', () => {
    expect(mainTipOf(withTips())).toBeUndefined()
    for (const order of [
      [tip(4, c), tip(5, a), tip(5, b)],
      [tip(5, b), tip(5, a), tip(4, c)],
      [tip(5, a), tip(4, c), tip(5, b)],
    ])
      expect(mainTipOf(withTips(...order))).toEqual(tip(5, a))
    expect(mainTipOf(withTips(tip(5, a), tip(6, c)))).toEqual(tip(6, c))
    expect(mainTipOf(withTips(tip(6, c), tip(5, a)))).toEqual(tip(6, c))
  })

  it('lie in one order', () => {
    const sorted = [tip(4, c), tip(5, a), tip(5, b)]
    expect(sortTips(sorted.toReversed())).toEqual(sorted)
    expect(sortTips([tip(5, b), tip(4, c), tip(5, a)])).toEqual(sorted)
    expect(sortTips(sorted)).toEqual(sorted)
  })

  it('say how long it is, and which heads are ends of it', () => {
    const log = withFeed(createReceiver([alice, bob]).log, withTips(tip(4, c), tip(5, a)))
    expect([lengthOf(log, alice.device), lengthOf(log, bob.device)]).toEqual([6, 0])
    const isEnd = (seq: number, id: Tip['id']): boolean => isTip(log, { device: alice.device, seq, id })
    expect([isEnd(4, c), isEnd(5, a), isEnd(4, a), isEnd(5, c), isEnd(5, b)]).toEqual([true, true, false, false, false])
  })
})

describe('the order', () => {
  const order = fc.record({ time: fc.integer({ min: 0, max: 2 ** 48 - 1 }), depth: fc.integer({ min: 0, max: 2 ** 32 - 1 }) })
  const { header, id } = write(alice)

  it('puts an entry after all of its past', () => {
    fc.assert(
      fc.property(fc.array(order, { minLength: 1, maxLength: 5 }), fc.integer({ min: 0, max: 2 ** 48 - 1 }), (past, time) => {
        const own = orderOf({ ...header, time }, past)
        return past.every((one) => one.depth === 2 ** 32 - 1 || orderKeyOf(own, id) > orderKeyOf(one, id))
      }),
    )
  })

  it('never needs more room than its key has', () => {
    expect(orderOf(header, [{ time: ORDER_TIME_MAX - 1, depth: DEPTH_MAX - 1 }])).toEqual({ time: ORDER_TIME_MAX, depth: DEPTH_MAX })
    expect(orderOf(header, [{ time: ORDER_TIME_MAX, depth: DEPTH_MAX }])).toEqual({ time: ORDER_TIME_MAX, depth: DEPTH_MAX })
  })

  it('has as its key the time, the depth and the id, in hex', () => {
    expect(orderKeyOf({ time: 0x1_2345_6789, depth: 0xabc }, id)).toBe(`00012345678900000abc${id}`)
  })

  it('has keys that sort as it does', () => {
    fc.assert(
      fc.property(order, order, (one, other) => {
        const isBefore = one.time < other.time || (one.time === other.time && one.depth < other.depth)
        return isBefore === orderKeyOf(one, id) < orderKeyOf(other, id) && orderKeyOf(one, id).length === ORDER_KEY_LENGTH
      }),
    )
  })
})

describe('any schedule of batches', () => {
  // A conversation of three, each naming what it has seen; then delivered in random pieces, with repetitions.
  const carol = createAuthor('carol')
  const entries: Written[] = []
  const last = new Map<string, Written>()
  for (let round = 0; round < 6; round++) {
    for (const author of [alice, bob, carol]) {
      const deps = [...last.values()].filter((entry) => entry.author !== author && (round + entry.header.seq) % 2 === 0).map(headOf)
      const entry = write(author, { after: last.get(author.device), deps: deps.toSorted((a, b) => (a.device < b.device ? -1 : 1)) })
      last.set(author.device, entry)
      entries.push(entry)
    }
  }
  const all = entries.map(signed)
  const expected = viewOf(deliver(createReceiver([alice, bob, carol]), all).receiver)

  it('gives the same log, and every entry once and after its past', () => {
    const schedule = fc.tuple(
      fc.shuffledSubarray(
        all.map((_, at) => at),
        { minLength: all.length },
      ),
      fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 18, maxLength: 18 }),
    )
    fc.assert(
      fc.property(schedule, ([order, sizes]) => {
        let at = createReceiver([alice, bob, carol])
        for (let next = 0, index = 0; next < order.length; index++) {
          const batch = order.slice(Math.max(0, next - 1), next + (sizes[index] ?? 1)).map((number) => all[number] as (typeof all)[number])
          next += sizes[index] ?? 1
          at = deliver(at, batch).receiver
        }
        expect(viewOf(at)).toEqual(expected)
        const seen = new Set<string>()
        for (const { id, header } of at.accepted) {
          expect(header.deps.every((dep) => seen.has(dep.id)) && (header.seq === 0 || seen.has(header.prev))).toBe(true)
          seen.add(id)
        }
      }),
      { numRuns: 40 },
    )
  })
})
