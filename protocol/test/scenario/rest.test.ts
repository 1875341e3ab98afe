// Chats that nobody looks at and in which nothing happens: a summary in memory, and what wakes them.

import { describe, expect, test } from 'vitest'
import { loadOrCreate } from '../../src/host/records/index.ts'
import { createMemoryStore } from '../contract/memory-store.ts'
import { nodeOn } from '../simulation/disk.ts'
import { tracesOf } from '../simulation/removals.ts'
import { createStage, meet, MINUTE_MS, open, revive, say, texts, ticks, view } from './stage.ts'
import { toUnixMs } from '../../src/bytes/ids.ts'
import { createSeeded } from '../simulation/seeded.ts'
import type { ConversationId } from '../../src/bytes/ids.ts'
import type { ConversationSummary } from '../../src/views.ts'
import type { NodeState } from '../../src/node/state.ts'
import type { StoreRange } from '../../src/ports.ts'
import type { Person } from '../simulation/person.ts'
import type { Stage } from './stage.ts'

const env = { now: toUnixMs(1_900_000_000_000), random: createSeeded(1).bytes }

/** What an engine knows that starts from this disk. `reads`: what it reads for that. */
function startOf(person: Person, reads: StoreRange[] = []): Promise<NodeState> {
  const store = createMemoryStore({ image: person.disk() })
  const watched = { ...store, read: (range: StoreRange) => (reads.push(range), store.read(range)) }
  return loadOrCreate(watched, env, () => Promise.reject(new Error('nothing is older')))
}

const isAtRest = async (person: Person, id: ConversationId): Promise<boolean> => (await startOf(person)).conversations.isAsleep(id)

const listed = (stage: Stage, person: Person): Promise<readonly ConversationSummary[]> =>
  stage.done(
    new Promise((resolve) => {
      const stop = person.engine().watchConversations((views) => {
        resolve(views)
        void Promise.resolve().then(() => stop())
      })
    }),
  )

/** Both have nothing to do with each other any more. */
async function resting(how: 'mailbox' | 'direct' = 'mailbox') {
  const stage = createStage(how)
  const met = await meet(stage)
  await say(stage, met.alice, met.id, 'good night')
  await stage.pass(5_000)
  stage.network.direct.faults = { dials: 0, linkBreaks: 0 }
  stage.network.direct.cut()
  await stage.pass(5 * MINUTE_MS)
  return { stage, ...met }
}

