// Shared documents between crashes, full disks and contacts who mean no good: a title is never worth a conversation.

import { expect, test } from 'vitest'
import { createStage, meet, revive, say, texts, view } from './stage.ts'
import type { Person } from '../simulation/person.ts'

const TITLES = ['one', 'two', 'three', 'four', 'five', 'six']

/** Dies when a document's update is about to be durable, so that it is not applied any more. */
function dieWithUpdates(person: Person): void {
  person.refuse = (writes) => {
    if (writes.some((write) => write.kind === 'put' && write.key.startsWith('document/'))) queueMicrotask(person.crash)
    return undefined
  }
}

const waitingRows = (person: Person): readonly string[] =>
  [...(person.disk().tables.get('state')?.keys() ?? [])].filter((key) => key.startsWith('document/'))

test('killed between the commit of six titles and their application, a device starts again and shows the last of them', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  stage.network.setOnline(bob.device(), 'offline')
  for (const title of TITLES) await stage.done(bob.engine().setTitle({ conversation: id, title }))
  dieWithUpdates(alice)
  stage.network.setOnline(bob.device(), 'online')
  await stage.pass(20_000)
  expect(alice.isUp()).toBe(false)
  expect(waitingRows(alice)).toHaveLength(TITLES.length)
  alice.refuse = undefined
  await revive(stage, alice)
  expect((await view(stage, alice, id)).title).toBe('six')
  await stage.pass(5_000)
  expect(waitingRows(alice)).toEqual([])
  await stage.done(bob.engine().setTitle({ conversation: id, title: 'seven' }))
  await stage.pass(5_000)
  expect((await view(stage, alice, id)).title).toBe('seven')
})

test('a row that no document can be built from is set aside, and nothing else is lost', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  const disk = alice.disk()
  const state = new Map(disk.tables.get('state')).set(`document/${id}/0`, { value: Uint8Array.of(1, 200, 200, 200), key: undefined })
  alice.restore({ ...disk, tables: new Map(disk.tables).set('state', state) })
  await revive(stage, alice)
  await say(stage, bob, id, 'are you there?')
  await stage.done(bob.engine().setTitle({ conversation: id, title: 'Garden' }))
  await stage.pass(5_000)
  expect(await texts(stage, alice, id)).toEqual(['welcome', 'hello', 'are you there?'])
  expect((await view(stage, alice, id)).title).toBe('Garden')
  expect(alice.lines.some((line) => line.includes('a document goes on without 1 of its updates'))).toBe(true)
})

test('who gave a title gives another one after a restart, and everybody sees it', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  await stage.done(alice.engine().setTitle({ conversation: id, title: 'first' }))
  await stage.pass(5_000)
  alice.crash()
  await revive(stage, alice)
  await stage.done(alice.engine().setTitle({ conversation: id, title: 'second' }))
  await stage.pass(5_000)
  for (const person of [alice, bob]) expect((await view(stage, person, id)).title).toBe('second')
})
