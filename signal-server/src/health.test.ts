// What the relay says of its own health, with a storage that fails as the test wants it to.

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { mailboxIdOf } from '@kith/protocol'
import { createHealth } from './health.ts'
import { HEALTH_MS, HEALTH_MS_MAX } from './limits.ts'
import { createMemoryStorage } from './storage/memory.ts'
import { StorageError } from './storage/storage.ts'
import type { Storage } from './storage/storage.ts'

const MAILBOX = mailboxIdOf(new Uint8Array(32))

function start() {
  const state: { failing: StorageError | undefined; isSilent: boolean; checks: number } = { failing: undefined, isSilent: false, checks: 0 }
  const memory = createMemoryStorage()
  const answer = <T>(good: () => Promise<T>): Promise<T> => {
    if (state.isSilent) return new Promise<T>(() => {})
    return state.failing ? Promise.reject(state.failing) : good()
  }
  const storage: Storage = {
    ...memory,
    check: (ask) => {
      state.checks += 1
      return answer(() => memory.check(ask))
    },
    readBlobs: (ask) => answer(() => memory.readBlobs(ask)),
  }
  const logged: string[] = []
  const health = createHealth({ storage, place: '/srv/kith', log: (line) => void logged.push(line), steady: () => Date.now() })
  const read = () => health.storage.readBlobs({ mailbox: MAILBOX, after: 0, limit: 1, bytes: 1, now: 0 })
  return { state, logged, health, read }
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('health', () => {
  test('is good when the storage takes something, which is tried once however many ask', async () => {
    const { health, state, logged } = start()
    expect(await Promise.all([health.ailment(), health.ailment()])).toEqual([undefined, undefined])
    expect(await health.ailment()).toBeUndefined()
    expect(state.checks).toBe(1)
    await vi.advanceTimersByTimeAsync(HEALTH_MS)
    await health.ailment()
    expect([state.checks, logged]).toEqual([2, []])
  })
  test('is bad while nothing can be kept, is said once with the settings, and comes back by itself', async () => {
    const { health, state, logged } = start()
    state.failing = new StorageError('disk', 'database or disk is full')
    for (let n = 0; n < 3; n++) {
      expect(await health.ailment()).toContain('is full, or cannot be written')
      await vi.advanceTimersByTimeAsync(HEALTH_MS)
    }
    expect(logged).toEqual([expect.stringMatching(/\/srv\/kith \(database or disk is full\).*KITH_STORE_MB.*KITH_DATA_DIR/)])
    state.failing = undefined
    expect(await health.ailment()).toBeUndefined()
    expect(logged[1]).toContain('well again')
  })
  test('is tried again at once when any call has failed', async () => {
    const { health, state, read } = start()
    expect(await health.ailment()).toBeUndefined()
    state.failing = new StorageError('disk', 'no')
    await expect(read()).rejects.toThrow('no')
    expect(await health.ailment()).toBeDefined()
  })
  test('is bad for good once any call has met damage, which is logged before anybody asks', async () => {
    const { health, state, logged, read } = start()
    state.failing = new StorageError('damaged', 'database disk image is malformed')
    await expect(read()).rejects.toThrow('malformed')
    expect(logged).toEqual([expect.stringMatching(/damaged.*\/srv\/kith.*KITH_DATA_DIR/)])
    state.failing = undefined
    await vi.advanceTimersByTimeAsync(HEALTH_MS)
    expect(await health.ailment()).toBe('the database is damaged')
  })
  test('is bad when the disk does not answer, without waiting for it', async () => {
    const { health, state, logged } = start()
    state.isSilent = true
    const told = health.ailment()
    await vi.advanceTimersByTimeAsync(HEALTH_MS_MAX)
    expect(await told).toBe('the disk does not answer')
    expect(logged).toEqual([expect.stringContaining('KITH_DATA_DIR')])
  })
  test('is good when there is merely much to do', async () => {
    const { health, state } = start()
    state.failing = new StorageError('busy', 'too many')
    expect(await health.ailment()).toBeUndefined()
  })
})
