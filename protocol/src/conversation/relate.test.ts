import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { alice, alicesPhone, bob, carol, createPairScene, createScene, say, text, watch } from '../../test/fixtures/conversation.ts'
import { fromScratch } from '../../test/fixtures/from-scratch.ts'
import { toHex, utf8ToBytes } from '../bytes/bytes.ts'
import { decode, DecodeError, encode } from '../bytes/codec.ts'
import { reloadedView, rowsOfView } from '../../test/fixtures/stored-conversation.ts'
import { keptKeysOf } from '../node/rows/stored-body.ts'
import { content as contentCodec } from '../wire/content.ts'
import { EDITS_KEPT_MAX, REACTIONS_KEPT_MAX, UNREAD_KEPT_MAX } from './limits.ts'
import { isShown } from './state.ts'
import { timelineRow } from './timeline-row.ts'
import { lastMessageOf, markAllRead, unreadOf } from './view.ts'
import type { EntryId } from '../bytes/ids.ts'
import type { TimelineRow } from './timeline-row.ts'
import type { Reduction } from './reduce.ts'
import type { Content } from '../wire/content.ts'
import type { Person, Scene, Watched } from '../../test/fixtures/conversation.ts'
import type { Line, Scratch } from '../../test/fixtures/from-scratch.ts'

const EMOJI = ['👍', '👍', '❤️', 'no emoji']

function lineOf({ id, content }: TimelineRow): Line {
  if (content.kind !== 'text') return { id, kind: content.kind }
  const reactions = content.related?.reactions ?? []
  return {
    id,
    kind: 'text',
    text: content.text,
    isEdited: content.related?.edit !== undefined,
    answers: content.answers,
    reactions: Object.fromEntries(reactions.map(({ emoji, count }) => [emoji, count])),
    mine: reactions.flatMap(({ emoji, isMine }) => (isMine ? [emoji] : [])).toSorted(),
    isPinned: content.related?.pin?.isSet === true,
  }
}

const rowsOf = ({ state, rows }: Watched): readonly TimelineRow[] =>
  [...rows.values()].filter(({ account }) => isShown(state, account)).toSorted((a, b) => (a.orderKey < b.orderKey ? -1 : 1))

const seenOf = (seen: Watched): Omit<Scratch, 'gone'> => ({
  lines: rowsOf(seen).map(lineOf),
  last: lastMessageOf(seen.state)?.preview,
  unread: unreadOf(seen.state),
})

/** Whether any byte of the state or the store says so. */
const isStored = ({ state, store }: Watched, words: string): boolean =>
  [
    ...rowsOfView(state).map(({ value }) => value),
    ...[...store.image().tables.values()].flatMap((rows) => [...rows.values()].map(({ value }) => value)),
  ]
    .map(toHex)
    .some((hex) => hex.includes(toHex(utf8ToBytes(words))))

const messageIn = (seen: Watched, id: EntryId): Line =>
  rowsOf(seen)
    .map(lineOf)
    .find((line) => line.id === id) ?? expect.fail('no such line')
const idAt = (scene: Scene, at: number): EntryId => scene.all.at(at)?.id ?? expect.fail('no such entry')
const after = (scene: Scene, ...acts: readonly (readonly [Person, Content])[]): Scene =>
  acts.reduce((all, [person, content]) => say(all, person, content), scene)

