// Whether the data folder's disk takes a byte, asked before SQLite is: on a disk that has become read-only SQLite's shared memory, which is a file, cannot be
// written either, and the system ends the process for trying (SIGBUS). A full disk is SQLite's own business, and refuses nothing here: what is removed there
// makes room.

import { closeSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'

export const WRITABLE_FILE = 'relay.writable'

export type Writable = {
  /** Throws what the system says where it takes nothing, unless that is for want of room. */
  demand(): void
  close(): void
}

const isFull = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT')

export function openWritable(folder: string): Writable {
  const name = join(folder, WRITABLE_FILE)
  closeSync(openSync(name, 'a', 0o600))
  const file = openSync(name, 'r+')
  const byte = new Uint8Array(1)
  return {
    demand: () => {
      try {
        writeSync(file, byte, 0, 1, 0)
      } catch (error) {
        if (!isFull(error)) throw error
      }
    },
    close: () => closeSync(file),
  }
}
