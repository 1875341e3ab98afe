// Nothing is written into a database without room for it: Chromium tears its log when the disk is full, and throws the whole database away
// when it meets such a tear for the second time. So it is looked first, on a file that cannot harm, and after a failed write the databases
// are mended before anything else is written (docs/decisions/0017).

import { StoreError } from '@kith/protocol'
import {
  ROOM_LOOKS_SHARE_MAX,
  ROOM_PROBE_PIECES,
  ROOM_RETRY_MS,
  ROOM_SLOW_PROBE_MS_MIN,
  ROOM_SPENT_BYTES_MAX,
  ROOM_TO_MEND_BYTES_MIN,
  ROOM_TO_OPEN_BYTES_MIN,
  ROOM_TO_WRITE_BYTES_MIN,
  ROOM_UNSEEN_BYTES_MAX,
  ROOM_UNSEEN_MS,
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

/** Room that was found. It counts for so many `ms` and written `bytes`. */
type Found = { readonly at: number; readonly ms: number; readonly bytes: number; spent: number }

export type RoomParts = {
  readonly ground: Ground
  readonly clock: () => number
  /** What opening has found, which counts for the first writes too. */
  readonly found?: Found | undefined
  /** Called once, after a write failed. The error is a StoreError `quota` when there is no room. */
  readonly onFailed: (error: unknown) => void
}

/** For databases that nobody fills. */
export const ENDLESS_ROOM: Room = { claim: () => undefined, failed: () => undefined }

export function createRoom({ ground, clock, found, onFailed }: RoomParts): Room {
  let seen = found
  let isTorn = false

  function look(bytes: number): boolean {
    const now = clock()
    const counts = seen !== undefined && now >= seen.at && now - seen.at < seen.ms && seen.spent + bytes <= seen.bytes
    if (!counts) seen = find({ ground, clock, bytes: ROOM_TO_WRITE_BYTES_MIN + bytes })
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

// In a private window a look would take a tenth of a second and more, and whoever writes or starts waits for it. There is no disk there that others fill,
// so it ends once even the quicker of two probes was slow; a single one may be because the machine is busy.
function find({ ground, clock, bytes }: Pick<RoomParts, 'ground' | 'clock'> & { readonly bytes: number }): Found | undefined {
  const from = clock()
  const probes: number[] = []
  let [since, pieces] = [from, 0]
  const isPrivate = (): boolean => probes.length >= 2 && Math.min(...probes) >= ROOM_SLOW_PROBE_MS_MIN
  const isEnough = (): boolean => {
    pieces += 1
    if (pieces % ROOM_PROBE_PIECES !== 0) return false
    const now = clock()
    probes.push(now - since)
    since = now
    return isPrivate()
  }
  if (ground.look(bytes, isEnough) === 'full') return undefined
  const at = clock()
  ground.set('slow', isPrivate() ? 'on' : 'off')
  const counts = isPrivate() ? ROOM_UNSEEN_BYTES_MAX : ROOM_SPENT_BYTES_MAX
  return { at, ms: Math.max(ROOM_WINDOW_MS, (at - from) / ROOM_LOOKS_SHARE_MAX), bytes: counts, spent: 0 }
}

export type OpeningParts = {
  readonly ground: Ground
  readonly clock: () => number
  /** Called once, when opening has to wait for room. */
  readonly onFull: () => void
  readonly mend: () => Promise<void>
  readonly pause?: (ms: number) => Promise<void>
}

/** Resolves with the room that was found when databases may be opened: there is some, and no failed write has left anything behind. */
export async function readyToOpen({ ground, clock, onFull, mend, pause = wait }: OpeningParts): Promise<Found | undefined> {
  const isTorn = ground.has('torn')
  if (!isTorn && ground.has('slow')) return { at: clock(), ms: ROOM_UNSEEN_MS, bytes: ROOM_UNSEEN_BYTES_MAX, spent: 0 }
  const bytes = isTorn ? ROOM_TO_MEND_BYTES_MIN : ROOM_TO_OPEN_BYTES_MIN
  let found = find({ ground, clock, bytes })
  if (found === undefined) onFull()
  for (; found === undefined; found = find({ ground, clock, bytes })) await pause(ROOM_RETRY_MS)
  if (!isTorn) return found
  await mend()
  ground.set('torn', 'off')
  // Mending has written.
  return undefined
}

const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))