describe('a chat in which nothing is due', () => {
  test('goes to rest with its contact, and a start reads nothing of it but its summary', async () => {
    const { stage, alice, bob, id } = await resting()
    for (const person of [alice, bob]) {
      const reads: StoreRange[] = []
      const state = await startOf(person, reads)
      expect(reads.filter(({ table }) => table !== 'state')).toEqual([])
      expect(state.conversations.isAsleep(id)).toBe(true)
      expect(state.peers.awake.size).toBe(0)
      expect(state.peers.size).toBe(1)
      const before = await listed(stage, person)
      person.crash()
      await stage.done(person.start())
      expect(await listed(stage, person)).toEqual(before)
    }
  })

  test('has the same directory as one that is awake', async () => {
    const { alice, bob } = await resting()
    for (const person of [alice, bob]) {
      const [asleep, awake] = [await startOf(person), nodeOn(person.disk())]
      for (const name of ['inboxes', 'invites', 'outboxes', 'answers', 'shared'] as const)
        expect([...asleep.directory[name]]).toEqual([...awake.directory[name]])
    }
  })

  test('wakes for whoever looks, and shows what it showed', async () => {
    const { stage, alice, id } = await resting()
    expect(await texts(stage, alice, id)).toEqual(['welcome', 'hello', 'good night'])
    expect(await ticks(stage, alice, id)).toEqual({ welcome: 'delivered', 'good night': 'delivered' })
    expect(await isAtRest(alice, id)).toBe(true)
  })

  test('wakes for what is written, on both sides, and rests again', async () => {
    const { stage, alice, bob, id } = await resting()
    await say(stage, alice, id, 'good morning')
    expect(await isAtRest(alice, id)).toBe(false)
    await stage.pass(3_000)
    expect(await isAtRest(bob, id)).toBe(false)
    expect(await texts(stage, bob, id)).toEqual(['welcome', 'hello', 'good night', 'good morning'])
    await stage.pass(5 * MINUTE_MS)
    expect(await isAtRest(alice, id)).toBe(true)
    expect(await isAtRest(bob, id)).toBe(true)
    expect((await listed(stage, bob))[0]).toMatchObject({ last: { text: 'good morning', mine: false }, unread: 3 })
  })

  test('wakes after a start as well, for what came meanwhile', async () => {
    const { stage, alice, bob, id } = await resting()
    bob.crash()
    await say(stage, alice, id, 'are you there?')
    await stage.pass(3_000)
    await revive(stage, bob)
    expect(await texts(stage, bob, id)).toEqual(['welcome', 'hello', 'good night', 'are you there?'])
    expect(await ticks(stage, alice, id)).toMatchObject({ 'are you there?': 'delivered' })
  })

  test('tells what was read meanwhile, once that may be told', async () => {
    const { stage, alice, bob, id } = await resting()
    await stage.done(bob.engine().setSettings({ settings: { readReceipts: false } }))
    await stage.done(bob.engine().markRead({ conversation: id }))
    await stage.pass(5 * MINUTE_MS)
    expect(await isAtRest(bob, id)).toBe(true)
    expect(await ticks(stage, alice, id)).toMatchObject({ 'good night': 'delivered' })
    await stage.done(bob.engine().setSettings({ settings: { readReceipts: true } }))
    await stage.pass(MINUTE_MS)
    expect(await ticks(stage, alice, id)).toMatchObject({ 'good night': 'read' })
  })

  test('is awake while a link to its device is up', async () => {
    const { stage, alice, bob, id } = await resting('direct')
    expect(await isAtRest(alice, id)).toBe(true)
    stage.network.direct.faults = { dials: 1, linkBreaks: 0 }
    await stage.pass(2 * MINUTE_MS)
    expect((await view(stage, alice, id)).route).toBe('direct')
    await say(stage, bob, id, 'by a link')
    await stage.pass(1_000)
    expect(await texts(stage, alice, id)).toContain('by a link')
  })

  test('leaves nothing when it is removed: no word of it, no key and no name', async () => {
    const { stage, alice, id } = await resting()
    expect(await isAtRest(alice, id)).toBe(true)
    const [contact] = nodeOn(alice.disk()).peers.values()
    await stage.done(alice.engine().removeConversation({ conversation: id }))
    expect(tracesOf(alice, id)).toEqual([])
    // The key of its mailbox goes when its relay has let go of that.
    await stage.pass(MINUTE_MS)
    const rows = [...(alice.disk().tables.get('state') ?? [])].map(([key, { value }]) => `${key} ${Buffer.from(value).toString('latin1')}`)
    const secrets = [contact?.inbox?.keys.readSeed, contact?.outbox?.sendSeed].map((seed) => Buffer.from(seed ?? []).toString('latin1'))
    for (const text of ['good night', ...secrets]) expect(rows.filter((row) => row.includes(text))).toEqual([])
  })

  test('loses the last line with its message: no page has it any more', async () => {
    const { stage, alice, id } = await resting()
    const has = (text: string): boolean =>
      [...(alice.disk().tables.get('state') ?? [])].some(([, { value }]) => Buffer.from(value).includes(text))
    expect(has('good night')).toBe(true)
    const message = (await view(stage, alice, id)).messages.findLast(({ kind }) => kind === 'text')
    if (message === undefined) throw new Error('no message')
    await stage.done(alice.engine().deleteMessage({ conversation: id, message: message.id }))
    expect(has('good night')).toBe(false)
    await stage.pass(5 * MINUTE_MS)
    expect(await isAtRest(alice, id)).toBe(true)
    expect(has('good night')).toBe(false)
  })

  test('sends again what a relay has lost', async () => {
    const { stage, alice, bob, id } = await resting()
    stage.network.relay.restart(1_000, 'lost')
    await stage.pass(2 * MINUTE_MS)
    await say(stage, alice, id, 'still here')
    await stage.pass(MINUTE_MS)
    expect(await texts(stage, bob, id)).toContain('still here')
  })

  test('is led to by the link that it came from', async () => {
    const { stage, bob, id, link } = await resting()
    expect(await open(stage, bob, link)).toBe(id)
  })
})

test('an invite that somebody may still come by stays awake, as does what has not arrived', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  const made = await stage.done(alice.engine().createConversation({ text: 'anybody?', ref: 'open' }))
  bob.crash()
  await say(stage, alice, id, 'unheard')
  await stage.pass(10 * MINUTE_MS)
  const { conversations } = await startOf(alice)
  expect(made.kind === 'created' && conversations.isAsleep(made.conversation)).toBe(false)
  expect(conversations.isAsleep(id)).toBe(false)
})
