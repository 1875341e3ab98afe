// What a page is shown of many chats before it watches all of them.

import { expect, test } from 'vitest'
import { FIRST_CHATS_MAX } from '../../src/limits.ts'
import { createStage } from './stage.ts'
import type { ConversationSummary } from '../../src/views.ts'
import type { Person } from '../simulation/person.ts'
import type { Stage } from './stage.ts'

const all = (stage: Stage, person: Person): Promise<readonly ConversationSummary[]> =>
  stage.done(new Promise((resolve) => void person.engine().watchConversations(resolve)))

test('the beginning of the list comes first, as it is in the whole, with the chat that an address names', async () => {
  const stage = createStage()
  const alice = await stage.enter('alice')
  const made: ConversationSummary['id'][] = []
  for (let count = 0; count < FIRST_CHATS_MAX + 4; count += 1) {
    const chat = await stage.done(alice.engine().createConversation({ text: `chat ${count}`, ref: `chat ${count}` }))
    if (chat.kind !== 'created') throw new Error(chat.reason)
    made.push(chat.conversation)
    await stage.pass(10)
  }
  const [oldest, newest] = [made[0], made.at(-1)]
  if (oldest === undefined || newest === undefined) throw new Error('no chats')
  await stage.done(alice.engine().setChatFlags({ conversation: oldest, isPinned: true }))
  await stage.done(alice.engine().setChatFlags({ conversation: newest, isArchived: true }))

  // Until what is said of each is said for good.
  await stage.pass(60_000)
  const whole = await all(stage, alice)
  expect([whole[0]?.id, whole.at(-1)?.id]).toEqual([oldest, newest])
  const first = await stage.done(alice.engine().readFirstChats({ alias: undefined }))
  expect(first).toEqual({ chats: whole.slice(0, FIRST_CHATS_MAX), isWhole: false })
  for (const named of [newest, oldest]) {
    const alias = whole.find(({ id }) => id === named)?.alias
    const { chats } = await stage.done(alice.engine().readFirstChats({ alias }))
    expect(chats).toEqual(whole.filter(({ id }, at) => at < FIRST_CHATS_MAX || id === named))
  }
  expect(await stage.done(alice.engine().readFirstChats({ alias: 'AAAAAAAAAAA' }))).toEqual(first)
})

test('few chats are all there are', async () => {
  const stage = createStage()
  const alice = await stage.enter('alice')
  expect(await stage.done(alice.engine().readFirstChats({ alias: undefined }))).toEqual({ chats: [], isWhole: true })
  await stage.done(alice.engine().createConversation({ text: 'one', ref: 'one' }))
  await stage.pass(60_000)
  const whole = await all(stage, alice)
  expect(await stage.done(alice.engine().readFirstChats({ alias: undefined }))).toEqual({ chats: whole, isWhole: true })
})
