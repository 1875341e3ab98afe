// What the operator reads while the relay runs: one line each, with the setting to look at, and the same line at most once a minute, so that
// neither a full disk nor a flood fills the log. No line names a visitor.

import { REPORT_EVERY_MS, REPORTS_MAX } from './limits.ts'
import { arrivalsPerMinuteOf } from './transport/arrivals.ts'
import type { Config } from './config.ts'
import type { PushResult } from './web-push/sender.ts'

export type Log = (message: string) => void
/** Why an address has to wait. */
export type Refusal = 'connection' | 'arrival' | 'creation' | 'share'
export type Reports = {
  /** The relay could not do what a device asked for. */
  failed(error: unknown): void
  /** An address has as many connections as one may have. */
  refusedConnection(): void
  /** An address has begun as many handshakes as one may begin in a minute. */
  refusedArrival(): void
  /** An address has created as much as one may create in a minute. */
  refusedCreation(): void
  /** As much waits from an address as may wait from one. */
  refusedShare(): void
  /** What came of a push to a push service. */
  pushed(result: PushResult, host: string): void
}

export function createReports(config: Config, log: Log, onRefused: (why: Refusal) => void = () => {}): Reports {
  const report = onceAMinute(log)
  const proxy = config.forwardedFor === 'ignore' ? 'if it is your reverse proxy, set KITH_FORWARDED_FOR=last; ' : ''
  return {
    failed: (error) => report(`${failureOf(error)}; devices are told to try again. If it lasts, look at the disk and at KITH_STORE_MB`),
    refusedConnection: () => {
      onRefused('connection')
      report(
        `an address has ${config.connectionsPerAddressMax} connections open and gets no more; ${proxy}if many people share it, raise KITH_MAX_PER_ADDRESS`,
      )
    },
    refusedArrival: () => {
      onRefused('arrival')
      report(
        `an address opened ${arrivalsPerMinuteOf(config.connectionsPerAddressMax)} connections in a minute, or more at once than can come in turn, and has to wait; ${proxy}if many people share it, raise KITH_MAX_PER_ADDRESS`,
      )
    },
    refusedCreation: () => {
      onRefused('creation')
      report(
        `an address created ${config.createsPerMinute} mailboxes and records in a minute and has to wait; ${proxy}if many people share it, raise KITH_CREATES_PER_MINUTE`,
      )
    },
    refusedShare: () => {
      onRefused('share')
      report(
        `what waits from an address takes ${config.addressSharePercent} percent of the store and gets no more; ${proxy}if many people share it, raise KITH_ADDRESS_SHARE`,
      )
    },
    pushed: (result, host) => {
      if (result === 'lost')
        report(`the push service ${host} is out of reach or busy; some devices are not woken. Look at whether this machine reaches it`)
      if (result === 'refused') report(`the push service ${host} refuses what this relay sends; look at KITH_PUSH_CONTACT and at the clock`)
    },
  }
}

function onceAMinute(log: Log): Log {
  const seen = new Map<string, number>()
  return (message) => {
    const now = performance.now()
    if (now - (seen.get(message) ?? -Infinity) < REPORT_EVERY_MS) return
    if (seen.size >= REPORTS_MAX) seen.clear()
    seen.set(message, now)
    log(message)
  }
}

// What the system says of a file names its path, and a visitor chose that: an app that encodes `#` makes a path of a link's secret.
const failureOf = (error: unknown): string =>
  error instanceof Error && 'path' in error && 'syscall' in error && 'code' in error
    ? `${String(error.syscall)} failed with ${String(error.code)}`
    : messageOf(error)

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
