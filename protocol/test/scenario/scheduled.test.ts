// Messages with a date (docs/protocol.md §5.16): written now, read then, whoever is away; and what somebody may try with one.

import { describe, expect, test, vi } from 'vitest'
import { entryIdOf } from '../../src/bytes/ids.ts'
import {
  LIST_MS_MAX,
  SCHEDULED_KEY_MS_MAX,
  SCHEDULED_KEYS_KEPT_MAX,
  SCHEDULED_MS_MAX,
  SCHEDULED_PER_CHAT_MAX,
  SCHEDULED_TOLD_MS_MAX,
} from '../../src/limits.ts'
import { sealBlob } from '../../src/mailbox/blob.ts'
import { mineIn } from '../../src/node/rows/scheduled-mine.ts'
import { peerOn } from '../simulation/disk.ts'
import { accountOf, group, three } from './group-stage.ts'
import { createStage, DAY_MS, meet, messages, MINUTE_MS, revive, say, texts, ticks, view } from './stage.ts'
import type { ConversationId, EntryId } from '../../src/bytes/ids.ts'
import type { StoreRow } from '../../src/ports.ts'
import type { Person } from '../simulation/person.ts'
import type { Stage } from './stage.ts'

const HOUR_MS = 60 * MINUTE_MS

async function plan(stage: Stage, person: Person, conversation: ConversationId, text: string, { inMs = HOUR_MS, ttl = 0 } = {}) {
  const due = stage.scheduler.now() + inMs
  const outcome = await stage.done(person.engine().schedule({ conversation, text, due, ref: `plan ${text}`, ...(ttl > 0 ? { ttl } : {}) }))
  if (outcome.kind !== 'saved') throw new Error(outcome.reason)
  await stage.pass(5_000)
  return { due, message: outcome.message }
}

const planned = (stage: Stage, person: Person, conversation: ConversationId) => stage.done(person.engine().readScheduled({ conversation }))

const rowsOf = (person: Person, prefix: string): readonly StoreRow[] =>
  [...(person.disk().tables.get('state') ?? [])].flatMap(([key, { value }]) => (key.startsWith(prefix) ? [{ key, value }] : []))

const unread = async (stage: Stage, person: Person, id: ConversationId) => (await view(stage, person, id)).summary.unread

async function read(stage: Stage, person: Person, conversation: ConversationId) {
  await stage.done(person.engine().markRead({ conversation }))
  await stage.pass(3_000)
}

describe.each(['mailbox', 'direct'] as const)('a message with a date (%s)', (how) => {
  test('leaves at its date while its writer is away, as one message that is new then', async () => {
    const stage = createStage(how)
    const { alice, bob, id } = await meet(stage)
    const { due } = await plan(stage, bob, id, 'happy birthday')
    expect(await planned(stage, bob, id)).toMatchObject([{ text: 'happy birthday', due, left: true }])
    bob.crash()
    await say(stage, alice, id, 'meanwhile')
    await read(stage, alice, id)
    await stage.pass(HOUR_MS - MINUTE_MS)
    expect(await texts(stage, alice, id)).toEqual(['welcome', 'hello', 'meanwhile'])
    expect(await unread(stage, alice, id)).toBe(0)
    await stage.pass(2 * MINUTE_MS)
    expect(await texts(stage, alice, id)).toEqual(['welcome', 'hello', 'meanwhile', 'happy birthday'])
    expect(await unread(stage, alice, id), 'although all entries up to there were read').toBe(1)
    const [shown] = (await messages(stage, alice, id)).slice(-1)
    expect(shown).toMatchObject({ time: due, mine: false })
    expect((await view(stage, alice, id)).summary.last).toMatchObject({ text: 'happy birthday' })
    await read(stage, alice, id)
    expect(await unread(stage, alice, id)).toBe(0)

    const reacted = await stage.done(alice.engine().react({ conversation: id, message: shown?.id as EntryId, emoji: '🎉', isSet: true }))
    expect(reacted).toEqual({ kind: 'saved' })
    await revive(stage, bob)
    await stage.pass(MINUTE_MS)
    for (const person of [alice, bob])
      expect(await texts(stage, person, id), 'once, in one order').toEqual(['welcome', 'hello', 'meanwhile', 'happy birthday'])
    expect((await messages(stage, bob, id)).at(-1)).toMatchObject({ reactions: [{ emoji: '🎉', count: 1 }] })
    expect(await planned(stage, bob, id)).toEqual([])
    // Alice has nothing new to look at, and has read it all the same.
    expect((await ticks(stage, bob, id))['happy birthday']).toBe('read')
  })

  test('leaves at its date when its writer is there, and goes on in the feed', async () => {
    const stage = createStage(how)
    const { alice, bob, id } = await meet(stage)
    await plan(stage, bob, id, 'later')
    await say(stage, bob, id, 'now')
    await stage.pass(2 * HOUR_MS)
    await say(stage, bob, id, 'after')
    await stage.pass(MINUTE_MS)
    for (const person of [alice, bob]) expect(await texts(stage, person, id)).toEqual(['welcome', 'hello', 'now', 'later', 'after'])
    expect(await ticks(stage, bob, id)).toMatchObject({ now: 'delivered', later: 'delivered', after: 'delivered' })
  })

  test('reaches whoever was away at its date, and whoever was away since before it was written', async () => {
    const stage = createStage(how)
    const { alice, bob, id } = await meet(stage)
    alice.crash()
    await plan(stage, bob, id, 'for when you are back')
    bob.crash()
    await stage.pass(2 * HOUR_MS)
    await revive(stage, alice)
    await stage.pass(MINUTE_MS)
    expect(await texts(stage, alice, id)).toEqual(['welcome', 'hello', 'for when you are back'])
    await stage.pass(DAY_MS)
    await revive(stage, bob)
    await stage.pass(MINUTE_MS)
    expect(await texts(stage, bob, id)).toEqual(['welcome', 'hello', 'for when you are back'])
  })
})

