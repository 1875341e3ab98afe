// Whether the data folder's disk takes a byte, asked before SQLite is: on a disk that has become read-only SQLite's shared memory, which is a file, cannot be
// written either, and the system ends the process for trying (SIGBUS). A byte in place of another needs no room, so a full disk takes it.

import { closeSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'

export const WRITABLE_FILE = 'relay.writable'

export type Writable = {
  /** Throws what the system says where it takes nothing. */
  demand(): void
  close(): void
}

export function openWritable(folder: string): Writable {
  const name = join(folder, WRITABLE_FILE)
  closeSync(openSync(name, 'a', 0o600))
  const file = openSync(name, 'r+')
  const byte = new Uint8Array(1)
  return {
    demand: () => void writeSync(file, byte, 0, 1, 0),
    close: () => closeSync(file),
  }
}
