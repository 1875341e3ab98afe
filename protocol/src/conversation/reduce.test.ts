import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import {
  alice,
  alicesPhone,
  bob,
  carol,
  createContent,
  createPairScene,
  createScene,
  say,
  see,
  text,
  watch,
} from '../../test/fixtures/conversation.ts'
import { decode, encode } from '../bytes/codec.ts'
import { NOW } from '../../test/fixtures/feeds.ts'
import { reloadedView } from '../../test/fixtures/stored-conversation.ts'
import { TIME_MS_MAX, TIME_MS_MIN } from '../limits.ts'
import { UNOPENED_KEPT_MAX, UNREAD_KEPT_MAX, UNREADABLE_KEPT_MAX } from './limits.ts'
import { admittedOf, isShown, otherOf } from './state.ts'
import { timelineRow } from './timeline-row.ts'
import { reduce } from './reduce.ts'
import { confirmable } from './feed-view.ts'
import { lastMessageOf, lastPlaceOf, markAllRead, markRead, nameOf, unreadOf } from './view.ts'
import type { FeedView } from './state.ts'
import type { Content } from '../wire/content.ts'
import type { Reduction } from './reduce.ts'
import type { Person, Scene, Seen } from '../../test/fixtures/conversation.ts'

const textsOf = ({ state, rows }: Seen): readonly string[] =>
  [...rows.values()]
    .filter((row) => isShown(state, row.account))
    .toSorted((a, b) => (a.orderKey < b.orderKey ? -1 : 1))
    .map(({ content }) => (content.kind === 'text' ? content.text : content.kind === 'named' ? `named ${content.name}` : content.kind))

const waiting = (entry: Reduction): Reduction => ({ ...entry, body: { kind: 'waiting' } })
const kept = { salt: new Uint8Array(32), content: new Uint8Array() }
const unreadable = (entry: Reduction, why: 'newer' | 'broken' = 'broken'): Reduction => ({
  ...entry,
  body: { kind: 'unreadable', why, kept },
})
const feedIn = ({ state }: Pick<Seen, 'state'>, { device }: Person): FeedView => state.feeds.get(device) ?? expect.fail('no such feed')
/** What an older version wrote into its feed to say what it had. */
const receipt: Content = { kind: 'receipt' }

/** A state without the order in which its maps were filled. */
const plain = (seen: Seen): unknown => {
  const sorted = <K extends string, V>(map: ReadonlyMap<K, V>): unknown => [...map].toSorted(([a], [b]) => (a < b ? -1 : 1))
  return { ...seen.state, accounts: sorted(seen.state.accounts), feeds: sorted(seen.state.feeds), rows: sorted(seen.rows) }
}

