// Looks every few seconds for what was held back until now. Where several relays share a store, one of them does so for all.

import { RELEASE_MS, RELEASE_SHARED_MS } from './limits.ts'
import type { Relay } from './relay/index.ts'

type ReleasingParts = {
  readonly takeTurn: ((name: string, ms: number) => Promise<boolean>) | undefined
  readonly report: (error: unknown) => void
}

/** Goes on until the function that it gives back is called. */
export function startReleasing(relay: Pick<Relay, 'release'>, { takeTurn, report }: ReleasingParts): () => void {
  const ms = takeTurn === undefined ? RELEASE_MS : RELEASE_SHARED_MS
  let isBusy = false
  let isOver = false
  const look = async (): Promise<void> => {
    // Half of the pause: whoever was first is so again, and whoever takes its place does not wait twice.
    if (takeTurn === undefined || (await takeTurn('release', ms / 2))) await relay.release()
  }
  const timer = setInterval(() => {
    if (isBusy) return
    isBusy = true
    look()
      // What was under way when the storage closed failed for no reason that anybody must know.
      .catch((error: unknown) => void (isOver || report(error)))
      .finally(() => (isBusy = false))
  }, ms)
  return () => {
    isOver = true
    clearInterval(timer)
  }
}