test('its ticks are none before its key is with the other, although the shut entry was read', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  await plan(stage, bob, id, 'later')
  await read(stage, alice, id)
  alice.crash()
  await stage.pass(2 * HOUR_MS)
  expect((await ticks(stage, bob, id))['later']).toBe('relay')
  await revive(stage, alice)
  await stage.pass(MINUTE_MS)
  expect((await ticks(stage, bob, id))['later']).toBe('delivered')
})

test('taken back before its date it is never shown, and the relay has forgotten it', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  const { message } = await plan(stage, bob, id, 'rather not')
  expect(await stage.done(bob.engine().unschedule({ conversation: id, message }))).toEqual({ kind: 'saved' })
  expect(await stage.done(bob.engine().unschedule({ conversation: id, message }))).toMatchObject({ reason: 'unknown-message' })
  await stage.pass(MINUTE_MS)
  let pushed = 0
  stage.network.relay.tamper = (push) => ((pushed += 1), [push])
  bob.crash()
  await stage.pass(2 * HOUR_MS)
  expect(pushed).toBe(0)
  expect(await texts(stage, alice, id)).toEqual(['welcome', 'hello'])
  expect((await view(stage, alice, id)).messages.filter(({ kind }) => kind === 'deleted')).toEqual([])
})

test('taken back while no relay is there, it is taken back when one is', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  const { message } = await plan(stage, bob, id, 'rather not')
  stage.network.relay.restart(10 * MINUTE_MS, 'kept')
  await stage.pass(1_000)
  expect(await stage.done(bob.engine().unschedule({ conversation: id, message }))).toEqual({ kind: 'saved' })
  await stage.pass(20 * MINUTE_MS)
  bob.crash()
  await stage.pass(2 * HOUR_MS)
  expect(await texts(stage, alice, id)).toEqual(['welcome', 'hello'])
})

test.each(['there', 'away'] as const)('with a chat that is removed it is taken back, with the relay %s at that moment', async (relay) => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  await plan(stage, bob, id, 'rather not')
  if (relay === 'away') {
    stage.network.relay.restart(10 * MINUTE_MS, 'kept')
    await stage.pass(1_000)
  }
  await stage.done(bob.engine().removeConversation({ conversation: id }))
  await stage.pass(relay === 'away' ? 20 * MINUTE_MS : 10_000)
  expect(rowsOf(bob, 'scheduled/')).toEqual([])
  bob.crash()
  await stage.pass(2 * HOUR_MS)
  expect(await texts(stage, alice, id)).toEqual(['welcome', 'hello'])
})

