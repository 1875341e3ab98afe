// A ref stands for one command: repeated it acts once, and under it nothing else is ever taken for done.

import { expect, test } from 'vitest'
import { createStage, invite } from './stage.ts'
import type { ConversationId, DraftPlace } from '../../src/index.ts'
import type { Person } from '../simulation/person.ts'
import type { Stage } from './stage.ts'

async function alone(): Promise<{ readonly stage: Stage; readonly alice: Person; readonly id: ConversationId }> {
  const stage = createStage()
  const alice = await stage.enter('alice')
  return { stage, alice, id: (await invite(stage, alice, 'Hello')).id }
}

const textsOf = async (stage: Stage, alice: Person, id: ConversationId) =>
  (await stage.done(alice.look(id)))?.messages.flatMap((message) => (message.kind === 'text' ? [message.text] : []))
const draftOf = async (stage: Stage, alice: Person, id: ConversationId) => (await stage.done(alice.look(id)))?.draft

test('a text that is sent twice under one ref is there once, before and after a restart', async () => {
  const { stage, alice, id } = await alone()
  const send = () => stage.done(alice.engine().send({ conversation: id, text: 'See you at 7', ref: 'one' }))
  const [first, again] = await Promise.all([send(), send()])
  expect(again).toEqual(first)
  alice.crash()
  await stage.done(alice.start())
  expect(await send()).toEqual(first)
  expect(await textsOf(stage, alice, id)).toEqual(['Hello', 'See you at 7'])
})

test('another text under a ref that has acted is refused, and goes out under another ref', async () => {
  const { stage, alice, id } = await alone()
  const send = (text: string, ref: string) => stage.done(alice.engine().send({ conversation: id, text, ref }))
  const both = await Promise.all([send('See you at 7', 'one'), send('See you at 8', 'one')])
  expect(both).toMatchObject([{ kind: 'saved' }, { kind: 'refused', reason: 'ref-used' }])
  expect(await send('See you at 9', 'one')).toEqual({ kind: 'refused', reason: 'ref-used' })
  expect(await send('See you at 9', 'two')).toMatchObject({ kind: 'saved' })
  expect(await textsOf(stage, alice, id)).toEqual(['Hello', 'See you at 7', 'See you at 9'])
})

test('the ref of a text for one chat does not stand for the same text in another', async () => {
  const { stage, alice, id } = await alone()
  const { id: other } = await invite(stage, alice, 'Hello you')
  await stage.done(alice.engine().send({ conversation: id, text: 'Yes', ref: 'one' }))
  expect(await stage.done(alice.engine().send({ conversation: other, text: 'Yes', ref: 'one' }))).toMatchObject({ reason: 'ref-used' })
})

test('a chat that begins with another text under a ref that has begun one is refused', async () => {
  const { stage, alice } = await alone()
  const begin = (text: string) => stage.done(alice.engine().createConversation({ text, ref: 'start' }))
  const first = await begin('Hello')
  expect(await begin('Hello')).toEqual(first)
  expect(await begin('Good morning')).toEqual({ kind: 'refused', reason: 'ref-used' })
})

test('a draft is forgotten with the text that was sent, and what another tab wrote meanwhile stays', async () => {
  const { stage, alice, id } = await alone()
  const save = (text: string, ref: string, conversation: DraftPlace = id) =>
    stage.done(alice.engine().saveDraft({ conversation, text, ref }))
  const send = (text: string, ref: string) => stage.done(alice.engine().send({ conversation: id, text, ref }))
  await save('See you at 7', 'one')
  await save('See you at 7, or 8', 'one')
  await send('See you at 7', 'one')
  expect(await draftOf(stage, alice, id)).toEqual({ text: 'See you at 7, or 8', ref: 'one' })
  expect(await save('See you at 7', 'one')).toEqual({ kind: 'sent' })
  expect(await draftOf(stage, alice, id)).toEqual({ text: 'See you at 7, or 8', ref: 'one' })
})

test('an emptied field takes away its own draft only', async () => {
  const { stage, alice, id } = await alone()
  const save = (text: string, ref: string) => stage.done(alice.engine().saveDraft({ conversation: id, text, ref }))
  await save('See you at 7', 'one')
  await save('', 'two')
  expect(await draftOf(stage, alice, id)).toEqual({ text: 'See you at 7', ref: 'one' })
  await save('', 'one')
  expect(await draftOf(stage, alice, id)).toBeUndefined()
})
