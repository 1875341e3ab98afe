// Who may begin a handshake, and when. It costs some milliseconds in which nobody else is served, and connections that are closed again are no more than one at
// a time, so they are counted over time as well. While there are others, those of one address come one after the other, with a rest for as long as each takes.

import { performance } from 'node:perf_hooks'
import {
  ADDRESS_ARRIVALS_PER_MINUTE_MIN,
  ADDRESS_ARRIVALS_PER_PLACE_MAX,
  ADDRESSES_REMEMBERED_MAX,
  ARRIVAL_REST_MS,
  ARRIVAL_WAIT_MS_MAX,
} from '../limits.ts'
import { createAddressRates, perMinute } from '../relay/index.ts'
import type { Duplex } from 'node:stream'

export type ArrivalOptions = {
  readonly perMinuteMax: number
  /** True when nobody else is connected whom it would keep waiting. */
  readonly isAlone: (address: string) => boolean
  readonly onRefused: () => void
  readonly steady?: () => number
}
export type Arrivals = {
  /** Calls `enter` now or in its turn, unless the socket is closed by then. False when there were too many: then it is never called. */
  come(address: string, socket: Pick<Duplex, 'destroyed' | 'once' | 'off'>, enter: () => void): boolean
}

/** Whoever may have so many connections may open them all, lose them all and open them again within a minute. */
export const arrivalsPerMinuteOf = (connectionsMax: number): number =>
  Math.max(ADDRESS_ARRIVALS_PER_MINUTE_MIN, connectionsMax * ADDRESS_ARRIVALS_PER_PLACE_MAX)

export function createArrivals({ perMinuteMax, isAlone, onRefused, steady = () => performance.now() }: ArrivalOptions): Arrivals {
  const rates = createAddressRates(perMinute(perMinuteMax))
  /** When the next one of an address may come, the latest at the end. */
  const turns = new Map<string, number>()

  const turnOf = (address: string, now: number): number => {
    const turn = Math.max(now, turns.get(address) ?? 0)
    turns.delete(address)
    turns.set(address, turn + ARRIVAL_REST_MS)
    for (const [each, next] of turns) {
      if (next > now && turns.size <= ADDRESSES_REMEMBERED_MAX) break
      turns.delete(each)
    }
    return turn
  }
  return {
    come(address, socket, enter) {
      const now = steady()
      const waits = Math.max(0, (turns.get(address) ?? 0) - now)
      const isRefused = (waits > ARRIVAL_WAIT_MS_MAX && !isAlone(address)) || rates.take(address, now) > 0
      if (isRefused) {
        onRefused()
        return false
      }
      const turn = isAlone(address) ? now : turnOf(address, now)
      if (turn <= now) {
        enter()
        return true
      }
      const leave = (): void => clearTimeout(timer)
      const timer = setTimeout(() => {
        socket.off('close', leave)
        if (!socket.destroyed) enter()
      }, turn - now)
      socket.once('close', leave)
      return true
    },
  }
}