test('what a relay is given is noted before, so that it can be taken back after a crash', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  let isGiven = false
  // The relay does it, and its word is not noted.
  stage.network.relay.refuse = (request) => {
    if (request.kind === 'hold' && request.at > 0 && !isGiven) {
      isGiven = true
      bob.crashAt(1)
    }
    return undefined
  }
  const due = stage.scheduler.now() + HOUR_MS
  void bob.engine().schedule({ conversation: id, text: 'rather not', due, ref: 'plan' })
  await stage.pass(10_000)
  expect([isGiven, bob.isUp()]).toEqual([true, false])
  // From then on it asks the relay to forget, and gives it nothing.
  stage.network.relay.refuse = (request) =>
    request.kind === 'hold' && request.at > 0 ? { kind: 'refused', reason: 'busy', retryMs: 0 } : undefined
  await revive(stage, bob)
  const [waiting] = await planned(stage, bob, id)
  const message = waiting?.message ?? expect.fail('nothing waits')
  expect(await stage.done(bob.engine().unschedule({ conversation: id, message }))).toEqual({ kind: 'saved' })
  await stage.pass(MINUTE_MS)
  let pushed = 0
  stage.network.relay.tamper = (push) => ((pushed += 1), [push])
  bob.crash()
  await stage.pass(2 * HOUR_MS)
  expect(pushed).toBe(0)
  expect(await texts(stage, alice, id)).toEqual(['welcome', 'hello'])
})

test('a relay that refuses is asked less and less often, and not before the time that it names', async () => {
  const stage = createStage()
  const { bob, id } = await meet(stage)
  let asked = 0
  let retryMs = 0
  stage.network.relay.refuse = (request) => {
    if (request.kind !== 'hold') return undefined
    asked += 1
    return { kind: 'held', verdicts: request.held.map(() => ({ kind: 'refused', reason: 'full', retryMs }) as const) }
  }
  await plan(stage, bob, id, 'later', { inMs: 10 * HOUR_MS })
  await stage.pass(30 * MINUTE_MS)
  expect(asked).toBeGreaterThan(5)
  expect(asked).toBeLessThan(15)
  retryMs = 20 * MINUTE_MS
  await stage.pass(6 * MINUTE_MS)
  asked = 0
  await stage.pass(HOUR_MS)
  expect(asked).toBe(3)
  retryMs = 10 * SCHEDULED_TOLD_MS_MAX
  await stage.pass(HOUR_MS)
  asked = 0
  await stage.pass(2 * SCHEDULED_TOLD_MS_MAX)
  expect(asked).toBe(2)
})

test('whose newest list is too old to trust has no key left for them until it is renewed', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  alice.crash()
  bob.crash()
  await stage.pass(LIST_MS_MAX + DAY_MS)
  await revive(stage, bob)
  let isGiven = false
  stage.network.relay.refuse = (request) => ((isGiven ||= request.kind === 'hold' && request.at > 0), undefined)
  await plan(stage, bob, id, 'still you?')
  expect(isGiven).toBe(false)
  expect(await planned(stage, bob, id)).toMatchObject([{ left: false }])
  await revive(stage, alice)
  await stage.pass(5 * MINUTE_MS)
  expect(await planned(stage, bob, id)).toMatchObject([{ left: true }])
})

test('sent now, and with another date, it goes once', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  const one = await plan(stage, bob, id, 'one')
  const two = await plan(stage, bob, id, 'two')
  const now = await stage.done(bob.engine().schedule({ conversation: id, text: 'one', ref: 'now', instead: one.message }))
  expect(now).toMatchObject({ kind: 'saved' })
  const due = stage.scheduler.now() + 3 * HOUR_MS
  const again = await stage.done(bob.engine().schedule({ conversation: id, text: 'two', due, ref: 'again', instead: two.message }))
  expect(again).toMatchObject({ kind: 'saved' })
  await stage.pass(MINUTE_MS)
  expect(await planned(stage, bob, id)).toMatchObject([{ text: 'two', due }])
  await stage.pass(2 * HOUR_MS)
  for (const person of [alice, bob]) expect(await texts(stage, person, id)).toEqual(['welcome', 'hello', 'one'])
  await stage.pass(2 * HOUR_MS)
  for (const person of [alice, bob]) expect(await texts(stage, person, id)).toEqual(['welcome', 'hello', 'one', 'two'])
})