describe('the view of a set of entries', () => {
  const people = [alice, alicesPhone, bob, bob, carol]
  const kinds = ['text', 'text', 'reply', 'reaction', 'reaction', 'edit', 'edit', 'deletion', 'pin', 'profile', 'admit'] as const
  const act = fc.record({
    who: fc.nat(people.length - 1),
    kind: fc.constantFrom(...kinds),
    target: fc.nat(1_000),
    emoji: fc.constantFrom(...EMOJI),
    isSet: fc.boolean(),
    isBlank: fc.integer({ min: 0, max: 9 }).map((of10) => of10 === 0),
    isAlone: fc.boolean(),
  })
  type Act = typeof act extends fc.Arbitrary<infer A> ? A : never

  function contentOf(scene: Scene, { kind, target: pick, emoji, isSet, isBlank }: Act): Content {
    const ids = [...scene.all.map(({ id }) => id), 'f'.repeat(64) as EntryId]
    const messages = scene.all.filter(({ body }) => body.kind === 'opened' && ['text', 'reply'].includes(body.content.kind)).slice(-2)
    // Mostly one of the last messages, so that much happens to the same few.
    const target = (pick % 5 === 0 ? undefined : messages[pick % 2]?.id) ?? (ids[pick % ids.length] as EntryId)
    const words = isBlank ? ' \u0000 ' : `words of ${scene.all.length} end`
    switch (kind) {
      case 'text':
        return text(words)
      case 'reply':
      case 'edit':
        return { kind, target, text: words }
      case 'reaction':
        return { kind, target, emoji, isSet }
      case 'deletion':
        return { kind, target }
      case 'pin':
        return { kind, target, isSet }
      case 'profile':
        return { kind, name: words }
      case 'admit':
        return { kind, account: (pick % 2 === 0 ? carol : bob).account, deviceList: new Uint8Array(32) }
    }
  }

  const sceneOf = (start: Scene, acts: readonly Act[]): Scene =>
    acts.reduce((all, one) => say(all, people[one.who] as Person, contentOf(all, one), one.isAlone ? { knowing: [] } : {}), start)

  /** How often each entry comes, and as what; then in which order and in which batches all that is given. */
  const arrivals = fc.infiniteStream(fc.record({ how: fc.nat(8), at: fc.nat(), cut: fc.nat(3) }))

  type Luck = { readonly how: number; readonly at: number; readonly cut: number }

  function batchesOf(entries: readonly Reduction[], stream: fc.Stream<Luck>): Reduction[][] {
    const next = (): Luck => (stream.next() as IteratorYieldResult<Luck>).value
    const given: { entry: Reduction; at: number }[] = []
    for (const entry of entries) {
      const { how, at } = next()
      const place = at % 997
      given.push({ entry, at: place })
      if (how % 3 === 0) given.push({ entry, at: next().at % 997 })
      // Before it can be read, it may be there without its body, or as something that nobody understands yet.
      if (how === 1 || how === 2) given.push({ entry: { ...entry, body: { kind: 'waiting' } }, at: place - 1_000 })
      if (how > 6 && entry.body.kind === 'opened')
        given.push({
          entry: { ...entry, body: { kind: 'unreadable', why: 'newer', kept: entry.body.kept } },
          at: place - 1 - (next().at % 997),
        })
    }
    const batches: Reduction[][] = [[]]
    for (const { entry } of given.toSorted((a, b) => a.at - b.at)) {
      batches.at(-1)?.push(entry)
      if (next().cut === 0) batches.push([])
    }
    return batches
  }

  /** Each batch by a device that was started anew, now and then. */
  async function watchAll(person: Person, scene: Scene, batches: readonly (readonly Reduction[])[]): Promise<Watched> {
    let seen: Watched | undefined
    for (const [at, batch] of batches.entries()) {
      const stored: Watched | undefined = at % 2 === 0 || seen === undefined ? seen : { ...seen, state: reloadedView(seen.state) }
      seen = await watch(person, scene, [batch], stored)
    }
    return seen ?? expect.fail('there were no batches')
  }

  it('is that of all of them at once, in whatever order, batches and repetition they came, and holds nothing that was deleted', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.boolean(),
        fc.array(act, { minLength: 5, maxLength: 40, size: 'max' }),
        arrivals,
        fc.nat(),
        async (isPair, acts, stream, pick) => {
          const scene = sceneOf(isPair ? createPairScene() : createScene(), acts)
          // One of them can never be read here.
          const lost = pick % (2 * scene.all.length)
          const entries = scene.all.map((entry, at): Reduction =>
            at === lost ? { ...entry, body: { kind: 'unreadable', why: 'broken' } } : entry,
          )
          const batches = batchesOf(entries, stream)
          for (const person of [alice, bob]) {
            const { gone, ...expected } = fromScratch(person.account, scene.conversation, entries)
            const seen = await watchAll(person, scene, batches)
            expect(seenOf(seen)).toEqual(expected)
            for (const words of gone) if (words.startsWith('words')) expect([words, isStored(seen, words)]).toEqual([words, false])
            for (const row of seen.rows.values()) expect(decode(timelineRow, encode(timelineRow, row))).toEqual(row)
          }
        },
      ),
      { numRuns: 150 },
    )
  }, 60_000)
})

const MESSAGE = 'a message of Bob'
const scene = after(createPairScene(), [bob, text('before it')], [bob, text(MESSAGE)])
const target = idAt(scene, -1)
const reaction = (emoji: string, isSet = true): Content => ({ kind: 'reaction', target, emoji, isSet })
const edit = (words: string): Content => ({ kind: 'edit', target, text: words })
const deletion: Content = { kind: 'deletion', target }
const pin: Content = { kind: 'pin', target, isSet: true }
const unreadable = (entry: Reduction): Reduction => ({
  ...entry,
  body: { kind: 'unreadable', why: 'newer', kept: { salt: new Uint8Array(32), content: utf8ToBytes('what it says') } },
})

