// Processes that die at every moment, disks that refuse, refs that repeat, and a backup that is restored.

import { expect, test } from 'vitest'
import { StoreError } from '../../src/ports.ts'
import { createStage, meet, messages, revive, say, texts, ticks } from './stage.ts'

// A moment is a commit asked for or done, a request, a frame or an event: all that lies between two of them happens at once.
const MOMENTS = 26

test.each(['mailbox', 'direct'] as const)(
  'killed at every moment of sending (%s): each message is there once, on both sides',
  async (how) => {
    const stage = createStage(how)
    const { alice, bob, id } = await meet(stage)
    await stage.pass(10_000)
    const said: string[] = []
    for (let moment = 1; moment <= MOMENTS; moment++) {
      bob.crashAt(moment)
      said.push(`bob ${moment}`)
      bob.say(id, `bob ${moment}`)
      await stage.pass(4_000)
      if (!bob.isUp()) await revive(stage, bob)
      bob.crashAt(Infinity)
    }
    await stage.pass(20_000)
    expect(bob.waiting()).toBe(0)
    expect(await texts(stage, alice, id)).toEqual(['welcome', 'hello', ...said])
    expect(await texts(stage, bob, id)).toEqual(['welcome', 'hello', ...said])
  },
)

test.each(['mailbox', 'direct'] as const)(
  'killed at every moment of receiving (%s): each message is there once, and no tick was too early',
  async (how) => {
    const stage = createStage(how)
    const { alice, bob, id } = await meet(stage)
    await stage.pass(10_000)
    const said: string[] = []
    for (let moment = 1; moment <= MOMENTS; moment++) {
      alice.crashAt(moment)
      said.push(`bob ${moment}`)
      await say(stage, bob, id, `bob ${moment}`)
      for (let at = 0; at < 20; at++) {
        await stage.pass(100)
        const delivered = (await messages(stage, bob, id)).filter(({ mine, state }) => mine && (state === 'delivered' || state === 'read'))
        for (const message of delivered) expect(alice.hasOnDisk(message.id)).toBe(true)
      }
      if (!alice.isUp()) await revive(stage, alice)
      alice.crashAt(Infinity)
    }
    await stage.pass(20_000)
    expect(await texts(stage, alice, id)).toEqual(['welcome', 'hello', ...said])
    expect(Object.values(await ticks(stage, bob, id)).every((tick) => tick === 'delivered')).toBe(true)
  },
)

test('the maker of an invite is killed at every moment of letting somebody in', async () => {
  for (let moment = 1; moment <= MOMENTS; moment += 2) {
    const stage = createStage('mailbox', moment)
    const [alice, bob] = [await stage.enter('alice'), await stage.enter('bob')]
    const made = await stage.done(alice.engine().createConversation({ text: 'welcome', ref: 'w' }))
    if (made.kind !== 'created') throw new Error(made.reason)
    await stage.pass(3_000)
    const link = (await stage.done(alice.look(made.conversation)))?.invite?.link ?? ''
    await stage.done(bob.engine().openInvite({ link }))
    alice.crashAt(moment)
    await say(stage, bob, made.conversation, 'hello')
    await stage.pass(3_000)
    if (!alice.isUp()) await revive(stage, alice)
    await stage.pass(10_000)
    expect(await texts(stage, alice, made.conversation)).toEqual(['welcome', 'hello'])
    expect(await ticks(stage, bob, made.conversation)).toEqual({ hello: 'delivered' })
  }
})

test('one ref acts once: at the same time, one after the other, and after a restart', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  const once = { conversation: id, text: 'once', ref: 'the same' }
  const [first, second] = await stage.done(Promise.all([bob.engine().send(once), bob.engine().send(once)]))
  const third = await stage.done(bob.engine().send(once))
  bob.crash()
  await revive(stage, bob)
  const fourth = await stage.done(bob.engine().send({ ...once, text: 'another text, but the same ref' }))
  expect([second, third]).toEqual([first, first])
  expect(fourth).toEqual({ kind: 'refused', reason: 'ref-used' })
  await stage.pass(5_000)
  expect(await texts(stage, alice, id)).toEqual(['welcome', 'hello', 'once'])
})

test('a disk that refuses ends the engine before anything was claimed, and the text can be sent again', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  bob.refuse = () => new StoreError('failed', 'the disk is broken')
  await expect(stage.done(bob.engine().send({ conversation: id, text: 'too much', ref: 'q' }))).rejects.toThrow('the disk is broken')
  expect(bob.isUp()).toBe(false)
  bob.refuse = undefined
  await revive(stage, bob)
  expect(await texts(stage, bob, id)).toEqual(['welcome', 'hello'])
  await stage.done(bob.engine().send({ conversation: id, text: 'too much', ref: 'q' }))
  await stage.pass(5_000)
  expect(await texts(stage, alice, id)).toEqual(['welcome', 'hello', 'too much'])
})

test('a restored backup that hears before it writes has one history, and an answer to what it lost reaches it', async () => {
  const stage = createStage('direct')
  const { alice, bob, id } = await meet(stage)
  await say(stage, alice, id, 'glad you came')
  await stage.pass(10_000)
  const backup = bob.disk()
  await say(stage, bob, id, 'after the backup')
  await stage.pass(5_000)
  await say(stage, alice, id, 'my answer to that')
  await stage.pass(5_000)
  bob.restore(backup)
  await revive(stage, bob)
  await stage.pass(10_000)
  expect(await texts(stage, bob, id)).toEqual(['welcome', 'hello', 'glad you came', 'after the backup', 'my answer to that'])
  await say(stage, bob, id, 'from the restored one')
  await stage.pass(10_000)
  const seen = await messages(stage, alice, id)
  expect(seen.map(({ text }) => text)).toEqual([
    'welcome',
    'hello',
    'glad you came',
    'after the backup',
    'my answer to that',
    'from the restored one',
  ])
  expect(seen.some(({ conflict }) => conflict)).toBe(false)
})

test('an engine that was closed writes nothing any more, and what it had not kept it has not promised', async () => {
  const stage = createStage()
  const { bob, id } = await meet(stage)
  const sending = Array.from({ length: 5 }, (_, at) => bob.engine().send({ conversation: id, text: `late ${at}`, ref: `late ${at}` }))
  const fates = Promise.allSettled(sending)
  await stage.done(bob.engine().close())
  const rows = bob.disk().tables.get('entries')?.size
  await stage.pass(5_000)
  expect(bob.disk().tables.get('entries')?.size).toBe(rows)
  for (const [at, fate] of (await stage.done(fates)).entries()) {
    if (fate.status === 'fulfilled' && fate.value.kind === 'saved') expect(bob.hasOnDisk(fate.value.message)).toBe(true)
    else expect(fate, `message ${at}`).toMatchObject({ status: 'rejected' })
  }
})
