// Handles (docs/protocol.md §16): Alice claims one, Bob finds her by it and says a first word, and she answers or does not.

import { describe, expect, test } from 'vitest'
import { REQUESTS_PER_GROUP_MAX } from '../../src/limits.ts'
import { HANDLE_RENEWED_MS, HELLO_TEXT_BYTES_MAX } from '../../src/handle/limits.ts'
import { readHandleClaim } from '../../src/handle/claim.ts'
import { toUnixMs } from '../../src/bytes/ids.ts'
import { step } from '../../src/node/step.ts'
import { nodeOn } from '../simulation/disk.ts'
import { createSeeded } from '../simulation/seeded.ts'
import { accountOf } from './group-stage.ts'
import { link } from './linking-stage.ts'
import { createStage, invite, MINUTE_MS, open, revive, say, texts, view } from './stage.ts'
import type { AppView, RequestView } from '../../src/views.ts'
import type { RelayRequest } from '../../src/wire/relay.ts'
import type { Person } from '../simulation/person.ts'
import type { Stage } from './stage.ts'

async function begin(how: 'direct' | 'mailbox' = 'mailbox') {
  const stage = createStage(how)
  const [alice, bob] = [await stage.enter('alice'), await stage.enter('bob')]
  await stage.done(bob.engine().setName({ name: 'Bob' }))
  expect(await claim(stage, alice, '@Alice.W')).toEqual({ kind: 'saved' })
  return { stage, alice, bob }
}
const claim = (stage: Stage, person: Person, handle: string | undefined, isListed = false) =>
  stage.done(person.engine().setHandle({ handle, isListed }))
const find = (stage: Stage, person: Person, text: string) => stage.done(person.engine().findHandle({ text }))
const hello = (stage: Stage, person: Person, text: string, handle = 'alice.w') => stage.done(person.engine().sayHello({ handle, text }))

async function greet(stage: Stage, person: Person, text: string) {
  const said = await hello(stage, person, text)
  if (said.kind !== 'created') throw new Error(said.reason)
  await stage.pass(MINUTE_MS)
  return said.conversation
}
async function requests(stage: Stage, person: Person): Promise<readonly RequestView[]> {
  let shown: AppView | undefined
  const stop = person.engine().watchApp((app) => (shown = app))
  await stage.pass(100)
  stop()
  return shown?.requests ?? []
}
/** What goes to the relay of one kind from now on. */
function callsOf<Kind extends RelayRequest['kind']>({ network }: Stage, kind: Kind) {
  const calls: Extract<RelayRequest, { kind: Kind }>[] = []
  network.relay.refuse = (asked) => {
    if (asked.kind === kind) calls.push(asked as Extract<RelayRequest, { kind: Kind }>)
    return undefined
  }
  return calls
}

