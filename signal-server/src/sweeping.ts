// Forgets what has expired, as long as the clock can be believed. A clock that is set by a year, or that was wrong when the relay started, must not cost
// anybody a blob that was acknowledged:
// - Set forward, every blob is kept for as much longer. Set back, none is kept for less: which of them were brought under the wrong clock cannot be told.
// - Nothing is forgotten before the clock was believed for a day, in which the operator can set it right. A relay that is started again remembers that.
// - Only then what was kept for too long is cut to what a blob has that comes now.

import { BLOB_MS_MAX, CLOCK_CHECK_MS, CLOCK_DISTRUST_MS, CLOCK_GAP_MS_MAX, CLOCK_STEP_MS_MIN, QUIET_MS_MAX, SWEEP_MS } from './limits.ts'
import type { ClockMark, ClockMarks } from './clock-mark.ts'
import type { Relay, Storage } from './relay/index.ts'
import type { Log } from './reports.ts'

export type SweeperParts = {
  readonly relay: Relay
  readonly storage: Storage
  /** Milliseconds since 1970, as the machine believes. */
  readonly clock: () => number
  /** Milliseconds since some moment, whatever the clock is set to. */
  readonly steady: () => number
  readonly marks: ClockMarks
  readonly log: Log
  /** Where several relays share a store, one of them does for all what is done once: whether it is this one's turn, which nobody else has for so long. */
  readonly takeTurn?: (name: string, ms: number) => Promise<boolean>
}
export type Sweeper = {
  /** Compares the clock with the last look before this start, or else with the newest deposit: it may be later after a long rest, or because it is wrong. */
  begin(): Promise<void>
  /** Looks whether the clock was set, and forgets what is due. To be called every now and then. */
  tick(): Promise<void>
}

export function createSweeper({ relay, storage, clock, steady, marks, log, takeTurn = async () => true }: SweeperParts): Sweeper {
  let offset = clock() - steady()
  /** Until `begin` knows better. */
  let believedFrom = steady() + CLOCK_DISTRUST_MS
  let sweptAt = -Infinity

  const distrust = (why: string): void => {
    believedFrom = steady() + CLOCK_DISTRUST_MS
    log(`${why}; if that is wrong, set this machine's clock right (NTP): nothing is forgotten for ${hoursOf(CLOCK_DISTRUST_MS)}`)
  }
  const remember = (): Promise<void> => marks.write({ seen: clock(), distrustMs: Math.max(0, believedFrom - steady()) })
  /** By how many milliseconds the clock was set since the last look. */
  const stepOf = (): number => {
    const now = clock() - steady()
    const step = Math.round(now - offset)
    return Math.abs(step) < CLOCK_STEP_MS_MIN ? 0 : step
  }
  const follow = async (step: number): Promise<void> => {
    // All of them see the step within a minute.
    if (step > 0 && (await takeTurn('shift', 2 * CLOCK_CHECK_MS))) await storage.shiftBlobs({ by: step })
    offset += step
    distrust(`the clock was set ${step > 0 ? 'forward' : 'back'} by ${hoursOf(Math.abs(step))}`)
  }

  return {
    async begin() {
      const mark = await marks.read()
      const { newest } = await storage.newestExpiry({})
      const doubt = doubtOf(clock(), mark, newest)
      if (doubt !== undefined) distrust(doubt)
      // Without a mark, as after an update, what waits is kept for the day as well; an empty store has nothing to lose.
      else if (mark !== undefined || newest === undefined) believedFrom = steady() + Math.min(mark?.distrustMs ?? 0, CLOCK_DISTRUST_MS)
      await remember()
    },
    async tick() {
      const step = stepOf()
      if (step !== 0) await follow(step)
      await remember()
      const now = steady()
      if (now < believedFrom || now - sweptAt < SWEEP_MS) return
      sweptAt = now
      if (!(await takeTurn('sweep', SWEEP_MS - CLOCK_CHECK_MS))) return
      await storage.capBlobs({ latest: clock() + BLOB_MS_MAX })
      await relay.sweep()
    },
  }
}

/** Why the clock may be wrong at the start, if it may. */
function doubtOf(now: number, mark: ClockMark | undefined, newest: number | undefined): string | undefined {
  if (mark !== undefined) {
    const rest = now - mark.seen
    if (rest > CLOCK_GAP_MS_MAX) return `by the clock the relay rested for ${hoursOf(rest)}`
    return rest <= -CLOCK_STEP_MS_MIN ? `the clock is ${hoursOf(-rest)} behind what it was when the relay last ran` : undefined
  }
  const quiet = newest === undefined ? 0 : now - (newest - BLOB_MS_MAX)
  return quiet > QUIET_MS_MAX ? `by the clock nothing was brought for ${hoursOf(quiet)}` : undefined
}

/** Starts at once and goes on until the function that it gives back is called. */
export function startSweeping(sweeper: Sweeper, report: (error: unknown) => void): () => void {
  let isBusy = true
  let isOver = false
  // What was under way when the storage closed failed for no reason that anybody must know.
  const failed = (error: unknown): void => void (isOver || report(error))
  const tick = async (): Promise<void> => {
    if (isOver) return
    isBusy = true
    await sweeper.tick().catch(failed)
    isBusy = false
  }
  // Not told how long it was quiet, it looks at the clock all the same, and believes it in a day.
  void sweeper.begin().catch(failed).then(tick)
  // A disk that takes minutes must not have one step of the clock followed twice.
  const timer = setInterval(() => void (isBusy || tick()), CLOCK_CHECK_MS)
  return () => {
    isOver = true
    clearInterval(timer)
  }
}

const hoursOf = (ms: number): string => `${(ms / 3_600_000).toFixed(ms < 36_000_000 ? 1 : 0)} hours`