describe('a conversation of two', () => {
  it('shows what both said, in the order in which they knew of it', () => {
    const scene = say(say(say(createPairScene(), alice, text('Hello Bob')), bob, text('Hello Alice'), { time: 0 }), bob, {
      kind: 'profile',
      name: 'Bob',
    })
    const expected = ['created', 'joined', 'Hello Bob', 'Hello Alice', 'named Bob']
    expect(textsOf(see(alice, scene))).toEqual(expected)
    expect(textsOf(see(bob, scene))).toEqual(expected)
    expect(nameOf(see(alice, scene).state, bob.account)).toBe('Bob')
    expect(lastMessageOf(see(alice, scene).state)).toMatchObject({ preview: 'Hello Alice', account: bob.account })
  })

  it('is open once the founder has let the other in', () => {
    const joined = say(createScene(), bob, {
      kind: 'join',
      account: bob.account,
      deviceList: new Uint8Array(32),
      proof: new Uint8Array(32),
    })
    expect(admittedOf(see(alice, joined).state)).toBeUndefined()
    expect(otherOf(see(alice, joined).state)).toBeUndefined()
    expect(otherOf(see(bob, joined).state)).toBe(alice.account)
    expect(admittedOf(see(alice, createPairScene()).state)).toBe(bob.account)
    expect(otherOf(see(alice, createPairScene()).state)).toBe(bob.account)
  })

  it('does not show an account that was not let in, and shows all of it when it is', () => {
    const said = say(say(createScene(), bob, text('Knock knock')), alice, text('Who is there?'))
    expect(textsOf(see(alice, said))).toEqual(['created', 'Who is there?'])
    expect(unreadOf(see(alice, said).state)).toBe(0)
    expect(textsOf(see(bob, said))).toEqual(['created', 'Knock knock', 'Who is there?'])
    const admitted = say(said, alice, { kind: 'admit', account: bob.account, deviceList: new Uint8Array(32) })
    expect(textsOf(see(alice, admitted))).toEqual(['created', 'Knock knock', 'Who is there?'])
    expect(unreadOf(see(alice, admitted).state)).toBe(1)
  })

  it('lets nobody in but the first', () => {
    const second = say(createPairScene(), alice, { kind: 'admit', account: carol.account, deviceList: new Uint8Array(32) })
    const scene = say(second, carol, text('Me too'))
    expect(admittedOf(see(alice, scene).state)).toBe(bob.account)
    expect(textsOf(see(alice, scene))).not.toContain('Me too')
  })

  it('lets nobody in on the word of anybody but the founder', () => {
    const scene = say(
      say(createScene(), carol, { kind: 'admit', account: carol.account, deviceList: new Uint8Array(32) }),
      carol,
      text('I am in'),
    )
    expect(admittedOf(see(alice, scene).state)).toBeUndefined()
    expect(textsOf(see(alice, scene))).toEqual(['created'])
  })

  it('has the founder that its own first entry names, and no other', () => {
    const forged = say(createPairScene(), bob, createContent(bob.account))
    expect(see(alice, forged).state.founder).toBe(alice.account)
    const scene = createScene()
    const lie = { ...(scene.all[0] as Reduction), account: bob.account }
    expect(see(bob, scene, [lie]).state.founder).toBeUndefined()
  })

  it('knows somebody as joined by the first entry of a feed alone', () => {
    const join = { kind: 'join', account: bob.account, deviceList: new Uint8Array(32), proof: new Uint8Array(32) } as const
    const joinings = (scene: Scene): number => textsOf(see(bob, scene)).filter((line) => line === 'joined').length
    expect(joinings(say(createScene(), bob, join))).toBe(1)
    expect(joinings(say(say(createScene(), bob, text('Hello')), bob, join))).toBe(0)
  })

  it('takes an empty name for none', () => {
    const named = say(createPairScene(), bob, { kind: 'profile', name: 'Bob' })
    const scene = say(named, bob, { kind: 'profile', name: ' \u0000 ' })
    expect(nameOf(see(alice, scene).state, bob.account)).toBe('Bob')
    expect(textsOf(see(alice, scene))).toEqual(textsOf(see(alice, named)))
  })

  it('has the last words of somebody for the last message, and the last name, in whatever order they arrived', async () => {
    const words = say(say(createPairScene(), bob, text('First')), bob, text('Last'))
    const scene = say(say(words, bob, { kind: 'profile', name: 'Robert' }), bob, { kind: 'profile', name: 'Bob' })
    for (const entries of [scene.all, scene.all.toReversed()]) {
      const { state } = await watch(alice, scene, [entries])
      expect(lastMessageOf(state)).toMatchObject({ preview: 'Last' })
      expect(nameOf(state, bob.account)).toBe('Bob')
    }
  })

  it("takes nobody's word for another account's joining", () => {
    const join = (account: typeof bob.account) =>
      say(createScene(), bob, { kind: 'join', account, deviceList: new Uint8Array(32), proof: new Uint8Array(32) })
    expect(see(alice, join(bob.account)).state.accounts.get(bob.account)?.hasJoined).toBe(true)
    const forged = see(alice, join(carol.account))
    expect(forged.state.accounts.get(carol.account)).toBeUndefined()
    expect([...forged.rows.values()].map(({ content }) => content.kind)).toEqual(['created'])
  })

  it('shows no time after 2100', () => {
    const scene = say(createPairScene(), bob, text('From the future'), { time: 2 ** 48 - 1 })
    expect([...see(alice, scene).rows.values()].at(-1)?.time).toBe(TIME_MS_MAX)
  })

  it.each([
    ['before it came', NOW - 1, NOW - 1],
    ['as it came', NOW, NOW],
    ['after it came', NOW + 1, NOW],
    ['as early as Kith is', TIME_MS_MIN, TIME_MS_MIN],
    ['earlier than Kith is', TIME_MS_MIN - 1, NOW],
    ['of 1970', 0, NOW],
  ])('shows a time that is %s', (_what, time, shown) => {
    const scene = say(createPairScene(), bob, text('hello'), { time })
    const entries = scene.all.map((entry) => ({ ...entry, arrived: NOW }))
    const { state, rows } = see(alice, scene, entries)
    expect([...rows.values()].find(({ content }) => content.kind === 'text')?.time).toBe(shown)
    expect(lastMessageOf(state)?.time).toBe(shown)
  })

  it('keeps the last name in order, not the last that arrived', () => {
    const scene = say(say(createPairScene(), bob, { kind: 'profile', name: 'Bob' }), bob, { kind: 'profile', name: 'Robert' })
    const entries = [...scene.all.slice(0, -2), scene.all.at(-1) as Reduction, scene.all.at(-2) as Reduction]
    expect(nameOf(see(alice, scene, entries).state, bob.account)).toBe('Robert')
  })

  it('shows a title that a document gave', () => {
    const scene = say(createPairScene(), bob, { kind: 'document', document: 1, update: new Uint8Array(3) })
    const last = scene.all.at(-1) as Reduction
    const titled: Reduction = {
      ...last,
      body: { kind: 'opened', content: { kind: 'document', document: 1, update: new Uint8Array(3) }, kept, title: ' Gar\u0000den\n' },
    }
    expect([...see(alice, scene, [titled]).rows.values()].map(({ content }) => content)).toEqual([{ kind: 'titled', title: 'Garden' }])
  })

  it('shows hostile texts within their bounds, and empty ones not at all', () => {
    const scene = say(say(createPairScene(), bob, text(`a${'\u0301'.repeat(5_000)}\u0000b`)), bob, text(' \u0007 '))
    expect(textsOf(see(alice, scene)).slice(2)).toEqual([`a${'\u0301'.repeat(8)}b`])
    expect(unreadOf(see(alice, scene).state)).toBe(1)
  })
})