describe('a handle', () => {
  test('is claimed, found by whoever knows it, and given up', async () => {
    const { stage, alice, bob } = await begin()
    expect(await stage.done(alice.engine().readHandle())).toEqual({ handle: 'alice.w', isListed: false })
    expect(await find(stage, bob, ' @ALICE.w')).toEqual({ kind: 'found', handles: ['alice.w'] })
    expect(await find(stage, bob, 'alic')).toEqual({ kind: 'refused', reason: 'unknown' })
    expect(await claim(stage, alice, 'alice.w', true)).toEqual({ kind: 'saved' })
    expect(await find(stage, bob, 'alic')).toEqual({ kind: 'found', handles: ['alice.w'] })
    expect(await find(stage, bob, 'ali')).toEqual({ kind: 'refused', reason: 'unknown' })
    expect(await claim(stage, bob, 'a1ice-w')).toEqual({ kind: 'refused', reason: 'taken' })
    expect(await claim(stage, alice, undefined)).toEqual({ kind: 'saved' })
    expect(await stage.done(alice.engine().readHandle())).toEqual({})
    expect(await find(stage, bob, 'alice.w')).toEqual({ kind: 'refused', reason: 'unknown' })
    expect(await claim(stage, bob, 'alice.w')).toEqual({ kind: 'refused', reason: 'taken' })
  })
  test('is refused where it is none, or is one’s own, and where the relay is away', async () => {
    const { stage, alice, bob } = await begin()
    for (const wrong of ['al', 'ali ce', 'алиса']) {
      expect(await claim(stage, bob, wrong)).toEqual({ kind: 'refused', reason: 'malformed' })
      expect(await find(stage, bob, wrong)).toEqual({ kind: 'refused', reason: 'malformed' })
    }
    expect(await find(stage, alice, 'alice.w')).toEqual({ kind: 'refused', reason: 'own' })
    expect(await claim(stage, alice, 'other')).toEqual({ kind: 'refused', reason: 'full' })
    stage.network.relay.restart(10 * MINUTE_MS, 'kept')
    await stage.pass(1_000)
    expect(await find(stage, bob, 'alice.w')).toEqual({ kind: 'refused', reason: 'relay-away' })
    expect(await claim(stage, bob, 'bobby')).toEqual({ kind: 'refused', reason: 'relay-away' })
    expect(await hello(stage, bob, 'Hello')).toEqual({ kind: 'refused', reason: 'relay-away' })
  })
  test('is kept over a restart, renewed with new keys every week, and told again to a relay that forgot', async () => {
    const { stage, alice, bob } = await begin()
    const claims = callsOf(stage, 'claim-handle')
    alice.crash()
    await revive(stage, alice)
    await stage.pass(MINUTE_MS)
    expect(claims).toEqual([])
    // A week in which nobody is there: seconds of it cost nothing.
    for (const person of [alice, bob]) person.crash()
    await stage.pass(HANDLE_RENEWED_MS)
    for (const person of [alice, bob]) await revive(stage, person)
    await stage.pass(MINUTE_MS)
    const keys = () => claims.map((call) => readHandleClaim(call.claim)?.desk?.kemKey.slice(0, 8).toString())
    expect(claims).toHaveLength(1)
    stage.network.relay.restart(500, 'lost')
    await stage.pass(2 * MINUTE_MS)
    expect(claims.length).toBeGreaterThan(1)
    expect(new Set(keys()).size).toBe(claims.length)
    expect(await find(stage, bob, 'alice.w')).toMatchObject({ kind: 'found' })
    await greet(stage, bob, 'Still there?')
    expect(await requests(stage, alice)).toHaveLength(1)
  })
  test('goes over to another own device that claims it', async () => {
    const { stage, alice, bob } = await begin()
    const other = await stage.enter('other')
    await link(stage, alice, other)
    await stage.pass(MINUTE_MS)
    expect(await claim(stage, other, 'alice.w')).toEqual({ kind: 'saved' })
    await greet(stage, bob, 'Hello')
    expect([(await requests(stage, alice)).length, (await requests(stage, other)).length]).toEqual([0, 1])
    stage.network.relay.restart(500, 'kept')
    await stage.pass(2 * MINUTE_MS)
    expect(await stage.done(alice.engine().readHandle())).toEqual({})
    expect(await stage.done(other.engine().readHandle())).toMatchObject({ handle: 'alice.w' })
  })
})

