import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import {
  alice,
  alicesPhone,
  bob,
  carol,
  createContent,
  createPairScene,
  createPerson,
  createScene,
  receipt,
  say,
  see,
  text,
  watch,
} from '../../test/fixtures/conversation.ts'
import { decode, encode } from '../bytes/codec.ts'
import { decodeRow, encodeRow } from '../host/rows.ts'
import { NOW } from '../../test/fixtures/feeds.ts'
import { RECEIPT_UNREADABLE_MAX, TIME_MS_MAX, TIME_MS_MIN } from '../limits.ts'
import { UNOPENED_KEPT_MAX, UNREAD_KEPT_MAX, UNREADABLE_KEPT_MAX } from './limits.ts'
import { admittedOf, isShown, otherOf } from './state.ts'
import { timelineRow } from './timeline-row.ts'
import { reduce } from './reduce.ts'
import { cursorOf, deliveryOf, lastMessageOf, lastPlaceOf, markAllRead, markRead, nameOf, receiptDue, unreadOf } from './view.ts'
import type { ConversationState } from './state.ts'
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
const ticksOf = (state: ConversationState, { device }: Person, seq: number) => deliveryOf(state, { device, seq }) ?? 'saved'

/** A state without the order in which its maps were filled. */
const plain = (seen: Seen): unknown => {
  const sorted = <K extends string, V>(map: ReadonlyMap<K, V>): unknown => [...map].toSorted(([a], [b]) => (a < b ? -1 : 1))
  const feeds = new Map(
    [...seen.state.feeds].map(([device, feed]) => [device, { ...feed, claims: sorted(feed.claims), named: sorted(feed.named) }]),
  )
  return { ...seen.state, accounts: sorted(seen.state.accounts), feeds: sorted(feeds), rows: sorted(seen.rows) }
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

describe('ticks', () => {
  const spoken = say(createPairScene(), alice, text('Tea?'))
  const seq = 2

  it('go from saved to relay, delivered and read, as each is proven', () => {
    expect(ticksOf(see(alice, spoken).state, alice, seq)).toBe('saved')
    const delivered = say(spoken, bob, receipt([[alice, 2]]))
    expect(ticksOf(see(alice, delivered).state, alice, seq)).toBe('delivered')
    const read = say(delivered, bob, receipt([], [[alice, 2]]))
    expect(ticksOf(see(alice, read).state, alice, seq)).toBe('read')
  })

  it('never go back', () => {
    const scene = say(say(spoken, bob, receipt([[alice, 2]], [[alice, 2]])), bob, receipt([[alice, 0]], [[alice, 0]]))
    expect(ticksOf(see(alice, scene).state, alice, seq)).toBe('read')
  })

  it('do not believe a receipt for what its author has not shown to have', () => {
    const early = say(spoken, bob, receipt([[alice, 4_000_000_000]], [[alice, 4_000_000_000]]))
    const later = say(early, alice, text('And cake?'))
    expect(ticksOf(see(alice, later).state, alice, 2)).toBe('read')
    expect(ticksOf(see(alice, later).state, alice, 3)).toBe('saved')
  })

  it('do not believe a receipt about a feed that its author never named', () => {
    const blind = say(spoken, bob, receipt([[alice, 2]]), { knowing: [] })
    const named = createPairScene()
    expect(named.last.size).toBe(2)
    const unnamed = { ...spoken, last: new Map([...spoken.last].filter(([device]) => device !== bob.device)) }
    const carols = say(unnamed, carol, receipt([[alice, 2]]), { knowing: [] })
    expect(ticksOf(see(alice, carols).state, alice, seq)).toBe('saved')
    // Bob has named Alice's create entry only.
    expect(ticksOf(see(alice, blind).state, alice, seq)).toBe('saved')
  })

  it("count the other side only: not strangers, and not one's own devices", () => {
    const stranger = say(spoken, carol, receipt([[alice, 2]], [[alice, 2]]))
    expect(ticksOf(see(alice, stranger).state, alice, seq)).toBe('saved')
    const own = say(spoken, alicesPhone, receipt([[alice, 2]], [[alice, 2]]))
    expect(ticksOf(see(alice, own).state, alice, seq)).toBe('saved')
  })

  it('remember no claims about devices that nobody knows', () => {
    const unknown = Array.from({ length: 32 }, (_, at) => [createPerson(`nobody ${at}`), 7] as const)
    const scene = say(spoken, bob, receipt([...unknown.slice(1), [alice, 2]], unknown))
    expect([...(see(alice, scene).state.feeds.get(bob.device)?.claims.keys() ?? [])]).toEqual([alice.device])
  })

  it('do not believe a device about itself', () => {
    const scene = say(spoken, bob, receipt([[bob, 5]], [[bob, 5]]))
    expect(cursorOf(see(alice, scene).state, bob.device)).toEqual({ delivered: -1, read: -1 })
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

  it('is told to its author, who sees neither “delivered” nor “read”, and the ticks of what came later', () => {
    const due = receiptDue(markAllRead(halfRead.state), 'told')
    expect(due).toEqual(receipt([[bob, 2]], [[bob, 2]], { unreadable: [[bob, 1]] }))
    const told = say(two, alice, due ?? text('no receipt'))
    expect([0, 1, 2].map((seq) => ticksOf(see(bob, told).state, bob, seq))).toEqual(['read', 'unreadable', 'read'])
    expect(cursorOf(see(bob, told).state, bob.device)).toEqual({ delivered: 2, read: 2 })
    expect(
      receiptDue(see(alice, told, told.all.slice(-1), { ...halfRead, state: markAllRead(halfRead.state) }).state, 'told'),
    ).toBeUndefined()
  })

  it('that another device of theirs could read has arrived', () => {
    const phone = say(two, carol, receipt([[bob, 2]]))
    const told = say(phone, alice, receipt([[bob, 2]], [], { unreadable: [[bob, 1]] }))
    const all = told.all.map((entry) => (entry.account === carol.account ? { ...entry, account: alice.account } : entry))
    expect(ticksOf(see(bob, told, all).state, bob, 1)).toBe('delivered')
  })

  it('and can be read later after all is shown, and its author hears that', async () => {
    const told = say(two, alice, receipt([[bob, 2]], [], { unreadable: [[bob, 1]] }))
    const then = await watch(alice, told, [[...before, unreadable(first, 'newer'), second, ...told.all.slice(-1)]])
    const later = await watch(alice, told, [[first]], then)
    expect(textsOf(later).slice(-2)).toEqual(['lost', 'found'])
    expect(receiptDue(later.state, 'told')).toEqual(receipt([], [], { recovered: [[bob, 1]] }))
    const known = say(told, alice, receipt([], [], { recovered: [[bob, 1]] }))
    expect(ticksOf(see(bob, known).state, bob, 1)).toBe('delivered')
  })

  it('and turns out to say nothing takes its line away', () => {
    const silent = say(two, bob, { kind: 'profile', name: ' ' })
    const entry = silent.all.at(-1) as Reduction
    const then = see(alice, silent, [...two.all, unreadable(entry, 'newer')])
    expect(textsOf(then).at(-1)).toBe('unreadable')
    expect(textsOf(see(alice, silent, [entry], then)).at(-1)).toBe('found')
  })

  it('that is a receipt is neither shown nor told: nobody waits for its tick', () => {
    const silent = say(two, bob, receipt([[alice, 0]]))
    const seen = see(alice, silent, [...two.all, unreadable(silent.all.at(-1) as Reduction)])
    expect(textsOf(seen).at(-1)).toBe('found')
    expect(receiptDue(seen.state, 'told')).toEqual(receipt([[bob, 2]]))
  })

  const many = (count: number) =>
    Array.from({ length: count }, (_, at) => unreadable({ ...second, header: { ...second.header, seq: at + 3 } }))

  it('is named in a receipt with so many others and no more; the cursors wait for the rest', () => {
    const { state } = see(alice, two, [...two.all, ...many(RECEIPT_UNREADABLE_MAX + 2)])
    const due = receiptDue(state, 'kept')
    expect(due?.unreadable).toHaveLength(RECEIPT_UNREADABLE_MAX)
    expect(due?.delivered).toEqual([{ device: bob.device, seq: RECEIPT_UNREADABLE_MAX + 2 }])
  })

  it('is remembered with so many others and no more; behind them nothing is confirmed', () => {
    const entries = many(UNREADABLE_KEPT_MAX + 5)
    const { state } = see(alice, two, [...two.all, ...entries])
    const last = UNREADABLE_KEPT_MAX + 2
    expect(state.feeds.get(bob.device)?.unreadable).toHaveLength(UNREADABLE_KEPT_MAX)
    const untold = new Map(state.feeds).set(alice.device, {
      ...(state.feeds.get(bob.device) ?? fail()),
      account: alice.account,
      claims: new Map([
        [
          bob.device,
          { delivered: 2, read: -1, unreadable: entries.slice(0, UNREADABLE_KEPT_MAX).map(({ header }) => header.seq), recovered: [] },
        ],
      ]),
    })
    expect(receiptDue({ ...state, feeds: untold }, 'kept')).toEqual(receipt([[bob, last]]))
  })
})

const fail = (): never => {
  throw new Error('there is no such feed')
}

describe('unread messages', () => {
  const three = ['one', 'two', 'three'].reduce((scene: Scene, words) => say(scene, bob, text(words)), createPairScene())

  it('are counted, and read up to a place', () => {
    const { state } = see(alice, three)
    expect(unreadOf(state)).toBe(3)
    expect(unreadOf(markRead(state, [{ device: bob.device, seq: 2 }]))).toBe(1)
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

  it('are read on all own devices by a receipt of one of them', () => {
    const scene = say(three, alicesPhone, receipt([[bob, 3]], [[bob, 3]]))
    expect(unreadOf(see(alice, scene).state)).toBe(0)
  })

  it('whose bodies are awaited stay unread when everything shown is read', async () => {
    const seen = await watch(alice, three, [
      [...three.all.slice(0, -2), waiting(three.all.at(-2) as Reduction), three.all.at(-1) as Reduction],
    ])
    const { state } = seen
    expect(unreadOf(state)).toBe(2)
    const read = markAllRead(state)
    expect(markRead(state, [{ device: bob.device, seq: 3 }])).toEqual(read)
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
    expect(unreadOf(markRead(state, [{ device: bob.device, seq: 20 + UNREAD_KEPT_MAX }]))).toBe(0)
    expect(unreadOf(markAllRead(state))).toBe(0)
  })
})

describe('a receipt', () => {
  const scene = say(say(createPairScene(), bob, text('one')), bob, text('two'))

  it('is due for what arrived, and then no more', () => {
    const due = receiptDue(see(alice, scene).state, 'told')
    expect(due).toEqual(receipt([[bob, 2]]))
    const sent = see(alice, say(scene, alice, receipt([[bob, 2]])))
    expect(receiptDue(sent.state, 'told')).toBeUndefined()
  })

  it('tells what was read only where that is wanted', () => {
    const state = markAllRead(see(alice, scene).state)
    expect(receiptDue(state, 'told')?.read).toEqual([{ device: bob.device, seq: 2 }])
    expect(receiptDue(state, 'kept')?.read).toEqual([])
  })

  it('is never due for a receipt', () => {
    const answered = say(say(scene, alice, receipt([[bob, 2]])), bob, receipt([[alice, 1]]))
    expect(receiptDue(see(alice, answered).state, 'told')).toBeUndefined()
  })

  it('does not confirm what has not been opened, nor anything after it', async () => {
    const entries = [...scene.all.slice(0, -2), waiting(scene.all.at(-2) as Reduction), scene.all.at(-1) as Reduction]
    expect(receiptDue(see(alice, scene, entries).state, 'told')?.delivered).toEqual([{ device: bob.device, seq: 0 }])
    const settled = (await watch(alice, scene, [entries, [unreadable(scene.all.at(-2) as Reduction)]])).state
    expect(receiptDue(settled, 'told')).toEqual(receipt([[bob, 2]], [], { unreadable: [[bob, 1]] }))
  })

  it('is not due to strangers', () => {
    const strange = say(createPairScene(), carol, text('hello?'))
    expect(receiptDue(see(alice, strange).state, 'told')?.delivered.map(({ device }) => device)).not.toContain(carol.device)
  })

  it('waits for so many bodies and no more', async () => {
    const [first] = scene.all.slice(-1) as [Reduction]
    const many = Array.from({ length: UNOPENED_KEPT_MAX + 5 }, (_, at) => waiting({ ...first, header: { ...first.header, seq: at + 10 } }))
    const full = await watch(alice, scene, [[...scene.all, ...many]])
    expect(full.state.feeds.get(bob.device)?.unopened).toHaveLength(UNOPENED_KEPT_MAX)
    // One more whose body is missing is not forgotten when the others have theirs: nobody is told that it was delivered.
    const opened = many.slice(0, UNOPENED_KEPT_MAX).map(({ header }) => ({ ...first, header }))
    const last = many.at(-1)?.header.seq ?? expect.fail('no entries')
    const settled = await watch(alice, scene, [[...opened, { ...first, header: { ...first.header, seq: last + 1 } }]], full)
    const due = receiptDue(settled.state, 'told')
    expect(due?.delivered).toEqual([{ device: bob.device, seq: last + 1 }])
    expect(due?.unreadable.map(({ seq }) => seq)).toEqual(many.slice(UNOPENED_KEPT_MAX).map(({ header }) => header.seq))
    const come = (await watch(alice, scene, [[{ ...first, header: { ...first.header, seq: last } }]], settled)).state
    expect(come.feeds.get(bob.device)?.unreadable).not.toContain(last)
  })
})

describe('the reducer', async () => {
  const busy = (): Scene => {
    let scene = createPairScene()
    scene = say(scene, alice, text('Shall we meet?'))
    scene = say(scene, bob, text('Yes'), { knowing: [] })
    scene = say(scene, carol, text('I was not asked'))
    scene = say(scene, bob, receipt([[alice, 2]], [[alice, 2]]))
    scene = say(scene, alice, { kind: 'profile', name: 'Alice' }, { knowing: [] })
    scene = say(scene, alicesPhone, text('From my phone'), { knowing: [alice] })
    scene = say(scene, alice, { kind: 'admit', account: carol.account, deviceList: new Uint8Array(32) })
    scene = say(scene, bob, { kind: 'profile', name: 'Bob' }, { time: 0 })
    scene = say(scene, alicesPhone, receipt([[bob, 1]], [[bob, 1]]))
    scene = say(scene, carol, receipt([[alice, 1]], [[alice, 1]]))
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
    const before = seen.state
    const copy = decodeRow(encodeRow(before))
    await watch(alice, scene, [scene.all], seen)
    markAllRead(before)
    expect(decodeRow(encodeRow(before))).toEqual(copy)
  })

  it('has states and rows that survive the store', () => {
    const { state, rows } = see(alice, scene)
    expect(decodeRow(encodeRow(state))).toEqual(state)
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