describe('an entry that cannot be read', () => {
  const two = say(say(createPairScene(), bob, text('lost')), bob, text('found'))
  const [first, second] = two.all.slice(-2) as [Reduction, Reduction]
  const before = two.all.slice(0, -2)
  const halfRead = see(alice, two, [...before, unreadable(first), second])

  it('has a line of its own, and is no unread message', () => {
    expect(textsOf(halfRead).slice(-2)).toEqual(['unreadable', 'found'])
    expect(unreadOf(halfRead.state)).toBe(1)
    for (const row of halfRead.rows.values()) expect(decode(timelineRow, encode(timelineRow, row))).toEqual(row)
  })

  it('is noted, and holds up nothing that comes after it', () => {
    expect(feedIn(halfRead, bob)).toMatchObject({ length: 3, unreadable: [1] })
    expect(confirmable(feedIn(halfRead, bob))).toBe(3)
  })

  it('and can be read later after all is shown, and noted no longer', async () => {
    const then = await watch(alice, two, [[...before, unreadable(first, 'newer'), second]])
    expect(feedIn(then, bob).unreadable).toEqual([1])
    const later = await watch(alice, two, [[first]], then)
    expect(textsOf(later).slice(-2)).toEqual(['lost', 'found'])
    expect(feedIn(later, bob).unreadable).toEqual([])
  })

  it('and turns out to say nothing takes its line away', () => {
    const silent = say(two, bob, { kind: 'profile', name: ' ' })
    const entry = silent.all.at(-1) as Reduction
    const then = see(alice, silent, [...two.all, unreadable(entry, 'newer')])
    expect(textsOf(then).at(-1)).toBe('unreadable')
    expect(textsOf(see(alice, silent, [entry], then)).at(-1)).toBe('found')
  })

  it('that is a receipt is neither shown nor told: nobody waits for its tick', () => {
    const silent = say(two, bob, receipt)
    const seen = see(alice, silent, [...two.all, unreadable(silent.all.at(-1) as Reduction)])
    expect(textsOf(seen).at(-1)).toBe('found')
    expect(feedIn(seen, bob)).toMatchObject({ length: 3, unreadable: [] })
  })

  it('is remembered with so many others and no more; behind them nothing is confirmed', () => {
    const many = Array.from({ length: UNREADABLE_KEPT_MAX + 5 }, (_, at) =>
      unreadable({ ...second, header: { ...second.header, seq: at + 3 } }),
    )
    const feed = feedIn(see(alice, two, [...two.all, ...many]), bob)
    expect(feed.unreadable).toHaveLength(UNREADABLE_KEPT_MAX)
    expect(feed.length).toBe(UNREADABLE_KEPT_MAX + 8)
    expect(confirmable(feed)).toBe(UNREADABLE_KEPT_MAX + 3)
  })
})

