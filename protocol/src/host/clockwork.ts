// The slow pulse of a running engine: what depends on time alone is looked after once a second.

import type { Timer } from '../ports.ts'

const TICK_MS = 1_000

/** Calls `tick` every second, with how often it was called, until it is stopped. */
export function createClockwork(timer: Timer, tick: (count: number) => void): { readonly stop: () => void } {
  let count = 0
  let cancel = timer(TICK_MS, next)
  function next(): void {
    count += 1
    cancel = timer(TICK_MS, next)
    tick(count)
  }
  return { stop: () => cancel() }
}
