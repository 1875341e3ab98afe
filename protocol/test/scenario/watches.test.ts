// What screens are shown: what changed and nothing else, and in the end what somebody is shown who looks for the first time.

import { expect, test } from 'vitest'
import { createStage, invite, meet, MINUTE_MS, say, type Stage } from './stage.ts'
import { createSeeded } from '../simulation/seeded.ts'
import type { ConversationId } from '../../src/bytes/ids.ts'
import type { ConversationSummary, ConversationView } from '../../src/views.ts'
import type { ConversationWindow } from '../../src/engine.ts'
import type { Person } from '../simulation/person.ts'

const lastOnes = (before: number): ConversationWindow => ({ anchor: { kind: 'end' }, before, after: 0 })

function watchChat(person: Person, conversation: ConversationId, window: ConversationWindow) {
  const shown: (ConversationView | undefined)[] = []
  const { move } = person.engine().watchConversation({ conversation, ...window }, (view) => shown.push(view))
  return { shown, move }
}

function watchList(person: Person) {
  const shown: (readonly ConversationSummary[])[] = []
  person.engine().watchConversations((views) => shown.push(views))
  return shown
}

/** As somebody sees it who looks at it for the first time. */
const lookAnew = (stage: Stage, person: Person, conversation: ConversationId, window: ConversationWindow) =>
  stage.done(
    new Promise<ConversationView | undefined>((resolve) => {
      const watch = person.engine().watchConversation({ conversation, ...window }, (view) => {
        watch.stop()
        resolve(view)
      })
    }),
  )

const isIn =
  <T>(all: readonly T[] | undefined) =>
  (one: T): boolean =>
    all?.includes(one) === true

test('a message adds one row to a window and takes one away, and the others are the same objects', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  for (const text of ['one', 'two', 'three', 'four']) await say(stage, bob, id, text)
  await stage.pass(5_000)
  const { shown } = watchChat(alice, id, lastOnes(3))
  await stage.pass(100)
  const before = shown.at(-1)?.messages
  expect(before).toHaveLength(3)
  await say(stage, bob, id, 'five')
  await stage.pass(5_000)
  const after = shown.at(-1)?.messages
  expect(after?.filter((message) => !isIn(before)(message))).toMatchObject([{ text: 'five' }])
  expect(before?.filter((message) => !isIn(after)(message))).toMatchObject([{ text: 'two' }])
})

test('what happens in one chat touches no watch of another, and one chat of the list', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  const others = [await invite(stage, alice, 'for carol'), await invite(stage, alice, 'for dave')]
  await stage.pass(60_000)
  const [here, there, list] = [
    watchChat(alice, id, lastOnes(10)),
    others.map((other) => watchChat(alice, other.id, lastOnes(10))),
    watchList(alice),
  ]
  await stage.pass(100)
  const [shownHere, before] = [here.shown.length, list.at(-1)]
  expect(there.map(({ shown }) => shown.length)).toEqual([1, 1])
  await say(stage, bob, id, 'news')
  await stage.pass(5_000)
  expect(here.shown.length).toBeGreaterThan(shownHere)
  expect(there.map(({ shown }) => shown.length)).toEqual([1, 1])
  expect(list.at(-1)?.filter((chat) => !isIn(before)(chat))).toMatchObject([{ id, last: { text: 'news' } }])
  expect(list.at(-1)?.[0]?.id).toBe(id)
})

test('a device that catches up is shown what it missed, not each step on the way', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  alice.crash()
  for (let at = 0; at < 300; at += 1) {
    await say(stage, bob, id, `missed ${at}`)
    await stage.pass(200)
  }
  await stage.pass(10_000)
  await stage.done(alice.start())
  const { shown } = watchChat(alice, id, lastOnes(20))
  await stage.pass(MINUTE_MS)
  expect(new Set(shown.map((seen) => seen?.messages.at(-1)?.id)).size, 'the end before and the end after').toBe(2)
  expect(shown.at(-1)?.messages).toEqual((await lookAnew(stage, alice, id, lastOnes(20)))?.messages)
  expect(shown.at(-1)?.messages.at(-1)).toMatchObject({ text: 'missed 299' })
})

test('a window that is not at the end stays where it is while much comes in, and says that there is more', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  for (const text of ['one', 'two', 'three']) await say(stage, bob, id, text)
  await stage.pass(5_000)
  const { shown, move } = watchChat(alice, id, lastOnes(2))
  await stage.pass(100)
  const [first] = shown.at(-1)?.messages ?? []
  if (first === undefined) throw new Error('nothing is shown')
  const anchor = { kind: 'entry', entry: first.id } as const
  move({ anchor, before: 1, after: 2 })
  await stage.pass(100)
  const texts = () => shown.at(-1)?.messages.map((message) => (message.kind === 'text' ? message.text : message.kind))
  expect([texts(), shown.at(-1)]).toMatchObject([['one', 'two', 'three'], { anchor, hasOlder: true, hasNewer: false }])
  for (const text of ['four', 'five', 'six']) await say(stage, bob, id, text)
  await stage.pass(5_000)
  expect([texts(), shown.at(-1)]).toMatchObject([['one', 'two', 'three'], { hasNewer: true }])
  move({ anchor: { kind: 'time', time: 0 }, before: 0, after: 2 })
  await stage.pass(100)
  expect(shown.at(-1)).toMatchObject({ hasOlder: false, hasNewer: true, messages: [{ event: 'created' }, { text: 'welcome' }] })
})

test.each([1, 2, 3])('what a watch has been shown last is what a new one is shown, whatever happened (%d)', async (seed) => {
  const stage = createStage(seed % 2 === 0 ? 'direct' : 'mailbox', seed)
  const luck = createSeeded(seed)
  const { alice, bob, id } = await meet(stage)
  let window = lastOnes(4)
  const { shown, move } = watchChat(alice, id, window)
  await stage.pass(100)
  const anchors = (): readonly ConversationWindow['anchor'][] => [
    { kind: 'end' },
    { kind: 'time', time: stage.scheduler.now() - luck.whole(0, 200_000) },
    ...(shown.at(-1)?.messages ?? []).map((message) => ({ kind: 'entry', entry: message.id }) as const),
  ]
  const deeds: readonly ((at: number) => Promise<unknown>)[] = [
    (at) => say(stage, alice, id, `alice ${at}`),
    (at) => say(stage, bob, id, `bob ${at}`),
    () => stage.done(alice.engine().markRead({ conversation: id })),
    () => stage.done(bob.engine().markRead({ conversation: id })),
    (at) => stage.done(alice.engine().saveDraft({ conversation: id, text: `half ${at}`, ref: `draft ${at}` })),
    (at) => stage.done(alice.engine().setTitle({ conversation: id, title: `title ${at}` })),
    (at) => stage.done(bob.engine().setName({ name: `bob ${at}` })),
    () => stage.done(alice.engine().setSettings({ settings: { readReceipts: luck.chance(0.5) } })),
    () => {
      const all = anchors()
      window = { anchor: all[luck.whole(0, all.length - 1)] ?? { kind: 'end' }, before: luck.whole(0, 5), after: luck.whole(0, 5) }
      move(window)
      return Promise.resolve()
    },
  ]
  for (let at = 0; at < 40; at += 1) {
    await deeds[luck.whole(0, deeds.length - 1)]?.(at)
    await stage.pass(luck.whole(50, 20_000))
    const { unreadFrom: _, ...anew } = (await lookAnew(stage, alice, id, window)) ?? { unreadFrom: undefined }
    expect(shown.at(-1)).toMatchObject(anew)
  }
})