describe('unread messages', () => {
  const three = ['one', 'two', 'three'].reduce((scene: Scene, words) => say(scene, bob, text(words)), createPairScene())

  it('are counted, and read up to a place', () => {
    const { state } = see(alice, three)
    expect(unreadOf(state)).toBe(3)
    expect(unreadOf(markRead(state, [{ device: bob.device, length: 3 }]))).toBe(1)
    expect(unreadOf(markAllRead(state))).toBe(0)
    expect(unreadOf(see(bob, three).state)).toBe(0)
    expect(see(bob, three).state.feeds.get(bob.device)?.unread).toEqual([])
  })

  it('are counted once, however often they are reduced', async () => {
    const once = await watch(alice, three)
    expect(unreadOf((await watch(alice, three, [three.all], once)).state)).toBe(3)
  })

  it('that arrive late, beyond the place that was read, are unread though they stand above it', () => {
    const other = say(createPairScene(), alicesPhone, text('from my phone'))
    const scene = say(other, bob, text('late'), { knowing: [], time: 0 })
    const before = markAllRead(see(alice, scene, scene.all.slice(0, -1)).state)
    const after = see(alice, scene, scene.all.slice(-1), { state: before, rows: new Map() })
    expect(unreadOf(after.state)).toBe(1)
  })

  it('whose bodies are awaited stay unread when everything shown is read', async () => {
    const seen = await watch(alice, three, [
      [...three.all.slice(0, -2), waiting(three.all.at(-2) as Reduction), three.all.at(-1) as Reduction],
    ])
    const { state } = seen
    expect(unreadOf(state)).toBe(2)
    const read = markAllRead(state)
    expect(markRead(state, [{ device: bob.device, length: 4 }])).toEqual(read)
    const opened = (await watch(alice, three, [[three.all.at(-2) as Reduction]], { ...seen, state: read })).state
    expect(unreadOf(opened)).toBe(2)
    expect(unreadOf(markAllRead(opened))).toBe(0)
  })

  it('beyond what is remembered one by one are still counted', () => {
    const [first] = three.all.slice(-1) as [Reduction]
    const many = Array.from({ length: UNREAD_KEPT_MAX + 5 }, (_, at): Reduction => ({
      ...first,
      header: { ...first.header, seq: at + 10 },
    }))
    const { state } = see(alice, three, [...three.all, ...many])
    expect(unreadOf(state)).toBe(3 + UNREAD_KEPT_MAX + 5)
    expect(unreadOf(markRead(state, [{ device: bob.device, length: 21 + UNREAD_KEPT_MAX }]))).toBe(0)
    expect(unreadOf(markAllRead(state))).toBe(0)
  })
})

describe('what may be confirmed of a feed', () => {
  const scene = say(say(createPairScene(), bob, text('one')), bob, text('two'))

  it('is all that arrived', () => {
    expect(confirmable(feedIn(see(alice, scene), bob))).toBe(3)
  })

  it('is no receipt of an older version, and nothing that such a one says', () => {
    const answered = say(say(scene, alice, receipt), bob, receipt)
    const seen = see(alice, answered)
    expect(feedIn(seen, bob)).toEqual(feedIn(see(alice, scene), bob))
    expect(textsOf(seen)).toEqual(textsOf(see(alice, scene)))
  })

  it('is nothing that has not been opened, nor anything after it', async () => {
    const entries = [...scene.all.slice(0, -2), waiting(scene.all.at(-2) as Reduction), scene.all.at(-1) as Reduction]
    expect(confirmable(feedIn(see(alice, scene, entries), bob))).toBe(1)
    const settled = await watch(alice, scene, [entries, [unreadable(scene.all.at(-2) as Reduction)]])
    expect(confirmable(feedIn(settled, bob))).toBe(3)
    expect(feedIn(settled, bob).unreadable).toEqual([1])
  })

  it('waits for so many bodies and no more', async () => {
    const [first] = scene.all.slice(-1) as [Reduction]
    const many = Array.from({ length: UNOPENED_KEPT_MAX + 5 }, (_, at) => waiting({ ...first, header: { ...first.header, seq: at + 10 } }))
    const full = await watch(alice, scene, [[...scene.all, ...many]])
    expect(feedIn(full, bob).unopened).toHaveLength(UNOPENED_KEPT_MAX)
    // One more whose body is missing is not forgotten when the others have theirs: nobody is told that it was delivered.
    const opened = many.slice(0, UNOPENED_KEPT_MAX).map(({ header }) => ({ ...first, header }))
    const last = many.at(-1)?.header.seq ?? expect.fail('no entries')
    const settled = await watch(alice, scene, [[...opened, { ...first, header: { ...first.header, seq: last + 1 } }]], full)
    expect(confirmable(feedIn(settled, bob))).toBe(last + 2)
    expect(feedIn(settled, bob).unreadable).toEqual(many.slice(UNOPENED_KEPT_MAX).map(({ header }) => header.seq))
    const come = await watch(alice, scene, [[{ ...first, header: { ...first.header, seq: last } }]], settled)
    expect(feedIn(come, bob).unreadable).not.toContain(last)
  })
})

