// What the relay says of failures: each once a minute, because a full disk must not fill the log as well.

import { REPORT_EVERY_MS, REPORTS_MAX } from './limits.ts'

export function createReport(log: (line: string) => void, clock: () => number): (error: unknown) => void {
  const seen = new Map<string, number>()
  return (error) => {
    const message = error instanceof Error ? error.message : String(error)
    const now = clock()
    if (now - (seen.get(message) ?? 0) < REPORT_EVERY_MS) return
    if (seen.size >= REPORTS_MAX) seen.clear()
    seen.set(message, now)
    log(`${message}; devices are told to try again. If it lasts, look at the disk and at KITH_STORE_MB`)
  }
}
