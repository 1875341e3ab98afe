// Where what is new begins: for as long as somebody looks at a chat, wherever they look at first.

import { expect, test } from 'vitest'
import { createStage, meet, messages, say } from './stage.ts'
import type { EntryId } from '../../src/bytes/ids.ts'
import type { ConversationView } from '../../src/views.ts'

async function chat() {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  for (let at = 0; at < 12; at += 1) await say(stage, bob, id, `old ${at}`)
  await stage.pass(10_000)
  await stage.done(alice.engine().markRead({ conversation: id }))
  const found = (await messages(stage, alice, id)).find(({ text }) => text === 'old 1')?.id
  for (const text of ['new 0', 'new 1', 'new 2']) await say(stage, bob, id, text)
  await stage.pass(10_000)
  const idOf = async (text: string): Promise<EntryId | undefined> => (await messages(stage, alice, id)).find((one) => one.text === text)?.id
  if (found === undefined) throw new Error('no message')
  let shown: ConversationView | undefined
  const look = (anchor: ConversationView['anchor'], before: number, after: number) =>
    alice.engine().watchConversation({ conversation: id, anchor, before, after }, (view) => (shown = view))
  return { stage, bob, id, found, idOf, look, shown: () => shown }
}

test('is known once it comes into view, though somebody came by a message far above it', async () => {
  const { stage, found, idOf, look, shown } = await chat()
  const watch = look({ kind: 'entry', entry: found }, 2, 3)
  await stage.pass(500)
  expect(shown()?.messages.some((one) => one.id === found)).toBe(true)
  expect(shown()?.unreadFrom).toBeUndefined()
  watch.move({ anchor: { kind: 'end' }, before: 6, after: 0 })
  await stage.pass(500)
  expect(shown()?.unreadFrom).toBe(await idOf('new 0'))
  watch.stop()
})

test('is not what a window happens to begin with, and stays when it was read', async () => {
  const { stage, idOf, look, shown } = await chat()
  const watch = look({ kind: 'end' }, 2, 0)
  await stage.pass(500)
  expect(shown()?.unreadFrom).toBeUndefined()
  watch.move({ anchor: { kind: 'end' }, before: 8, after: 0 })
  await stage.pass(500)
  const first = await idOf('new 0')
  expect(shown()?.unreadFrom).toBe(first)
  watch.stop()
})

test('is not moved by what comes while somebody looks', async () => {
  const { stage, bob, id, look, shown } = await chat()
  const watch = look({ kind: 'end' }, 30, 0)
  await stage.pass(500)
  const before = shown()?.unreadFrom
  expect(before).toBeDefined()
  await say(stage, bob, id, 'just now')
  await stage.pass(10_000)
  expect(shown()?.unreadFrom).toBe(before)
  watch.stop()
})
