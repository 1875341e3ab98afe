// What waits for somebody who is away is put together by whoever left it (docs/decisions/0053): few blobs instead of many, and nothing is lost by it.

import { expect, test } from 'vitest'
import { createStage, meet, messages, MINUTE_MS, revive, say, texts, ticks } from './stage.ts'
import type { ConversationId } from '../../src/bytes/ids.ts'
import type { RelayRequest } from '../../src/wire/relay.ts'
import type { Person } from '../simulation/person.ts'
import type { RelayClient } from '../simulation/relay-path.ts'
import type { Stage } from './stage.ts'

/** Kinds of what was asked of the relay from now on. */
function listen({ network }: Stage): readonly RelayRequest['kind'][] {
  const kinds: RelayRequest['kind'][] = []
  const { request } = network.relay
  Object.assign(network.relay, {
    request: (client: RelayClient, asked: RelayRequest) => {
      kinds.push(asked.kind)
      return request(client, asked)
    },
  })
  return kinds
}

/** Blobs that are pushed from now on. */
function countPushes({ network }: Stage): { count: number } {
  const pushes = { count: 0 }
  network.relay.tamper = (push) => {
    pushes.count += 1
    return [push]
  }
  return pushes
}

async function write(
  stage: Stage,
  writer: Person,
  id: ConversationId,
  { from = 0, count }: { readonly from?: number; readonly count: number },
) {
  const written = Array.from({ length: count }, (_, at) => `${from + at}: some words, as in a message`)
  for (const text of written) {
    await say(stage, writer, id, text)
    await stage.pass(1_000)
  }
  return written
}

test('a hundred and fifty messages, one by one and over two chains, are a few blobs for whoever comes back', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  alice.crash()
  const asked = listen(stage)
  const written = await write(stage, bob, id, { count: 150 })
  expect(asked.filter((kind) => kind === 'deposit')).toHaveLength(150)
  expect(asked.filter((kind) => kind === 'gather').length).toBeGreaterThan(20)
  const pushes = countPushes(stage)
  await revive(stage, alice)
  await stage.pass(5_000)
  expect(await texts(stage, alice, id)).toEqual(['welcome', 'hello', ...written])
  expect(pushes.count).toBeLessThan(16)
  expect(new Set(Object.values(await ticks(stage, bob, id)))).toEqual(new Set(['delivered']))
})

test('also when the writer comes and goes', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  alice.crash()
  const written: string[] = []
  for (let from = 0; from < 40; from += 4) {
    written.push(...(await write(stage, bob, id, { from, count: 4 })))
    bob.crash()
    await revive(stage, bob)
  }
  const pushes = countPushes(stage)
  await revive(stage, alice)
  await stage.pass(5_000)
  expect(await texts(stage, alice, id)).toEqual(['welcome', 'hello', ...written])
  expect(pushes.count).toBeLessThan(16)
})

test('what its writer has deleted here meanwhile still comes, and what it has deleted for everyone does not', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  alice.crash()
  const first = await write(stage, bob, id, { count: 3 })
  const found = await messages(stage, bob, id)
  const find = (wanted: string | undefined) => found.find(({ text }) => text === wanted) ?? expect.fail('it is not there')
  await stage.done(bob.engine().forgetMessage({ conversation: id, message: find(first[1]).id }))
  await stage.done(bob.engine().deleteMessage({ conversation: id, message: find(first[2]).id }))
  expect(await texts(stage, bob, id)).toEqual(['welcome', 'hello', first[0]])
  const rest = await write(stage, bob, id, { from: 3, count: 20 })
  const pushes = countPushes(stage)
  await revive(stage, alice)
  await stage.pass(5_000)
  expect(await texts(stage, alice, id)).toEqual(['welcome', 'hello', first[0], first[1], ...rest])
  expect(pushes.count).toBeLessThan(16)
})

test('a relay that says it did so and did not loses nothing by that, and one that never does is not asked for the same again', async () => {
  for (const verdict of [{ kind: 'done' }, { kind: 'refused', reason: 'unknown', retryMs: 0 }] as const) {
    const stage = createStage()
    const { alice, bob, id } = await meet(stage)
    alice.crash()
    stage.network.relay.refuse = (request) => (request.kind === 'gather' ? { kind: 'gathered', verdicts: [verdict] } : undefined)
    const asked = listen(stage)
    const written = await write(stage, bob, id, { count: 20 })
    await stage.pass(10 * MINUTE_MS)
    expect(asked.filter((kind) => kind === 'gather').length).toBeLessThan(6)
    await revive(stage, alice)
    await stage.pass(5_000)
    expect(await texts(stage, alice, id)).toEqual(['welcome', 'hello', ...written])
  }
})

test('a relay that has no time for it is asked again, less and less often', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  alice.crash()
  stage.network.relay.refuse = (request) => (request.kind === 'gather' ? { kind: 'refused', reason: 'busy', retryMs: 1_000 } : undefined)
  const asked = listen(stage)
  await write(stage, bob, id, { count: 9 })
  await stage.pass(10 * MINUTE_MS)
  const count = asked.filter((kind) => kind === 'gather').length
  expect(count).toBeGreaterThan(2)
  expect(count).toBeLessThan(25)
  stage.network.relay.refuse = undefined
  await stage.pass(2 * MINUTE_MS)
  const pushes = countPushes(stage)
  await revive(stage, alice)
  expect(pushes.count).toBeLessThan(6)
})

test('nothing is put together for whoever is there', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  const asked = listen(stage)
  const written = await write(stage, bob, id, { count: 20 })
  expect(asked).not.toContain('gather')
  expect(await texts(stage, alice, id)).toEqual(['welcome', 'hello', ...written])
})
