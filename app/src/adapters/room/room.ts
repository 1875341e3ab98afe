// Nothing is written into a database without room for it: Chromium tears its log when the disk is full, and throws the whole database away
// when it meets such a tear for the second time. So it is looked first, on a file that cannot harm, and after a failed write the databases
// are mended before anything else is written (docs/decisions/0017).

import { StoreError } from '@kith/protocol'
import {
  ROOM_RETRY_MS,
  ROOM_SPENT_BYTES_MAX,
  ROOM_TO_MEND_BYTES_MIN,
  ROOM_TO_OPEN_BYTES_MIN,
  ROOM_TO_WRITE_BYTES_MIN,
  ROOM_WINDOW_MS,
} from './limits.ts'
import { isNoRoom } from '../indexeddb/requests.ts'
import type { Ground } from './ground.ts'

export type Room = {
  /** Throws StoreError `quota` when there is no room for a write of so many bytes. Then nothing may be written. */
  claim(bytes: number): void
  /** A write failed and may have been cut off: from now on `claim` refuses, and whoever opens the databases next mends them first. */
  failed(cause: unknown): void
}

export type RoomParts = {
  readonly ground: Ground
  readonly clock: () => number
  /** Called once, after a write failed. The error is a StoreError `quota` when there is no room. */
  readonly onFailed: (error: unknown) => void
}

/** For databases that nobody fills. */
export const ENDLESS_ROOM: Room = { claim: () => undefined, failed: () => undefined }

export function createRoom({ ground, clock, onFailed }: RoomParts): Room {
  let seen: { readonly at: number; spent: number } | undefined
  let isTorn = false

  function look(bytes: number): boolean {
    const now = clock()
    const counts = seen !== undefined && now >= seen.at && now - seen.at < ROOM_WINDOW_MS && seen.spent + bytes <= ROOM_SPENT_BYTES_MAX
    if (!counts) seen = ground.look(ROOM_TO_WRITE_BYTES_MIN + bytes) === 'full' ? undefined : { at: now, spent: 0 }
    if (seen === undefined) return false
    seen.spent += bytes
    return true
  }

  return {
    claim(bytes) {
      if (isTorn || !look(bytes)) throw new StoreError('quota', 'the disk has no room')
    },
    failed(cause) {
      if (isTorn) return
      isTorn = true
      ground.set('torn', 'on')
      const isFull = isNoRoom(cause) || ground.look(ROOM_TO_WRITE_BYTES_MIN) === 'full'
      onFailed(isFull ? new StoreError('quota', 'the disk is full', { cause }) : cause)
    },
  }
}

export type OpeningParts = {
  readonly ground: Ground
  /** Called once, when opening has to wait for room. */
  readonly onFull: () => void
  readonly mend: () => Promise<void>
  readonly pause?: (ms: number) => Promise<void>
}

/** Resolves when databases may be opened: there is room, and no failed write has left anything behind. */
export async function readyToOpen({ ground, onFull, mend, pause = wait }: OpeningParts): Promise<void> {
  const isTorn = ground.has('torn')
  const bytes = isTorn ? ROOM_TO_MEND_BYTES_MIN : ROOM_TO_OPEN_BYTES_MIN
  for (let looks = 0; ground.look(bytes) === 'full'; looks += 1) {
    if (looks === 0) onFull()
    await pause(ROOM_RETRY_MS)
  }
  if (!isTorn) return
  await mend()
  ground.set('torn', 'off')
}

const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))
