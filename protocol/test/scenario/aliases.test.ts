// A conversation's name for the addresses of one device.

import { expect, test } from 'vitest'
import { createStage, revive, say, view } from './stage.ts'

test('a conversation has one alias in every answer and after a restart, and another on the other side', async () => {
  const stage = createStage()
  const [alice, bob] = [await stage.enter('alice'), await stage.enter('bob')]
  const made = await stage.done(alice.engine().createConversation({ text: 'welcome', ref: 'w' }))
  expect(await stage.done(alice.engine().createConversation({ text: 'welcome', ref: 'w' }))).toEqual(made)
  if (made.kind !== 'created') throw new Error(made.reason)
  await stage.pass(3_000)
  const link = (await view(stage, alice, made.conversation)).invite?.link
  if (link === undefined) throw new Error('no link')
  const opened = await stage.done(bob.engine().openInvite({ link }))
  expect(await stage.done(bob.engine().openInvite({ link }))).toEqual(opened)
  if (opened.kind !== 'opened') throw new Error(opened.reason)
  await say(stage, bob, opened.conversation, 'hello')
  await stage.pass(5_000)

  const aliasFor = async (person: typeof alice) => (await view(stage, person, made.conversation)).summary.alias
  expect(await aliasFor(alice)).toBe(made.alias)
  expect(await aliasFor(bob)).toBe(opened.alias)
  expect(opened.alias).not.toBe(made.alias)
  alice.crash()
  await revive(stage, alice)
  expect(await aliasFor(alice)).toBe(made.alias)
})