describe('the reducer', async () => {
  const busy = (): Scene => {
    let scene = createPairScene()
    scene = say(scene, alice, text('Shall we meet?'))
    scene = say(scene, bob, text('Yes'), { knowing: [] })
    scene = say(scene, carol, text('I was not asked'))
    scene = say(scene, bob, receipt)
    scene = say(scene, alice, { kind: 'profile', name: 'Alice' }, { knowing: [] })
    scene = say(scene, alicesPhone, text('From my phone'), { knowing: [alice] })
    scene = say(scene, alice, { kind: 'admit', account: carol.account, deviceList: new Uint8Array(32) })
    scene = say(scene, bob, { kind: 'profile', name: 'Bob' }, { time: 0 })
    scene = say(scene, alicesPhone, receipt)
    scene = say(scene, carol, receipt)
    return say(scene, bob, text('When?'))
  }
  const scene = busy()
  // Any order in which every entry comes after its past.
  const schedules = fc.array(fc.nat(1_000), { minLength: scene.all.length, maxLength: scene.all.length }).map((picks) => {
    const left = [...scene.all]
    const done = new Set<string>(['0'.repeat(64)])
    return picks.map((pick) => {
      const ready = left.filter(({ header }) => done.has(header.prev) && header.deps.every((dep) => done.has(dep.id)))
      const next = ready[pick % ready.length] as Reduction
      left.splice(left.indexOf(next), 1)
      done.add(next.id)
      return next
    })
  })

  it('gives the same view of the same set in every causal order', () => {
    for (const person of [alice, bob]) {
      const expected = plain(see(person, scene))
      fc.assert(
        fc.property(schedules, (order) => {
          expect(plain(see(person, scene, order))).toEqual(expected)
        }),
      )
    }
  })

  it('gives the same view whenever bodies are opened', async () => {
    const expected = plain(see(alice, scene))
    await fc.assert(
      fc.asyncProperty(schedules, fc.infiniteStream(fc.boolean()), async (order, late) => {
        const held = order.filter(() => late.next().value)
        const first = order.map((entry) => (held.includes(entry) ? waiting(entry) : entry))
        expect(plain(await watch(alice, scene, [first, held]))).toEqual(expected)
      }),
    )
  })

  it('gives the same view whichever entries could not be read at first, and of those that never can in every order', async () => {
    const lost = unreadable(scene.all.at(-1) as Reduction)
    const all = [...scene.all.slice(0, -1), lost]
    const expected = plain(see(alice, scene, all))
    await fc.assert(
      fc.asyncProperty(schedules, fc.infiniteStream(fc.boolean()), async (order, late) => {
        const given = order.map((entry) => (entry.id === lost.id ? lost : entry))
        const held = given.filter((entry) => entry !== lost && late.next().value)
        const first = given.map((entry) => (held.includes(entry) ? unreadable(entry, 'newer') : entry))
        expect(plain(await watch(alice, scene, [first, held]))).toEqual(expected)
      }),
    )
  })

  it('gives the same view of entries that are reduced again', async () => {
    const once = await watch(bob, scene)
    expect(plain(await watch(bob, scene, [scene.all], once))).toEqual(plain(once))
  })

  it('does not change the state that it was given', async () => {
    const seen = await watch(alice, scene)
    const copy = JSON.stringify(plain(seen))
    await watch(alice, scene, [scene.all], seen)
    markAllRead(seen.state)
    expect(JSON.stringify(plain(seen))).toBe(copy)
  })

  it('has states and rows that survive the store', () => {
    const { state, rows } = see(alice, scene)
    expect(reloadedView(state)).toEqual(state)
    for (const row of rows.values()) expect(decode(timelineRow, encode(timelineRow, row))).toEqual(row)
  })
})

it('know where one has written last, also while the line of that is only about to be settled', () => {
  const scene = say(createPairScene(), alice, text('One'))
  const before = see(alice, scene)
  expect(lastPlaceOf(before.state, alice.account)).toBe(scene.all.at(-1)?.orderKey)
  const more = say(scene, alice, text('Two'))
  // Something was done to a message that is not here: whether this is the one is found out before the commit.
  const [two] = more.all.slice(-1) as [Reduction]
  const { state } = reduce({ ...before.state, waiting: 1 }, two)
  expect(state.pending).toHaveLength(1)
  expect(lastPlaceOf(state, alice.account)).toBe(two.orderKey)
  expect(lastPlaceOf(state, bob.account)).toBeUndefined()
})
