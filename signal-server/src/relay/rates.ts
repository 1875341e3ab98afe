// Token buckets: so many at once, then one more after each interval. The clock is given with every question.

import type { Rate } from '../limits.ts'

export type Bucket = {
  /** Takes `count` tokens and answers 0, or takes none and answers in how many milliseconds they will be there. */
  take(now: number, count: number): number
}

/** As many at once as in a minute. */
export const perMinute = (count: number): Rate => ({ burst: count, refillMs: 60_000 / count })

export function createBucket({ burst, refillMs }: Rate): Bucket {
  let tokens = burst
  let at: number | undefined
  return {
    take(now, count) {
      // A clock that goes back refills nothing and breaks nothing.
      tokens = Math.min(burst, tokens + Math.max(0, now - (at ?? now)) / refillMs)
      at = now
      if (tokens < count) return Math.max(1, Math.ceil((count - tokens) * refillMs))
      tokens -= count
      return 0
    },
  }
}
