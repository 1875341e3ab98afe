// Bounds that only show in a running engine: as much as they allow happens, and not a bit more.

import { expect, test } from 'vitest'
import { encode } from '../../src/bytes/codec.ts'
import { parseInviteLink } from '../../src/invite/link.ts'
import { openPacket } from '../../src/invite/packet.ts'
import { BUNDLE_MS_MAX, PACKET_ENTRIES_BYTES_MAX, RELAY_WAIT_MS_MAX, RETRY_ASKED_MS_MAX, TEXT_BYTES_MAX } from '../../src/limits.ts'
import { wireEntry } from '../../src/wire/entry.ts'
import { peerOn } from '../simulation/disk.ts'
import { createStage, invite, linkOf, meet, MINUTE_MS, open, say, texts } from './stage.ts'
import type { Person } from '../simulation/person.ts'

const A_WHILE_MS = 3_000

const generationOf = (person: Person): number => Math.max(...(peerOn(person).pairing?.sessions ?? []).map((session) => session.generation))

test.each([
  { age: BUNDLE_MS_MAX - MINUTE_MS, sessions: 2 },
  { age: BUNDLE_MS_MAX, sessions: 1 },
])('prekeys of $age ms begin a new session or are too old for one: $sessions in all', async ({ age, sessions }) => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  await stage.pass(A_WHILE_MS)
  const made = peerOn(alice).bundle?.reusable.created
  if (made === undefined) throw new Error('no prekeys came along')
  expect(generationOf(alice)).toBe(1)
  alice.skew = made + age - stage.scheduler.now()
  await say(stage, alice, id, 'long time')
  await stage.pass(A_WHILE_MS)
  expect(generationOf(alice)).toBe(sessions)
  expect((await texts(stage, bob, id)).at(-1)).toBe('long time')
})

test('an invite packet takes as many bytes of entries as the bound says; the rest follows once somebody has joined', async () => {
  const stage = createStage()
  const [alice, bob] = [await stage.enter('alice'), await stage.enter('bob')]
  const { id, link } = await invite(stage, alice, 'welcome')
  const packets: Uint8Array[] = []
  stage.network.relay.refuse = (asked) => {
    if (asked.kind === 'put-record') packets.push(asked.blob)
    return undefined
  }
  // The letters that fill one body after the other, and a last one that no longer fits.
  const lines = Array.from({ length: 4 }, (_, at) => `${at}`.repeat(TEXT_BYTES_MAX))
  for (const text of lines) {
    await say(stage, alice, id, text)
    await stage.pass(A_WHILE_MS)
  }
  const parsing = parseInviteLink(link)
  if (parsing.kind === 'refused') throw new Error(parsing.reason)
  const bytesOf = (packet: Uint8Array): readonly number[] => {
    const opening = openPacket(parsing.link, packet)
    if (opening.kind === 'refused') throw new Error(opening.reason)
    return opening.packet.entries.map((entry) => encode(wireEntry, entry).length)
  }
  const sum = (sizes: readonly number[]): number => sizes.reduce((total, size) => total + size, 0)
  const sizes = packets.map(bytesOf).at(-1) ?? []
  expect(sum(sizes)).toBeLessThanOrEqual(PACKET_ENTRIES_BYTES_MAX)
  expect(sum(sizes) + (sizes.at(-1) ?? 0)).toBeGreaterThan(PACKET_ENTRIES_BYTES_MAX)
  await open(stage, bob, link)
  const inPacket = await texts(stage, bob, id)
  expect(inPacket.length).toBeLessThan(1 + lines.length)
  await say(stage, bob, id, 'hello')
  await stage.pass(MINUTE_MS)
  expect((await texts(stage, bob, id)).toSorted()).toEqual(['welcome', 'hello', ...lines].toSorted())
})

test('opening a link waits for its relay as long as the bound says', async () => {
  const stage = createStage()
  const [alice, bob, carol] = [await stage.enter('alice'), await stage.enter('bob'), await stage.enter('carol')]
  const { id, link } = await invite(stage, alice, 'welcome')
  stage.network.relay.restart(RELAY_WAIT_MS_MAX - A_WHILE_MS, 'kept')
  expect(await open(stage, bob, link)).toBe(id)

  const second = await invite(stage, alice, 'another')
  stage.network.relay.restart(10 * RELAY_WAIT_MS_MAX, 'kept')
  const began = stage.scheduler.now()
  expect(await stage.done(carol.engine().openInvite({ link: second.link }))).toEqual({ kind: 'refused', reason: 'unreachable' })
  expect(stage.scheduler.now() - began).toBeGreaterThanOrEqual(RELAY_WAIT_MS_MAX)
  expect(stage.scheduler.now() - began).toBeLessThan(RELAY_WAIT_MS_MAX + 1_000)
})

test.each(['hello', 'deposit'] as const)(
  'a relay that wants to be left alone for weeks with “%s” is left alone as long as the bound says',
  async (kind) => {
    const stage = createStage()
    const { bob, id } = await meet(stage)
    const asked: number[] = []
    stage.network.relay.refuse = (request) => {
      if (request.kind !== kind) return undefined
      asked.push(stage.scheduler.now())
      return { kind: 'refused', reason: 'busy', retryMs: 0xffff_ffff }
    }
    if (kind === 'hello') stage.network.relay.restart(500, 'kept')
    else await say(stage, bob, id, 'patience')
    await stage.pass(2 * A_WHILE_MS)
    const [first = 0] = asked
    const count = asked.length
    await stage.pass(first + RETRY_ASKED_MS_MAX - stage.scheduler.now() - 1_000)
    expect(asked).toHaveLength(count)
    await stage.pass(2 * A_WHILE_MS)
    expect(asked.length).toBeGreaterThan(count)
  },
  60_000,
)

test('a link can be looked at again after it could not be fetched', async () => {
  const stage = createStage()
  const [alice, bob] = [await stage.enter('alice'), await stage.enter('bob')]
  const { id } = await invite(stage, alice, 'welcome')
  const link = await linkOf(stage, alice, id)
  stage.network.relay.restart(2 * RELAY_WAIT_MS_MAX, 'kept')
  expect(await stage.done(bob.engine().openInvite({ link }))).toEqual({ kind: 'refused', reason: 'unreachable' })
  await stage.pass(2 * RELAY_WAIT_MS_MAX)
  expect(await open(stage, bob, link)).toBe(id)
})
