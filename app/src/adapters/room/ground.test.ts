import { describe, expect, test } from 'vitest'
import { openGround } from './ground.ts'
import { GROUND_TRIES_MAX } from './limits.ts'

describe('the file beside the databases', () => {
  test('keeps its marks from one engine to the next, each by itself', async () => {
    const disk = fakeDisk(100)
    const first = await openGround(disk.storage)
    expect([first.has('begun'), first.has('torn')]).toEqual([false, false])
    first.set('begun', 'on')
    first.set('torn', 'on')
    const second = await openGround(disk.storage)
    expect([second.has('begun'), second.has('torn'), second.has('slow')]).toEqual([true, true, false])
    second.set('torn', 'off')
    second.set('slow', 'on')
    const third = await openGround(disk.storage)
    expect([third.has('begun'), third.has('torn'), third.has('slow')]).toEqual([true, false, true])
  })

  test('tells room from none, and takes none when it is told', async () => {
    const disk = fakeDisk(10_000_000)
    const ground = await openGround(disk.storage)
    ground.set('begun', 'on')
    expect(ground.look(4_000_000)).toBe('room')
    let pieces = 0
    expect(ground.look(4_000_000, () => ++pieces === 2)).toBe('room')
    expect(pieces).toBe(2)
    disk.limit(2_000_000)
    expect(ground.look(4_000_000)).toBe('full')
    expect(disk.size()).toBe(1)
    expect(ground.has('begun')).toBe(true)
    disk.limit(1)
    ground.set('torn', 'on')
    expect((await openGround(disk.storage)).has('torn'), 'a byte that is there is changed without room').toBe(true)
  })

  test('that a disk without room cannot make means no room', async () => {
    const getDirectory = () => Promise.reject(new DOMException('x', 'QuotaExceededError'))
    expect((await openGround({ getDirectory } as unknown as StorageManager)).look(1)).toBe('full')
  })

  test('that another engine still holds is asked for again', async () => {
    const disk = fakeDisk(100)
    disk.holdFor(GROUND_TRIES_MAX - 1)
    const ground = await openGround(disk.storage)
    ground.set('begun', 'on')
    expect((await openGround(disk.storage)).has('begun')).toBe(true)
    disk.holdFor(GROUND_TRIES_MAX)
    expect((await openGround(disk.storage)).has('begun')).toBe(false)
  })

  test.each([
    ['no such storage', undefined],
    ['denied', { getDirectory: () => Promise.reject(new DOMException('x', 'SecurityError')) } as unknown as StorageManager],
  ])('where there is none (%s) says nothing of the room, and remembers for itself', async (_, storage) => {
    const ground = await openGround(storage)
    expect(ground.look(1)).toBe('unknown')
    ground.set('torn', 'on')
    expect(ground.has('torn')).toBe(true)
  })
})

function fakeDisk(limit: number) {
  let bytes = new Uint8Array(0)
  let most = limit
  let held = 0
  const file = {
    read: (into: Uint8Array, { at }: { at: number }) => into.set(bytes.subarray(at, at + into.length)),
    write(piece: Uint8Array, { at }: { at: number }) {
      const end = Math.min(at + piece.length, Math.max(most, bytes.length))
      if (end <= at) throw new DOMException('x', 'QuotaExceededError')
      const next = new Uint8Array(Math.max(bytes.length, end))
      next.set(bytes)
      next.set(piece.subarray(0, end - at), at)
      bytes = next
      return end - at
    },
    truncate: (size: number) => void (bytes = bytes.slice(0, size)),
    flush: () => undefined,
  }
  const createSyncAccessHandle = async () => {
    if (held-- > 0) throw new DOMException('x', 'NoModificationAllowedError')
    return file
  }
  const storage = { getDirectory: async () => ({ getFileHandle: async () => ({ createSyncAccessHandle }) }) } as unknown as StorageManager
  return { storage, size: () => bytes.length, limit: (to: number) => void (most = to), holdFor: (times: number) => void (held = times) }
}