describe('a first word', () => {
  test.each(['mailbox', 'direct'] as const)('is a request like any other, and a chat once it is accepted (%s)', async (how) => {
    const { stage, alice, bob } = await begin(how)
    const pair = await greet(stage, bob, 'We met on Friday')
    expect(await view(stage, bob, pair)).toMatchObject({ summary: { phase: 'inviting', asked: accountOf(alice), name: '@alice.w' } })
    expect(await requests(stage, alice)).toMatchObject([
      { account: accountOf(bob), name: 'Bob', conversation: undefined, text: 'We met on Friday' },
    ])
    const accepted = await stage.done(alice.engine().acceptRequest({ account: accountOf(bob) }))
    expect(accepted).toMatchObject({ kind: 'opened', conversation: pair })
    await stage.pass(MINUTE_MS)
    expect(await requests(stage, alice)).toEqual([])
    await say(stage, alice, pair, 'So we did')
    await say(stage, bob, pair, 'Good')
    await stage.pass(MINUTE_MS)
    for (const person of [alice, bob])
      expect((await texts(stage, person, pair)).toSorted()).toEqual(['Good', 'So we did', 'We met on Friday'])
  })
  test('waits while nobody is there, and is shown once, with a name that is kept over a restart', async () => {
    const { stage, alice, bob } = await begin()
    alice.crash()
    await greet(stage, bob, 'Hello')
    await revive(stage, alice)
    await stage.pass(MINUTE_MS)
    alice.crash()
    await revive(stage, alice)
    await stage.pass(MINUTE_MS)
    expect(await requests(stage, alice)).toMatchObject([{ name: 'Bob', text: 'Hello' }])
  })
  test('again finds the one that waits, and after that the chat', async () => {
    const { stage, alice, bob } = await begin()
    const pair = await greet(stage, bob, 'Hello')
    expect(await greet(stage, bob, 'Hello?')).toBe(pair)
    expect(await requests(stage, alice)).toMatchObject([{ text: 'Hello' }])
    await stage.done(alice.engine().acceptRequest({ account: accountOf(bob) }))
    await stage.pass(MINUTE_MS)
    expect(await greet(stage, bob, 'And again')).toBe(pair)
    await stage.pass(MINUTE_MS)
    expect(await requests(stage, alice)).toEqual([])
  })
  test('of an account takes the place of the one before, and lets in that account alone', async () => {
    const { stage, alice, bob } = await begin()
    const first = await greet(stage, bob, 'Hello')
    await stage.done(bob.engine().removeConversation({ conversation: first }))
    await stage.pass(2_000)
    const second = await greet(stage, bob, 'Hello again')
    expect(second).not.toBe(first)
    expect(await requests(stage, alice)).toMatchObject([{ text: 'Hello again' }])
    const eve = await stage.enter('eve')
    const eves = await invite(stage, bob, 'a link')
    expect(await open(stage, eve, eves.link)).toBe(eves.id)
    expect(await stage.done(alice.engine().acceptRequest({ account: accountOf(bob) }))).toMatchObject({ conversation: second })
  })
  test('of somebody who is blocked, or was ignored, is gone without a word', async () => {
    const { stage, alice, bob } = await begin()
    const pair = await greet(stage, bob, 'Hello')
    await stage.done(alice.engine().ignoreRequest({ account: accountOf(bob) }))
    await stage.done(bob.engine().removeConversation({ conversation: pair }))
    await stage.pass(2_000)
    await greet(stage, bob, 'Hello?')
    expect(await requests(stage, alice)).toEqual([])
    const carol = await stage.enter('carol')
    await stage.done(alice.engine().setBlocked({ account: accountOf(carol), isBlocked: true }))
    await greet(stage, carol, 'Hi')
    expect(await requests(stage, alice)).toEqual([])
  })
  test('has so many bytes, says something, and goes to nobody whose handle is not there', async () => {
    const { stage, bob } = await begin()
    expect(await hello(stage, bob, ' ')).toEqual({ kind: 'refused', reason: 'empty' })
    expect(await hello(stage, bob, 'x'.repeat(HELLO_TEXT_BYTES_MAX + 1))).toEqual({ kind: 'refused', reason: 'too-long' })
    expect(await hello(stage, bob, 'Hello', 'nobody')).toEqual({ kind: 'refused', reason: 'unknown' })
    expect(await hello(stage, bob, 'x'.repeat(HELLO_TEXT_BYTES_MAX))).toMatchObject({ kind: 'created' })
  })
  test('that the relay does not take leaves no chat behind', async () => {
    const { stage, bob } = await begin()
    stage.network.relay.refuse = (asked) => (asked.kind === 'leave-hello' ? { kind: 'refused', reason: 'full', retryMs: 0 } : undefined)
    expect(await hello(stage, bob, 'Hello')).toEqual({ kind: 'refused', reason: 'full' })
    await stage.pass(MINUTE_MS)
    stage.network.relay.refuse = undefined
    expect(await hello(stage, bob, 'Hello')).toMatchObject({ kind: 'created' })
  })
  test('of many strangers is bounded: so many are kept, and the others are let go', async () => {
    const { stage, alice } = await begin()
    for (let n = 0; n <= REQUESTS_PER_GROUP_MAX; n++) {
      const stranger = await stage.enter(`stranger ${n}`)
      await greet(stage, stranger, `Hello ${n}`)
      stranger.crash()
    }
    expect(await requests(stage, alice)).toHaveLength(REQUESTS_PER_GROUP_MAX)
  }, 120_000)
})