test('without a relay it is kept here, says so, and goes when this device is there', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  stage.network.relay.restart(2 * HOUR_MS, 'kept')
  await stage.pass(1_000)
  await plan(stage, bob, id, 'from here')
  expect(await planned(stage, bob, id)).toMatchObject([{ left: false }])
  await stage.pass(3 * HOUR_MS)
  for (const person of [alice, bob]) expect(await texts(stage, person, id)).toEqual(['welcome', 'hello', 'from here'])
})

test('a relay that has no room is asked again, and one that knows no such call leaves it here', async () => {
  const stage = createStage()
  const { bob, id } = await meet(stage)
  const refused = { kind: 'refused', reason: 'full', retryMs: 0 } as const
  stage.network.relay.refuse = (asked) => (asked.kind === 'hold' ? { ...refused, reason: 'malformed' } : undefined)
  await plan(stage, bob, id, 'later')
  expect(await planned(stage, bob, id)).toMatchObject([{ left: false }])
  stage.network.relay.refuse = (asked) => (asked.kind === 'hold' ? { kind: 'held', verdicts: asked.held.map(() => refused) } : undefined)
  await stage.pass(20_000)
  expect(await planned(stage, bob, id)).toMatchObject([{ left: false }])
  stage.network.relay.refuse = undefined
  await stage.pass(20_000)
  expect(await planned(stage, bob, id)).toMatchObject([{ left: true }])
})

test('a relay that hands out the key early shows nothing before the date', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  const { due } = await plan(stage, bob, id, 'not yet')
  bob.crash()
  stage.network.relay.ahead = DAY_MS
  let pushed = 0
  stage.network.relay.tamper = (push) => ((pushed += 1), [push])
  await stage.network.relay.release()
  await stage.pass(MINUTE_MS)
  expect(pushed, 'it is here').toBe(1)
  expect(await texts(stage, alice, id)).toEqual(['welcome', 'hello'])
  alice.crash()
  await revive(stage, alice)
  await stage.pass(due - stage.scheduler.now() - MINUTE_MS)
  expect(await texts(stage, alice, id)).toEqual(['welcome', 'hello'])
  await stage.pass(2 * MINUTE_MS)
  expect(await texts(stage, alice, id)).toEqual(['welcome', 'hello', 'not yet'])
})

test('a relay that repeats the key shows it once, and one that keeps it leaves it to its writer', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  await plan(stage, bob, id, 'once')
  bob.crash()
  stage.network.relay.tamper = (push) => [push, push, push]
  await stage.pass(2 * HOUR_MS)
  expect(await texts(stage, alice, id)).toEqual(['welcome', 'hello', 'once'])
  await revive(stage, bob)
  await plan(stage, bob, id, 'withheld')
  bob.crash()
  stage.network.relay.tamper = () => []
  await stage.pass(2 * HOUR_MS)
  expect(await texts(stage, alice, id)).toEqual(['welcome', 'hello', 'once'])
  stage.network.relay.tamper = undefined
  await revive(stage, bob)
  await stage.pass(10 * MINUTE_MS)
  expect(await texts(stage, alice, id)).toEqual(['welcome', 'hello', 'once', 'withheld'])
})

test('a key that comes late puts nothing unmarked above an answer', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  await plan(stage, bob, id, 'You owe me 1000, do you agree?')
  bob.crash()
  stage.network.relay.tamper = () => []
  await stage.pass(2 * HOUR_MS)
  await say(stage, alice, id, 'Yes, I agree.')
  stage.network.relay.tamper = undefined
  await revive(stage, bob)
  await stage.pass(10 * MINUTE_MS)
  expect(await messages(stage, alice, id)).toMatchObject([
    {},
    {},
    { text: 'You owe me 1000, do you agree?', late: true },
    { text: 'Yes, I agree.' },
  ])
})

