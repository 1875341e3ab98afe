// The slow pulse of a running engine: what depends on time alone is looked after once a second.

import type { Timer } from '../ports.ts'

const TICK_MS = 1_000

export type Clockwork = { readonly stop: () => void; readonly isStopped: () => boolean }

/** Calls `tick` every second, with how often it was called, until it is stopped. */
export function createClockwork(timer: Timer, tick: (count: number) => void): Clockwork {
  let count = 0
  let isStopped = false
  let cancel = timer(TICK_MS, next)
  function next(): void {
    count += 1
    cancel = timer(TICK_MS, next)
    tick(count)
  }
  return {
    stop() {
      isStopped = true
      cancel()
    },
    isStopped: () => isStopped,
  }
}
