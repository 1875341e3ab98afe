// The file store of a simulated device: a process that dies loses what was not flushed.

import { StoreError } from '../../src/ports.ts'
import type { FileStore, KeptFile } from '../../src/ports.ts'

export type MemoryFiles = FileStore & {
  /** Of all files, by conversation and name. */
  readonly image: () => ReadonlyMap<string, Uint8Array>
  /** The process died. */
  readonly crash: () => void
  /** Bytes for which there is room. */
  roomBytes: number
}

/** `room`: `length` bytes of it are the file. */
type File = { room: Uint8Array; length: number; flushed: Uint8Array; isOpen: boolean }

export function createMemoryFiles(): MemoryFiles {
  const files = new Map<string, File>()
  const used = (): number => [...files.values()].reduce((sum, { length }) => sum + length, 0)

  function openOn(file: File): KeptFile {
    file.isOpen = true
    const opened = (): File => {
      if (!file.isOpen) throw new Error('the file is closed')
      return file
    }
    return {
      read: (at, length) => opened().room.slice(at, Math.min(at + length, file.length)),
      write(at, part) {
        const end = at + part.length
        if (used() + Math.max(0, end - opened().length) > self.roomBytes) throw new StoreError('quota', 'no room for a file')
        if (end > file.room.length) file.room = grown(file.room, 2 * end)
        file.length = Math.max(file.length, end)
        file.room.set(part, at)
      },
      flush: () => void (opened().flushed = file.room.slice(0, file.length)),
      close: () => void (file.isOpen = false),
    }
  }

  const self: MemoryFiles = {
    roomBytes: Infinity,
    open(conversation, name, how) {
      const key = `${conversation}/${name}`
      if (!files.has(key) && how === 'write')
        files.set(key, { room: new Uint8Array(0), length: 0, flushed: new Uint8Array(0), isOpen: false })
      const file = files.get(key)
      if (file === undefined) return Promise.reject(new StoreError('corrupt', 'there is no such file'))
      if (file.isOpen) return Promise.reject(new Error('the file is open already'))
      return Promise.resolve(openOn(file))
    },
    remove(conversation, name) {
      const file = files.get(`${conversation}/${name}`)
      if (file?.isOpen === true) return Promise.reject(new Error('the file is open'))
      files.delete(`${conversation}/${name}`)
      return Promise.resolve()
    },
    removeAll(conversation) {
      for (const [key, { isOpen }] of files) {
        if (!key.startsWith(`${conversation}/`)) continue
        if (isOpen) return Promise.reject(new Error('a file is open'))
        files.delete(key)
      }
      return Promise.resolve()
    },
    image: () => new Map([...files].map(([key, { room, length }]) => [key, room.subarray(0, length)])),
    crash() {
      for (const file of files.values()) {
        file.room = file.flushed.slice()
        file.length = file.room.length
        file.isOpen = false
      }
    },
  }
  return self
}

function grown(bytes: Uint8Array, length: number): Uint8Array {
  const next = new Uint8Array(length)
  next.set(bytes)
  return next
}