test('refuses a date that has come, one too far away, one too many, and nothing to say', async () => {
  const stage = createStage()
  const { bob, id } = await meet(stage)
  const ask = (text: string, inMs: number, ref = `${text} ${inMs}`) =>
    stage.done(bob.engine().schedule({ conversation: id, text, due: stage.scheduler.now() + inMs, ref }))
  expect(await ask('past', 0)).toMatchObject({ reason: 'past' })
  expect(await ask('far', SCHEDULED_MS_MAX + MINUTE_MS)).toMatchObject({ reason: 'too-far' })
  expect(await ask('  ', HOUR_MS)).toMatchObject({ reason: 'empty' })
  expect(await ask('x'.repeat(15_001), HOUR_MS)).toMatchObject({ reason: 'too-long' })
  expect(await ask('x'.repeat(15_000), HOUR_MS)).toMatchObject({ kind: 'saved' })
  for (let n = 1; n < SCHEDULED_PER_CHAT_MAX; n += 1) expect(await ask(`${n}`, HOUR_MS)).toMatchObject({ kind: 'saved' })
  expect(await ask('one too many', HOUR_MS)).toMatchObject({ reason: 'full' })
  expect(await ask('1', HOUR_MS, `1 ${HOUR_MS}`), 'the same again acts once').toMatchObject({ kind: 'saved' })
  expect(await planned(stage, bob, id)).toHaveLength(SCHEDULED_PER_CHAT_MAX)
})

test('one with a time goes that long after it was shown', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  await plan(stage, bob, id, 'for ten minutes', { ttl: 600 })
  bob.crash()
  await stage.pass(HOUR_MS + MINUTE_MS)
  expect(await texts(stage, alice, id)).toEqual(['welcome', 'hello', 'for ten minutes'])
  await stage.pass(10 * MINUTE_MS)
  expect(await texts(stage, alice, id)).toEqual(['welcome', 'hello'])
  await revive(stage, bob)
  await stage.pass(MINUTE_MS)
  expect(await texts(stage, alice, id)).toEqual(['welcome', 'hello'])
})

test('a shown one that is deleted leaves nothing that its key opens', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  const { message } = await plan(stage, bob, id, 'later')
  await stage.pass(2 * HOUR_MS)
  expect(await texts(stage, alice, id)).toContain('later')
  expect(await stage.done(bob.engine().deleteMessage({ conversation: id, message }))).toEqual({ kind: 'saved' })
  await stage.pass(MINUTE_MS)
  for (const person of [alice, bob]) {
    expect(await texts(stage, person, id)).toEqual(['welcome', 'hello'])
    const bodies = [...(person.disk().tables.get('bodies')?.keys() ?? [])]
    const { length } = bodies.filter((key) => key.startsWith(`${id}/scheduled/`))
    expect(length, 'the entry with the key alone').toBe(1)
  }
})

test('in a group it leaves for everybody, and is taken back from whoever is removed while its writer is there', async () => {
  const { stage, alice, bob, carol } = await three()
  const id = await group(stage, alice, [bob, carol])
  await stage.pass(MINUTE_MS)
  await say(stage, alice, id, 'before')
  await stage.pass(MINUTE_MS)
  await plan(stage, alice, id, 'for the club')
  expect(await planned(stage, alice, id)).toMatchObject([{ left: true }])
  const removed = await stage.done(alice.engine().removeMember({ conversation: id, account: accountOf(carol) }))
  expect(removed).toMatchObject({ kind: 'saved' })
  await stage.pass(3 * MINUTE_MS)
  alice.crash()
  await stage.pass(2 * HOUR_MS)
  expect(await texts(stage, bob, id)).toEqual(['before', 'for the club'])
  expect(await texts(stage, carol, id)).not.toContain('for the club')
})