describe('a message that is deleted', () => {
  it('leaves what was said before it as the last line, and is not unread', async () => {
    const before = await watch(alice, scene)
    expect([lastMessageOf(before.state)?.preview, unreadOf(before.state)]).toEqual([MESSAGE, 2])
    const deleted = after(scene, [bob, deletion])
    const seen = await watch(alice, deleted, [deleted.all.slice(-1)], before)
    expect([lastMessageOf(seen.state)?.preview, unreadOf(seen.state)]).toEqual(['before it', 1])
    const all = after(deleted, [bob, { kind: 'deletion', target: idAt(scene, -2) }])
    const empty = await watch(alice, all, [all.all.slice(-1)], seen)
    expect([lastMessageOf(empty.state), unreadOf(empty.state)]).toEqual([undefined, 0])
  })

  it('that was read already changes no count, and one among those that are only counted does', async () => {
    const read = await watch(alice, scene)
    const deleted = after(scene, [bob, deletion])
    const state = markAllRead(read.state)
    expect(unreadOf((await watch(alice, deleted, [deleted.all.slice(-1)], { ...read, state })).state)).toBe(0)
    const last = scene.all.at(-1) as Reduction
    const many = Array.from({ length: UNREAD_KEPT_MAX + 5 }, (_, at): Reduction => {
      const id = (at.toString(16).padStart(8, '0') + last.id.slice(8)) as EntryId
      return { ...last, id, header: { ...last.header, seq: at + 10 }, orderKey: last.orderKey.slice(0, 20) + id }
    })
    const full = await watch(alice, scene, [[...scene.all, ...many]])
    const fewer = await watch(alice, deleted, [deleted.all.slice(-1)], full)
    expect([unreadOf(full.state), unreadOf(fewer.state)]).toEqual([UNREAD_KEPT_MAX + 7, UNREAD_KEPT_MAX + 6])
  })

  it('takes its edits along, those before and those after', async () => {
    const all = after(scene, [bob, edit('first edit')], [bob, edit('second edit')], [bob, deletion], [bob, edit('third edit')])
    for (const order of [all.all, all.all.toReversed()]) {
      const seen = await watch(alice, all, [order])
      expect(messageIn(seen, target)).toEqual({ id: target, kind: 'deleted' })
      for (const words of [MESSAGE, 'first edit', 'second edit', 'third edit'])
        expect([words, isStored(seen, words)]).toEqual([words, false])
    }
  })

  it('is so although nobody here could ever read it, and stays so when it can be read', async () => {
    const all = after(scene, [bob, deletion])
    const [message, gone] = [all.all.at(-2) as Reduction, all.all.at(-1) as Reduction]
    const others = all.all.slice(0, -2)
    for (const order of [
      [unreadable(message), gone],
      [gone, unreadable(message)],
      [unreadable(message), gone, unreadable(message)],
      [unreadable(message), gone, message],
    ]) {
      const seen = await watch(alice, all, [others, ...order.map((entry) => [entry])])
      expect(messageIn(seen, target).kind).toBe('deleted')
      expect([isStored(seen, MESSAGE), isStored(seen, 'what it says')]).toEqual([false, false])
    }
  })
})

describe('a message that another own device has seen deleted', () => {
  it('stands as deleted, whether what deleted it and what was done to it came before or after', async () => {
    const all = after(scene, [alice, reaction('👍')], [bob, edit('first edit')], [bob, deletion])
    const [message, liked, edited, gone] = all.all.slice(-4) as [Reduction, Reduction, Reduction, Reduction]
    const others = all.all.slice(0, -4)
    const handed: Reduction = { ...message, body: { kind: 'deleted' } }
    for (const order of [
      [handed, liked, edited, gone],
      [gone, edited, liked, handed],
      [edited, handed, gone, liked],
    ]) {
      const seen = await watch(alice, all, [others, ...order.map((entry) => [entry])])
      expect(messageIn(seen, message.id)).toEqual({ id: message.id, kind: 'deleted' })
      expect([seen.state.waiting, isStored(seen, 'first edit')]).toEqual([0, false])
    }
  })
})

