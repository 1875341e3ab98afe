import { describe, expect, test } from 'vitest'
import { openEpochFile } from './epoch-file.ts'

const SECRET = new Uint8Array(32).fill(7)
const NEXT = new Uint8Array(32).fill(9)

describe('the file of the secret', () => {
  test('keeps that of an epoch beside that of the next, and what is erased is overwritten where it lay', async () => {
    const disk = fakeDisk(64)
    const first = await openEpochFile(disk.storage)
    first?.write(1, SECRET)
    first?.write(2, NEXT)
    const second = await openEpochFile(disk.storage)
    expect([second?.read(1), second?.read(2)]).toEqual([SECRET, NEXT])
    second?.erase(1)
    expect([second?.read(1), second?.read(2)]).toEqual([undefined, NEXT])
    expect(disk.bytes()).toEqual(Uint8Array.of(...NEXT, ...new Uint8Array(32)))
    second?.write(3, SECRET)
    expect(disk.bytes()).toEqual(Uint8Array.of(...NEXT, ...SECRET))
  })

  test.each([0, 20])('that has no room for the next one, or for %d bytes of it, throws and keeps what it has', async (left) => {
    const disk = fakeDisk(32 + left)
    const file = await openEpochFile(disk.storage)
    file?.write(2, SECRET)
    expect(() => file?.write(3, NEXT)).toThrow(expect.objectContaining({ code: 'quota' }))
    expect([file?.read(2), file?.read(3)]).toEqual([SECRET, undefined])
    expect(() => file?.erase(3), 'where nothing is, nothing is to be overwritten').not.toThrow()
  })

  test('is not there where the browser has none', async () => {
    const getDirectory = () => Promise.reject(new DOMException('x', 'SecurityError'))
    expect(await openEpochFile({ getDirectory } as unknown as StorageManager)).toBeUndefined()
  })
})

/** `limit`: bytes that the file may grow to. */
function fakeDisk(limit: number) {
  let bytes = new Uint8Array(0)
  const file = {
    read(into: Uint8Array, { at }: { at: number }) {
      const part = bytes.subarray(at, at + into.length)
      into.set(part)
      return part.length
    },
    write(piece: Uint8Array, { at }: { at: number }) {
      const end = Math.max(at, Math.min(at + piece.length, limit))
      const next = new Uint8Array(Math.max(bytes.length, end))
      next.set(bytes)
      next.set(piece.subarray(0, end - at), at)
      bytes = next
      return end - at
    },
    truncate: () => undefined,
    flush: () => undefined,
  }
  const createSyncAccessHandle = async () => file
  const storage = { getDirectory: async () => ({ getFileHandle: async () => ({ createSyncAccessHandle }) }) } as unknown as StorageManager
  return { storage, bytes: () => bytes }
}
