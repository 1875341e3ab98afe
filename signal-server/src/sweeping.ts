// Forgets what has expired, as long as the clock can be believed. A clock that is set by a year must not cost anybody a blob that was acknowledged:
// what waits keeps the time that it had left, and nothing is forgotten for a day, in which the operator can set the clock right.

import { BLOB_MS_MAX, CLOCK_CHECK_MS, CLOCK_DISTRUST_MS, CLOCK_STEP_MS_MIN, QUIET_MS_MAX, SWEEP_MS } from './limits.ts'
import type { Relay, Storage } from './relay/index.ts'
import type { Log } from './reports.ts'

export type SweeperParts = {
  readonly relay: Relay
  readonly storage: Storage
  /** Milliseconds since 1970, as the machine believes. */
  readonly clock: () => number
  /** Milliseconds since some moment, whatever the clock is set to. */
  readonly steady: () => number
  readonly log: Log
}
export type Sweeper = {
  /** Compares the clock with the newest deposit: both may be weeks apart after a long rest, or because one of them was made under a wrong clock. */
  begin(): Promise<void>
  /** Looks whether the clock was set, and forgets what is due. To be called every now and then. */
  tick(): Promise<void>
}

export function createSweeper({ relay, storage, clock, steady, log }: SweeperParts): Sweeper {
  let offset = clock() - steady()
  let believedFrom = -Infinity
  let sweptAt = -Infinity

  const distrust = (why: string): void => {
    believedFrom = steady() + CLOCK_DISTRUST_MS
    log(`${why}; if that is wrong, set this machine's clock right (NTP): nothing is forgotten for ${hoursOf(CLOCK_DISTRUST_MS)}`)
  }
  /** By how many milliseconds the clock was set since the last look. */
  const stepOf = (): number => {
    const now = clock() - steady()
    const step = Math.round(now - offset)
    return Math.abs(step) < CLOCK_STEP_MS_MIN ? 0 : step
  }
  const follow = async (step: number): Promise<void> => {
    await storage.shiftBlobs({ by: step })
    offset += step
    distrust(`the clock was set ${step > 0 ? 'forward' : 'back'} by ${hoursOf(Math.abs(step))}`)
  }

  return {
    async begin() {
      const { newest } = await storage.newestExpiry({})
      const quiet = newest === undefined ? 0 : clock() - (newest - BLOB_MS_MAX)
      if (quiet > QUIET_MS_MAX) distrust(`by the clock nothing was brought for ${hoursOf(quiet)}`)
    },
    async tick() {
      const step = stepOf()
      if (step !== 0) await follow(step)
      const now = steady()
      if (now < believedFrom || now - sweptAt < SWEEP_MS) return
      sweptAt = now
      await relay.sweep()
    },
  }
}

/** Starts at once and goes on until the function that it gives back is called. */
export function startSweeping(sweeper: Sweeper, report: (error: unknown) => void): () => void {
  const tick = (): void => void sweeper.tick().catch(report)
  // Not told how long it was quiet, it sweeps all the same: storage that fails says so to everybody.
  void sweeper.begin().catch(report).then(tick)
  const timer = setInterval(tick, CLOCK_CHECK_MS)
  return () => clearInterval(timer)
}

const hoursOf = (ms: number): string => `${(ms / 3_600_000).toFixed(ms < 36_000_000 ? 1 : 0)} hours`