test('keys for what is not here are kept up to a bound, and those of others open nothing', async () => {
  const { stage, alice, bob, carol } = await three()
  const id = await group(stage, alice, [bob, carol])
  await stage.pass(MINUTE_MS)
  const { message } = await plan(stage, bob, id, 'from bob')
  const [row] = rowsOf(bob, 'scheduled/mine/')
  const { seq, key } = mineIn(row ?? expect.fail('nothing waits'))
  bob.crash()
  const keysHere = () => rowsOf(alice, 'scheduled/key/').map(({ key: name }) => name.split('/').slice(-2))
  // What Carol writes to Alice comes with keys that she has made up, and with that of Bob's message, which the relay keeps from Alice.
  const { outbox } = peerOn(carol, alice.ownDevice())
  const grant = outbox ?? expect.fail('no mailbox')
  const frameOf = (target: EntryId) => ({ kind: 'scheduled-key', conversation: id, seq, target, key }) as const
  const madeUp = Array.from({ length: SCHEDULED_KEYS_KEPT_MAX + 20 }, (_, n) => frameOf(entryIdOf(new Uint8Array(32).fill(n))))
  const blobs = [madeUp.slice(0, 50), madeUp.slice(50), [frameOf(message)]].map((frames) => sealBlob(grant, frames))
  let isDone = false
  stage.network.relay.tamper = (push) => {
    if (push.device !== alice.ownDevice()) return [push]
    if (push.mailbox !== grant.mailbox) return []
    if (isDone) return [push]
    isDone = true
    return [...blobs.map((blob) => ({ ...push, blob })), push]
  }
  await say(stage, carol, id, 'from carol')
  await stage.pass(MINUTE_MS)
  expect(isDone).toBe(true)
  expect(keysHere().every(([device]) => device === carol.ownDevice())).toBe(true)
  expect(keysHere().length).toBe(SCHEDULED_KEYS_KEPT_MAX)
  await stage.pass(2 * HOUR_MS)
  expect(await texts(stage, alice, id)).toEqual(['from carol'])
  stage.network.relay.tamper = undefined
  alice.crash()
  await revive(stage, alice)
  await stage.pass(MINUTE_MS)
  expect(await texts(stage, alice, id), 'until his own came').toContain('from bob')
})

test('a key for what never comes is not looked at again and again, and goes after its time', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  const { outbox } = peerOn(bob, alice.ownDevice())
  const grant = outbox ?? expect.fail('no mailbox')
  const frame = {
    kind: 'scheduled-key',
    conversation: id,
    seq: 900,
    target: entryIdOf(new Uint8Array(32)),
    key: new Uint8Array(32),
  } as const
  let isDone = false
  stage.network.relay.tamper = (push) => {
    if (isDone || push.mailbox !== grant.mailbox) return [push]
    isDone = true
    return [{ ...push, blob: sealBlob(grant, [frame]) }, push]
  }
  await say(stage, bob, id, 'with a key')
  await stage.pass(MINUTE_MS)
  expect(rowsOf(alice, 'scheduled/key/').length).toBe(1)
  const reads = vi.spyOn(alice.store(), 'get')
  await stage.pass(10 * MINUTE_MS)
  const looks = reads.mock.calls.filter(([table, key]) => table === 'entries' && key.includes(frame.target)).length
  expect(looks).toBeLessThan(3)
  alice.crash()
  bob.crash()
  await stage.pass(SCHEDULED_KEY_MS_MAX)
  await revive(stage, alice)
  await stage.pass(MINUTE_MS)
  expect(rowsOf(alice, 'scheduled/key/')).toEqual([])
})

test.each([1, 2] as const)(
  'killed at every moment of writing, taking back and letting go (%i): it is there once or not at all',
  async (seed) => {
    const stage = createStage('mailbox', seed)
    const { alice, bob, id } = await meet(stage)
    const shown: string[] = []
    for (let moment = 1; moment <= 16; moment += 1) {
      const text = `bob ${moment}`
      bob.crashAt(moment)
      const due = stage.scheduler.now() + 20_000
      void bob
        .engine()
        .schedule({ conversation: id, text, due, ref: text })
        .catch(() => undefined)
      await stage.pass(4_000)
      if (!bob.isUp()) await revive(stage, bob)
      bob.crashAt(Infinity)
      const again = await stage.done(bob.engine().schedule({ conversation: id, text, due, ref: text }))
      expect(again, 'the same again acts once').toMatchObject({ kind: 'saved' })
      if (again.kind === 'saved' && moment % 2 === 0) {
        bob.crashAt(moment / 2)
        void bob
          .engine()
          .unschedule({ conversation: id, message: again.message })
          .catch(() => undefined)
        await stage.pass(2_000)
        if (!bob.isUp()) await revive(stage, bob)
        bob.crashAt(Infinity)
        await stage.done(bob.engine().unschedule({ conversation: id, message: again.message }))
      } else shown.push(text)
      bob.crashAt(moment)
      await stage.pass(40_000)
      if (!bob.isUp()) await revive(stage, bob)
      bob.crashAt(Infinity)
      await stage.pass(5_000)
    }
    await stage.pass(MINUTE_MS)
    for (const person of [alice, bob]) expect(await texts(stage, person, id)).toEqual(['welcome', 'hello', ...shown])
  },
)
