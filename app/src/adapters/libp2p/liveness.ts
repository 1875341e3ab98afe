// Is the other end of a direct link still there? Pings at intervals and on suspicion; anything that is heard counts as an answer, because a
// pong may wait behind a megabyte on a slow line.

import { HEARTBEAT_MS, HEARTBEATS_MISSED_MAX, PROBE_MS_MAX } from './limits.ts'

export type LivenessOptions = { readonly ping: () => void; readonly silent: () => void }

export class Liveness {
  private readonly options: LivenessOptions
  private readonly heartbeat: ReturnType<typeof setInterval>
  private heardAt = Date.now()
  private heardCount = 0
  private tickedAt = Date.now()
  private waiting: ReturnType<typeof setTimeout> | undefined

  constructor(options: LivenessOptions) {
    this.options = options
    this.heartbeat = setInterval(() => this.beat(), HEARTBEAT_MS)
  }

  heard(): void {
    this.heardAt = Date.now()
    this.heardCount += 1
  }

  /** Calls it silent unless something is heard within PROBE_MS_MAX. */
  probe(): void {
    if (this.waiting !== undefined) return
    const startedAt = Date.now()
    const heardBefore = this.heardCount
    this.waiting = setTimeout(() => {
      this.waiting = undefined
      if (this.heardCount !== heardBefore) return
      // A page that slept through the wait learns nothing from it: what arrived meanwhile has not been read yet.
      if (Date.now() - startedAt > 2 * PROBE_MS_MAX) this.probe()
      else this.options.silent()
    }, PROBE_MS_MAX)
    this.options.ping()
  }

  stop(): void {
    clearInterval(this.heartbeat)
    clearTimeout(this.waiting)
  }

  private beat(): void {
    const now = Date.now()
    const isLate = now - this.tickedAt > 2 * HEARTBEAT_MS
    this.tickedAt = now
    if (isLate) this.probe()
    else if (now - this.heardAt > HEARTBEATS_MISSED_MAX * HEARTBEAT_MS) this.options.silent()
    else this.options.ping()
  }
}
