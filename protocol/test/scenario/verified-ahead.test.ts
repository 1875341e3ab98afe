// Signatures that the platform verifies before the step count there, and what it refuses is refused.

import { expect, test } from 'vitest'
import { decode } from '../../src/bytes/codec.ts'
import { toUnixMs } from '../../src/bytes/ids.ts'
import { verify } from '../../src/crypto/sign.ts'
import { applyReceived, createBatch } from '../../src/host/batch.ts'
import { lengthOf } from '../../src/log/log.ts'
import { storedEntry } from '../../src/node/rows/stored-entry.ts'
import { createMemoryStore } from '../contract/memory-store.ts'
import { nodeOn } from '../simulation/disk.ts'
import { createSeeded } from '../simulation/seeded.ts'
import { createStage, meet, say } from './stage.ts'
import type { PlatformVerify } from '../../src/crypto/platform-verify.ts'

test('a frame of entries has the last signature of its run verified ahead, and once', async () => {
  const stage = createStage()
  const { alice, bob, id } = await meet(stage)
  await stage.pass(10_000)
  const device = bob.device()
  stage.network.setOnline(device, 'offline')
  for (const text of ['one', 'two', 'three']) await say(stage, bob, id, text)
  const entries = [...(bob.disk().tables.get('entries') ?? [])]
    .flatMap(([key, { value }]) => (key.startsWith(`${id}/${device}/`) ? [decode(storedEntry, value).wire] : []))
    .slice(-3)
  const store = createMemoryStore({ image: alice.disk() })
  const env = () => ({ now: toUnixMs(stage.scheduler.now()), random: createSeeded(1).bytes })
  const before = nodeOn(alice.disk())
  const take = async (platform: PlatformVerify): Promise<number> => {
    const source = { kind: 'link', device, frame: new Uint8Array() } as const
    const frames = [{ kind: 'entries', conversation: id, entries: given }] as const
    const batch = createBatch(before)
    await applyReceived(batch, { kind: 'received', source, frames, lookups: new Map(), part: 'last' }, { store, env, verify: platform })
    const log = batch.state.conversations.get(id)?.log ?? expect.fail('no chat')
    return lengthOf(log, device) - lengthOf(before.conversations.get(id)?.log ?? log, device)
  }
  let asked = 0
  const ours: PlatformVerify = (key, message, signature) => {
    asked += 1
    return Promise.resolve(verify(key, message, signature))
  }
  let given = entries
  expect(await take(ours)).toBe(3)
  expect(asked).toBe(1)
  // What admission cannot know by itself shows that it is the platform's word that counted.
  given = entries.map((wire) => ({ ...wire, signature: new Uint8Array(64) }))
  expect(await take(ours)).toBe(0)
  expect(await take(() => Promise.resolve(true))).toBe(3)
  given = entries
  expect(await take(() => Promise.resolve(false)), 'a refusal is looked at again').toBe(3)
})
