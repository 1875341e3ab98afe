// The clock by which blobs and records are kept: the machine's own, or that of a store that several relays share, so that all of them agree.

import { CLOCK_CHECK_MS } from './limits.ts'
import type { SharedStore } from './storage/storage.ts'

export type StoreClock = {
  /** Milliseconds since 1970. */
  now(): number
  stop(): void
}

/** `steady`: milliseconds since some moment, whatever the clock is set to. */
export async function startStoreClock(
  shared: SharedStore | undefined,
  { steady, report }: { readonly steady: () => number; readonly report: (error: unknown) => void },
): Promise<StoreClock> {
  if (!shared) return { now: Date.now, stop: () => {} }
  const look = async (): Promise<number> => (await shared.time()) - steady()
  let offset = await look()
  const follow = (): void =>
    void look().then((found) => {
      offset = found
    }, report)
  // Looked at twice in each time in which the sweeper looks once.
  const timer = setInterval(follow, CLOCK_CHECK_MS / 2)
  return { now: () => Math.floor(steady() + offset), stop: () => clearInterval(timer) }
}