describe('a message that is edited', () => {
  it('is shown and listed as its author wrote it last, whatever came last', async () => {
    const all = after(scene, [bob, edit('first edit')], [bob, edit('second edit')])
    const seen = await watch(alice, all, [[...all.all.slice(0, -2), ...all.all.slice(-2).toReversed()]])
    expect(messageIn(seen, target)).toMatchObject({ text: 'second edit', isEdited: true })
    expect(lastMessageOf(seen.state)?.preview).toBe('second edit')
    expect(unreadOf(seen.state)).toBe(2)
  })

  it('is so by any device of its author', async () => {
    const said = after(createPairScene(), [alice, text('from here')])
    const all = after(said, [alicesPhone, { kind: 'edit', target: idAt(said, -1), text: 'from there' }])
    expect(messageIn(await watch(bob, all), idAt(said, -1)).text).toBe('from there')
  })

  it('keeps so many texts as its history, and what older ones said is gone', async () => {
    const count = EDITS_KEPT_MAX + 3
    const all = Array.from({ length: count }, (_, at) => `edit ${at}!`).reduce((before, words) => after(before, [bob, edit(words)]), scene)
    for (const order of [all.all, all.all.toReversed()]) {
      const seen = await watch(alice, all, [order])
      expect(messageIn(seen, target).text).toBe(`edit ${count - 1}!`)
      const { from, to } = keptKeysOf(all.conversation, 'edit')
      expect(await seen.store.read({ table: 'bodies', from, to })).toHaveLength(EDITS_KEPT_MAX)
      expect([2, 3].map((at) => isStored(seen, `edit ${at}!`))).toEqual([false, true])
    }
  })
})

describe('what somebody may not do to a message changes nothing', () => {
  it.each([
    ['an edit of somebody else', alice, edit('forged')],
    ['a deletion by somebody else', alice, deletion],
    ['a reaction of somebody who was not let in', carol, reaction('👍')],
    ['a pin of somebody who was not let in', carol, pin],
    ['a reaction that is no emoji', alice, reaction('<b>')],
    ['an edit in which nothing is visible', bob, edit(' \u200b ')],
  ] as const)('%s, before it or after it', async (_what, person, content) => {
    const all = after(scene, [person, content])
    const expected = messageIn(await watch(alice, scene), target)
    for (const order of [all.all, all.all.toReversed()]) expect(messageIn(await watch(alice, all, [order]), target)).toEqual(expected)
  })

  it('but counts once whoever did it is let in', async () => {
    const open = after(createScene(), [alice, text('welcome')])
    const welcome = idAt(open, -1)
    const reacted = after(
      open,
      [bob, { kind: 'reaction', target: welcome, emoji: '👍', isSet: true }],
      [bob, { kind: 'pin', target: welcome, isSet: true }],
    )
    const before = await watch(alice, reacted)
    expect(messageIn(before, welcome)).toMatchObject({ reactions: {}, isPinned: false })
    const all = after(reacted, [alice, { kind: 'admit', account: bob.account, deviceList: new Uint8Array(32) }])
    expect(messageIn(await watch(alice, all, [all.all.slice(-1)], before), welcome)).toMatchObject({
      reactions: { '👍': 1 },
      isPinned: true,
    })
  })

  it('nor does anything done to what is no message, or is in no conversation of theirs', async () => {
    const elsewhere = after(createScene(), [alice, text('in another conversation')])
    const targets = [...createPairScene().all.map(({ id }) => id), idAt(elsewhere, -1), 'a'.repeat(64) as EntryId]
    const acts = targets.flatMap((id): Content[] => [
      { kind: 'reaction', target: id, emoji: '👍', isSet: true },
      { kind: 'edit', target: id, text: 'changed' },
      { kind: 'deletion', target: id },
      { kind: 'pin', target: id, isSet: true },
    ])
    const all = acts.reduce((before, content) => after(before, [alice, content]), scene)
    expect(seenOf(await watch(bob, all))).toEqual(seenOf(await watch(bob, scene)))
  })

  it('and entries that speak of themselves or of each other lead nowhere', async () => {
    const ids = ['a', 'b', 'c'].map((letter) => letter.repeat(64) as EntryId)
    const last = scene.all.at(-1) as Reduction
    // No hash does that; somebody who could make one gains nothing.
    const crafted = (id: EntryId, seq: number, content: Content): Reduction => ({
      ...last,
      id,
      header: { ...last.header, seq: last.header.seq + seq },
      // After the last one, whatever its id.
      orderKey: (BigInt(`0x${last.orderKey.slice(0, 20)}`) + BigInt(seq)).toString(16).padStart(20, '0') + id,
      body: { kind: 'opened', content, kept: { salt: new Uint8Array(32), content: encode(contentCodec, content) } },
    })
    const [one, two, self] = ids as [EntryId, EntryId, EntryId]
    const circle = [
      crafted(one, 1, { kind: 'reply', target: two, text: 'one' }),
      crafted(two, 2, { kind: 'reply', target: one, text: 'two' }),
      crafted(self, 3, { kind: 'edit', target: self, text: 'myself' }),
    ]
    const seen = await watch(alice, scene, [[...scene.all, ...circle]])
    expect(rowsOf(seen).map(lineOf).slice(-2)).toMatchObject([
      { text: 'one', answers: two },
      { text: 'two', answers: one },
    ])
    const gone = await watch(alice, scene, [[crafted(self, 4, { kind: 'deletion', target: self })]], seen)
    expect(seenOf(gone)).toEqual(seenOf(seen))
  })
})

