// Who is read from next. The event loop takes all that a socket has, message by message, before it comes to the next one, and so whoever sends most would have
// most of it. While there are others, the sockets of an address rest after they were read for as long as reading them took, all of them together.

import { performance } from 'node:perf_hooks'
import { READ_REST_MS_MAX, READ_REST_MS_MIN } from '../limits.ts'

/** What is used of a WebSocket of `ws`. */
export type ReadSocket = { pause(): void; resume(): void }
/** One socket: `begin` before what it brought is looked at, `end` after that. */
export type Reading = { begin(): void; end(): void; close(): void }
export type Readings = {
  of(address: string, socket: ReadSocket): Reading
  /** True when no other address has a socket. */
  isAlone(address: string): boolean
}

/** `owedUntil`: until when it rests, or would if it were long enough to be worth it. */
type Line = { readonly sockets: Set<ReadSocket>; owedUntil: number; timer: NodeJS.Timeout | undefined }

export function createReadings(steady: () => number = () => performance.now()): Readings {
  const lines = new Map<string, Line>()

  const wake = (line: Line): void => {
    line.timer = undefined
    for (const socket of line.sockets) socket.resume()
  }
  const rest = (line: Line, ms: number): void => {
    for (const socket of line.sockets) socket.pause()
    line.timer = setTimeout(wake, ms, line)
  }
  return {
    isAlone: (address) => lines.size === 0 || (lines.size === 1 && lines.has(address)),
    of(address, socket) {
      const line = lines.get(address) ?? { sockets: new Set(), owedUntil: 0, timer: undefined }
      lines.set(address, line)
      line.sockets.add(socket)
      let since = 0
      return {
        begin: () => void (since = steady()),
        end() {
          const now = steady()
          // Whoever is alone keeps nobody waiting.
          if (lines.size === 1) return
          // Being read is no rest: what was owed before is still owed.
          const ms = Math.min(Math.max(0, line.owedUntil - since) + now - since, READ_REST_MS_MAX)
          line.owedUntil = now + ms
          if (line.timer === undefined && ms >= READ_REST_MS_MIN) rest(line, ms)
        },
        close() {
          line.sockets.delete(socket)
          if (line.sockets.size > 0) return
          clearTimeout(line.timer)
          if (lines.get(address) === line) lines.delete(address)
        },
      }
    },
  }
}
