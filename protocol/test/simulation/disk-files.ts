// The file store of a simulated device on a real disk, for files that are larger than the memory which a test may take.

import { closeSync, fsyncSync, mkdirSync, openSync, readdirSync, readFileSync, readSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { StoreError } from '../../src/ports.ts'
import type { KeptFile } from '../../src/ports.ts'
import type { MemoryFiles } from './files.ts'

export function createDiskFiles(folder: string): MemoryFiles {
  const open = new Set<number>()

  function onFile(file: number): KeptFile {
    open.add(file)
    return {
      read(at, length) {
        const bytes = new Uint8Array(length)
        return bytes.subarray(0, readSync(file, bytes, 0, length, at))
      },
      write: (at, bytes) => void writeSync(file, bytes, 0, bytes.length, at),
      flush: () => fsyncSync(file),
      close() {
        // Who comes too late after a crash closes what another one may have opened.
        if (open.delete(file)) closeSync(file)
      },
    }
  }

  return {
    roomBytes: Infinity,
    async open(conversation, name, how) {
      mkdirSync(join(folder, conversation), { recursive: true })
      const path = join(folder, conversation, name)
      try {
        return onFile(openSync(path, how === 'write' && !isThere(path) ? 'w+' : 'r+'))
      } catch (cause) {
        throw new StoreError('corrupt', 'there is no such file', { cause })
      }
    },
    remove: async (conversation, name) => rmSync(join(folder, conversation, name), { force: true }),
    removeAll: async (conversation) => rmSync(join(folder, conversation), { recursive: true, force: true }),
    image: () =>
      new Map(
        readdirSync(folder, { recursive: true, withFileTypes: true })
          .filter((one) => one.isFile())
          .map((one) => [join(one.parentPath, one.name), readFileSync(join(one.parentPath, one.name))]),
      ),
    crash() {
      for (const file of open) closeSync(file)
      open.clear()
    },
  }
}

function isThere(path: string): boolean {
  try {
    closeSync(openSync(path, 'r'))
    return true
  } catch {
    return false
  }
}
