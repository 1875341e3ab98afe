// Room on the disk that is kept for the day on which it is full: even to forget a blob, SQLite has to write first. Given up then, and taken back
// once there is room again.

import { randomFillSync } from 'node:crypto'
import { closeSync, fsyncSync, openSync, rmSync, statSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { RESERVE_BYTES } from '../limits.ts'

export const RESERVE_FILE = 'relay.reserve'

export type Reserve = {
  /** Nothing may grow while it is gone: it would take the room of what makes room. */
  readonly isGone: boolean
  /** False when it was gone already. */
  giveUp(): boolean
  /** Takes it back if there is room. */
  restore(): void
}

export function openReserve(folder: string): Reserve {
  const name = join(folder, RESERVE_FILE)
  let isGone = (statSync(name, { throwIfNoEntry: false })?.size ?? 0) < RESERVE_BYTES
  const restore = (): void => {
    if (!isGone) return
    try {
      fill(name)
      isGone = false
    } catch {
      // The disk is still full. What could be written is given back.
      rmSync(name, { force: true })
    }
  }
  restore()
  return {
    get isGone() {
      return isGone
    },
    giveUp() {
      if (isGone) return false
      rmSync(name, { force: true })
      isGone = true
      return true
    },
    restore,
  }
}

/** With bytes that no file system makes smaller. */
function fill(name: string): void {
  const file = openSync(name, 'w', 0o600)
  try {
    const bytes = randomFillSync(Buffer.alloc(RESERVE_BYTES))
    for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}
