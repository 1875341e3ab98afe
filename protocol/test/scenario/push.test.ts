// A device that is to be woken: what it keeps, and what its home relay hears of it on each of its streams (docs/protocol.md §8.5).

import { expect, test } from 'vitest'
import { link } from './linking-stage.ts'
import { createStage, invite, meet, MINUTE_MS, revive, say, texts } from './stage.ts'
import { PUSH_AGAIN_MS } from '../../src/limits.ts'
import type { RelayAnswer, RelayRequest } from '../../src/wire/relay.ts'
import type { RelayClient } from '../simulation/relay-path.ts'
import type { Stage } from './stage.ts'

const key = new Uint8Array(65).fill(4)
const subscription = { endpoint: 'https://push.example.org/alice', key, auth: new Uint8Array(16).fill(1) }
const DONE: RelayAnswer = { kind: 'done' }
const refusedAs = (reason: 'unknown' | 'denied' | 'too-many', retryMs = 0): RelayAnswer => ({ kind: 'refused', reason, retryMs })

type Answers = { register: RelayAnswer; key: RelayAnswer; test: RelayAnswer }
/** What the relay answers about pushes, and what it was told of them. */
function answerPushes({ network }: Stage, answers: Answers) {
  const told: RelayRequest[] = []
  network.relay.refuse = (asked) => {
    if (asked.kind === 'get-push-key') return answers.key
    if (asked.kind !== 'register-push' && asked.kind !== 'forget-push' && asked.kind !== 'test-push') return undefined
    told.push(asked)
    return asked.kind === 'register-push' ? answers.register : asked.kind === 'test-push' ? answers.test : DONE
  }
  return told
}
const yes = (): Answers => ({ register: DONE, key: { kind: 'push-key', key }, test: DONE })

async function begin(answers = yes()) {
  const stage = createStage()
  const told = answerPushes(stage, answers)
  const alice = await stage.enter('alice')
  return { stage, told, alice, answers, ask: () => alice.engine() }
}
const registered = (told: readonly RelayRequest[]) => told.filter(({ kind }) => kind === 'register-push').length

test('a device says where it is woken, and says it again on each stream, after a start too, until it is withdrawn', async () => {
  const { stage, told, alice, ask } = await begin()
  expect(await stage.done(ask().readPush())).toEqual({ endpoint: undefined, key })
  expect(await stage.done(ask().setPush({ subscription }))).toEqual({ kind: 'saved' })
  expect(told).toEqual([{ kind: 'register-push', subscription }])
  stage.network.relay.restart(500, 'kept')
  await stage.pass(MINUTE_MS)
  alice.crash()
  await revive(stage, alice)
  await stage.pass(MINUTE_MS)
  const before = registered(told)
  expect(before).toBeGreaterThanOrEqual(3)
  await stage.pass(10 * MINUTE_MS)
  expect(registered(told)).toBe(before)
  expect(await stage.done(ask().readPush())).toEqual({ endpoint: subscription.endpoint, key })
  expect(await stage.done(ask().setPush({ subscription: undefined }))).toEqual({ kind: 'saved' })
  expect(told.at(-1)).toEqual({ kind: 'forget-push' })
  stage.network.relay.restart(500, 'kept')
  await stage.pass(MINUTE_MS)
  expect([registered(told), (await stage.done(ask().readPush())).endpoint]).toEqual([before, undefined])
})

test('a device that nobody asked for says nothing', async () => {
  const { stage, told, alice } = await begin()
  await invite(stage, alice, 'hello')
  stage.network.relay.restart(500, 'kept')
  await stage.pass(MINUTE_MS)
  expect(told).toEqual([])
})

test('a relay that has to be asked later is told again, after a while', async () => {
  const { stage, told, ask, answers } = await begin()
  await stage.done(ask().setPush({ subscription }))
  answers.register = refusedAs('too-many', 1_000)
  stage.network.relay.restart(500, 'kept')
  await stage.pass(PUSH_AGAIN_MS / 2)
  const before = registered(told)
  answers.register = DONE
  await stage.pass(PUSH_AGAIN_MS)
  expect(registered(told)).toBe(before + 1)
})

test('what the relay refuses is not kept, and the reason is said', async () => {
  for (const [register, reason] of [
    [refusedAs('unknown'), 'none-here'],
    [refusedAs('denied'), 'unknown-service'],
    [refusedAs('too-many', 1_000), 'relay-away'],
  ] as const) {
    const { stage, ask } = await begin({ ...yes(), register, key: refusedAs('unknown'), test: refusedAs('unknown') })
    expect(await stage.done(ask().setPush({ subscription }))).toEqual({ kind: 'refused', reason })
    expect(await stage.done(ask().readPush())).toEqual({ endpoint: undefined, key: 'none-here' })
    expect(await stage.done(ask().testPush())).toEqual({ kind: 'refused', reason: 'none-here' })
  }
})

test('without the relay nothing is turned on, and it can still be turned off', async () => {
  const { stage, ask } = await begin()
  await stage.done(ask().setPush({ subscription }))
  expect(await stage.done(ask().testPush())).toEqual({ kind: 'sent' })
  stage.network.relay.restart(10 * MINUTE_MS, 'kept')
  await stage.pass(1_000)
  expect(await stage.done(ask().readPush())).toEqual({ endpoint: subscription.endpoint, key: 'relay-away' })
  expect(await stage.done(ask().setPush({ subscription: undefined }))).toEqual({ kind: 'saved' })
  expect(await stage.done(ask().setPush({ subscription }))).toEqual({ kind: 'refused', reason: 'relay-away' })
  expect(await stage.done(ask().readPush())).toEqual({ endpoint: undefined, key: 'relay-away' })
})

test('a message may wake whoever it is for; a tick may wake nobody, and no own device hears of what was written on another', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  const laptop = await stage.enter('laptop')
  await link(stage, alice, laptop)
  await stage.pass(MINUTE_MS)
  const deposits: { readonly from: RelayClient; readonly wakes: boolean }[] = []
  const { request } = stage.network.relay
  Object.assign(stage.network.relay, {
    request: (from: RelayClient, asked: RelayRequest) => {
      if (asked.kind === 'deposit') deposits.push(...asked.deposits.map(({ wakes = false }) => ({ from, wakes })))
      return request(from, asked)
    },
  })
  await say(stage, alice, id, 'dinner?')
  await stage.pass(10_000)
  expect(await texts(stage, bob, id)).toContain('dinner?')
  expect(await texts(stage, laptop, id)).toContain('dinner?')
  const called = deposits.filter(({ wakes }) => wakes)
  expect(called).toHaveLength(1)
  const others = deposits.filter(({ from }) => from !== called[0]?.from)
  expect(others.length).toBeGreaterThan(0)
  expect(deposits.length).toBeGreaterThan(called.length + 1)
})
