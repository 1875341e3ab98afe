// Erasing the messages of a chat from one device: the chat stays, and the other one keeps theirs.

import { expect, test } from 'vitest'
import { utf8ToBytes } from '../../src/bytes/bytes.ts'
import { ROWS_PER_READ_MAX } from '../../src/limits.ts'
import { createStage, meet, revive, say, texts, view } from './stage.ts'
import type { Person } from '../simulation/person.ts'

/** The tables in which these words still stand. */
function placesOf(person: Person, words: string): readonly string[] {
  const wanted = Buffer.from(utf8ToBytes(words))
  return [...person.disk().tables].flatMap(([table, rows]) =>
    [...rows.values()].some((row) => Buffer.from(row.value).includes(wanted)) ? [table] : [],
  )
}

test('takes every word of a chat, with its star, its draft and its edits, and nothing else', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  await say(stage, alice, id, 'the code is heliotrope')
  await say(stage, bob, id, 'thank you for heliotrope')
  await stage.pass(20_000)
  const message = (await view(stage, alice, id)).messages.at(-1)
  if (message === undefined) throw new Error('no message')
  await stage.done(alice.engine().star({ conversation: id, message: message.id, isSet: true }))
  const own = (await view(stage, alice, id)).messages.find((one) => one.kind === 'text' && one.mine && one.text.includes('code'))
  await stage.done(alice.engine().edit({ conversation: id, message: own?.id ?? message.id, text: 'the word is heliotrope' }))
  await stage.done(alice.engine().saveDraft({ conversation: id, text: 'half of heliotrope', ref: 'd' }))
  await stage.pass(20_000)
  expect(placesOf(alice, 'heliotrope')).not.toEqual([])
  await stage.done(alice.engine().clearHistory({ conversation: id }))
  await stage.pass(20_000)
  expect(await texts(stage, alice, id)).toEqual([])
  expect(placesOf(alice, 'heliotrope')).toEqual([])
  expect(await view(stage, alice, id)).toMatchObject({ draft: undefined, summary: { last: undefined, unread: 0 } })
  expect((await stage.done(alice.engine().readStars({ limit: 10 }))).stars).toEqual([])
  expect(await texts(stage, bob, id)).toContain('the word is heliotrope')
  // It does not come back, and what is written from now on does come.
  alice.crash()
  await revive(stage, alice)
  await say(stage, bob, id, 'and what now?')
  await stage.pass(20_000)
  expect(await texts(stage, alice, id)).toEqual(['and what now?'])
})

test('takes more than one page of rows', async () => {
  const stage = createStage()
  const { alice, id } = await meet(stage)
  for (let at = 0; at <= ROWS_PER_READ_MAX; at += 1) void alice.engine().send({ conversation: id, text: `line ${at}`, ref: `line ${at}` })
  await stage.pass(20_000)
  expect((await texts(stage, alice, id)).length).toBeGreaterThan(10)
  await stage.done(alice.engine().clearHistory({ conversation: id }))
  expect(await texts(stage, alice, id)).toEqual([])
})

test('takes the lines of messages that were deleted for everyone as well', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  for (const person of [alice, bob]) {
    await say(stage, person, id, 'a word too many')
    await stage.pass(20_000)
    const own = (await view(stage, person, id)).messages.find((one) => one.kind === 'text' && one.mine)
    if (own === undefined) throw new Error('no message')
    await stage.done(person.engine().deleteMessage({ conversation: id, message: own.id }))
  }
  await stage.pass(20_000)
  const deleted = async () => (await view(stage, alice, id)).messages.filter(({ kind }) => kind === 'deleted')
  expect(await deleted()).toHaveLength(2)
  await stage.done(alice.engine().clearHistory({ conversation: id }))
  expect(await deleted()).toEqual([])
  alice.crash()
  await revive(stage, alice)
  await stage.pass(20_000)
  expect(await deleted()).toEqual([])
})
