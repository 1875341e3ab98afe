// Exponential backoff with jitter. Pure: the random source arrives as an input. Used for relays and for direct dials.

import type { Random } from '@kith/protocol'

export type Backoff = {
  /** The next delay: between half and all of a step that doubles up to `maxMs`. */
  readonly next: () => number
  readonly reset: () => void
}

export function createBackoff(options: { readonly firstMs: number; readonly maxMs: number; readonly random: Random }): Backoff {
  let step = options.firstMs
  return {
    next: () => {
      const delay = step / 2 + (step / 2) * randomFraction(options.random)
      step = Math.min(step * 2, options.maxMs)
      return delay
    },
    reset: () => {
      step = options.firstMs
    },
  }
}

/** In [0, 1), from two random bytes: enough to spread delays. */
export function randomFraction(random: Random): number {
  const [high = 0, low = 0] = random(2)
  return (high * 256 + low) / 65_536
}