describe('a relay that lies', () => {
  test('cannot put somebody else in the place of a handle’s owner without their signature', async () => {
    const { stage, bob } = await begin()
    expect(await find(stage, bob, 'alice.w')).toEqual({ kind: 'found', handles: ['alice.w'] })
    stage.network.relay.forge = (asked, answer) => {
      if (asked.kind !== 'find-handle' || answer.kind !== 'handle') return answer
      const claim = Uint8Array.from(answer.claim)
      claim[claim.length - 100] = (claim[claim.length - 100] as number) ^ 1
      return { ...answer, claim }
    }
    expect(await find(stage, bob, 'alice.w')).toEqual({ kind: 'refused', reason: 'not-genuine' })
    expect(await hello(stage, bob, 'Hello')).toEqual({ kind: 'refused', reason: 'not-genuine' })
  })
  test('cannot answer with the handle of somebody else', async () => {
    const { stage, bob } = await begin()
    const mallory = await stage.enter('mallory')
    await claim(stage, mallory, 'mallory')
    expect(await find(stage, bob, 'alice.w')).toEqual({ kind: 'found', handles: ['alice.w'] })
    let mallorys: Uint8Array | undefined
    stage.network.relay.forge = (asked, answer) => {
      if (asked.kind === 'find-handle' && asked.handle === 'mallory' && answer.kind === 'handle') mallorys = answer.claim
      return asked.kind === 'find-handle' && mallorys !== undefined ? { kind: 'handle', claim: mallorys } : answer
    }
    expect(await find(stage, bob, 'mallory')).toEqual({ kind: 'found', handles: ['mallory'] })
    expect(await find(stage, bob, 'alice.w')).toEqual({ kind: 'refused', reason: 'not-genuine' })
  })
  test('brings an old first word once more, to no avail: it is older than the one that counts, or there is a chat', async () => {
    const { stage, alice, bob } = await begin()
    const pair = await greet(stage, bob, 'Hello')
    const old = nodeOn(alice.disk()).terms.requests.get(accountOf(bob))
    if (old === undefined) throw new Error('no request')
    const act = { kind: 'hello', account: accountOf(bob), name: 'Bob', offer: old.offer, text: 'Hello' } as const
    const again = (offer = old.offer) => {
      const env = { now: toUnixMs(stage.scheduler.now()), random: createSeeded(7).bytes }
      return step(nodeOn(alice.disk()), { kind: 'handle', act: { ...act, offer } }, env).state.terms.requests
    }
    expect(again({ ...old.offer, expires: old.offer.expires + 1 }).get(accountOf(bob))?.offer.expires).toBe(old.offer.expires + 1)
    expect(again({ ...old.offer, expires: old.offer.expires - 1 }).get(accountOf(bob))?.offer.expires).toBe(old.offer.expires)
    await stage.done(alice.engine().acceptRequest({ account: accountOf(bob) }))
    await stage.pass(MINUTE_MS)
    expect((await view(stage, alice, pair)).summary.phase).toBe('open')
    expect(again({ ...old.offer, expires: old.offer.expires + 1 }).size).toBe(0)
  })
})
