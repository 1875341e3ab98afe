// Whether messages are heard on this device, and when: once for what comes at once, by one tab, and not where it has been read meanwhile.

import { kept } from '../storage/index.ts'
import { playChime } from './chime.ts'

const KEY = 'kith.sounds'
export const areSoundsOn = (): boolean => kept.getItem(KEY) !== 'off'
export const keepSounds = (on: boolean): void => kept.setItem(KEY, on ? 'on' : 'off')

/** Messages that follow each other more closely are heard as one, ms. */
export const BURST_GAP_MS = 3_000
/** What was written longer ago was not missed by a moment: it is what somebody catches up on, ms. */
export const CAUGHT_UP_MS = 120_000
/** What is caught up on comes in parts, and all of it is heard as one, ms. */
export const CAUGHT_UP_GAP_MS = 60_000

/** Whether what comes now is to be heard, of which the newest was written at that time, ms. */
export const createBursts = (clock: () => number = Date.now) => {
  let last = -Infinity
  return (written: number): boolean => {
    const now = clock()
    const gap = now - written > CAUGHT_UP_MS ? CAUGHT_UP_GAP_MS : BURST_GAP_MS
    const isFirst = now - last > gap
    last = now
    return isFirst
  }
}

/** For another tab or device, in which the chat is looked at, to say that it was read, ms. */
const READ_WAIT_MS = 400
/** The tab that sounds keeps the others from it, ms. Timers of tabs that nobody looks at come a second late. */
const TURN_MS = 2_500
const TURN = 'kith-chime'
const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms))

type Parts = { readonly locks?: Pick<LockManager, 'request'> | undefined; readonly play?: () => Promise<unknown> }

/** `isStill`: it is still to be heard. Resolves when it has begun, or will not. */
export async function soundOnce(isStill: () => boolean, { locks = navigator.locks, play = playChime }: Parts = {}): Promise<void> {
  await pause(READ_WAIT_MS)
  if (!isStill()) return
  // A browser that makes no sound is told so in the settings, where somebody asks for one.
  const sound = (): Promise<unknown> => play().catch(() => false)
  if (locks === undefined) return void (await sound())
  await new Promise<void>((begun) => {
    void locks.request(TURN, { ifAvailable: true }, async (lock) => {
      if (lock !== null) await sound()
      begun()
      if (lock !== null) await pause(TURN_MS)
    })
  })
}