it('leaves out what meets a row that nobody can read, and nothing else', async () => {
  const all = after(scene, [alice, reaction('👍')], [bob, text('after it')], [alice, { kind: 'pin', target: idAt(scene, -2), isSet: true }])
  const seen = await watch(alice, scene)
  await seen.store.commit([
    { kind: 'put', table: 'relations', key: `${scene.conversation}/${target}/${alice.account}`, value: Uint8Array.of(9) },
  ])
  const faults: unknown[] = []
  const then = await watch(alice, all, [all.all.slice(-3)], seen, (error) => faults.push(error))
  expect(faults).toEqual([expect.any(DecodeError)])
  expect(messageIn(then, target).reactions).toEqual({})
  expect(messageIn(then, idAt(scene, -2)).isPinned).toBe(true)
  expect(rowsOf(then).map(lineOf).at(-1)?.text).toBe('after it')
  expect(then.state.pending).toEqual([])
})

describe('what one account does to one message', () => {
  const many = Array.from({ length: REACTIONS_KEPT_MAX + 4 }, (_, at) => String.fromCodePoint(0x1f600 + at))

  it('is bounded: of so many emoji the newest count, whatever the order', async () => {
    const all = many.reduce((before, emoji) => after(before, [alice, reaction(emoji)]), scene)
    for (const order of [all.all, all.all.toReversed()])
      expect(messageIn(await watch(alice, all, [order]), target).mine).toEqual(many.slice(-REACTIONS_KEPT_MAX).toSorted())
  })

  it('is one row, however often it changes, here or for a message that never comes', async () => {
    const last = scene.all.at(-1) as Reduction
    for (const at of [target, 'e'.repeat(64) as EntryId]) {
      const flood = Array.from({ length: 5_000 }, (_, turn): Reduction => {
        const id = turn.toString(16).padStart(64, '0') as EntryId
        const content: Content = { kind: 'reaction', target: at, emoji: many[turn % many.length] as string, isSet: turn % 3 > 0 }
        return {
          ...last,
          id,
          header: { ...last.header, seq: turn + 10 },
          orderKey: `${'f'.repeat(20)}${id}`,
          body: { kind: 'opened', content, kept: { salt: new Uint8Array(32), content: encode(contentCodec, content) } },
        }
      })
      const seen = await watch(alice, scene, [scene.all, flood])
      const rows = await seen.store.read({ table: 'relations' })
      expect(rows).toHaveLength(1)
      expect(seen.writes).toBe(at === target ? 2 : 1)
      expect(rows[0]?.value.length).toBeLessThan(REACTIONS_KEPT_MAX * 50 + 10)
      expect(seen.state.waiting).toBe(at === target ? 0 : 1)
    }
  })

  it('touches few rows in a long conversation, as in a short one', async () => {
    const long = Array.from({ length: 300 }, (_, at) => at).reduce(
      (before, at) => after(before, [at % 2 === 0 ? alice : bob, text(`line ${at}`)]),
      scene,
    )
    const acts = [reaction('👍'), edit('edited'), pin, deletion]
    const touchedIn = async (start: Scene): Promise<readonly (readonly [reads: number, writes: number])[]> => {
      const counts: (readonly [number, number])[] = []
      let [all, seen] = [start, await watch(alice, start)]
      for (const content of acts) {
        all = after(all, [bob, content])
        const next = await watch(alice, all, [all.all.slice(-1)], seen)
        counts.push([next.reads, next.writes])
        seen = next
      }
      return counts
    }
    const short = await touchedIn(scene)
    // Only that the message was the last one is not so there: nothing has to be found in its place.
    const [, deleted] = short.at(-1) ?? []
    expect(await touchedIn(long)).toEqual([...short.slice(0, -1), [4, deleted]])
    expect(short.map(([, writes]) => writes)).toEqual([2, 2, 2, 6])
  })

  it('costs a message that nothing waits for no look into the store', async () => {
    const seen = await watch(alice, scene)
    const all = after(scene, [bob, text('next')], [bob, { kind: 'receipt' }])
    expect((await watch(alice, all, [all.all.slice(-2)], seen)).reads).toBe(0)
  })
})
