// Who is served next: addresses take turns, and so do the connections of one address. Without that, whoever asks for most has the most of the
// disk, and everybody else waits behind all of it.

import {
  TURNS_ADDRESS_BYTES_MAX,
  TURNS_ADDRESS_UNDER_WAY_BYTES_MAX,
  TURNS_BYTES_MAX,
  TURNS_MAX,
  TURNS_UNDER_WAY_BYTES_MAX,
} from '../limits.ts'

export type Turn = {
  /** Runs the work when its turn has come, in the order of asking on one stream. Undefined when too many bytes wait already. */
  take<T>(bytes: number, work: () => Promise<T>): Promise<T> | undefined
  /** The stream has ended. */
  close(): void
}
export type Turns = {
  /** One stream of this address. Without an address it shares its turns with nobody. */
  of(address: string | undefined): Turn
}

type QueuedTurn = { readonly bytes: number; readonly begin: () => void }
type Line = { readonly streams: Map<object, QueuedTurn[]>; bytes: number }

export function createTurns(): Turns {
  /** In the order of their turns: who was served goes to the end, here and among the streams of a line. */
  const lines = new Map<string | object, Line>()
  /** Streams that are open, and bytes under way, of each address. */
  const open = new Map<string | object, number>()
  const busy = new Map<string | object, number>()
  let underWay = 0
  let underWayBytes = 0
  let bytes = 0

  /** Whoever is alone has all of it. The others would wait for all that one of them has under way. */
  const mayBegin = (address: string | object): boolean => open.size <= 1 || (busy.get(address) ?? 0) < TURNS_ADDRESS_UNDER_WAY_BYTES_MAX
  const next = (): QueuedTurn | undefined => {
    for (const [address, line] of lines) if (mayBegin(address)) return takeFrom(address, line)
    return undefined
  }
  const takeFrom = (address: string | object, line: Line): QueuedTurn | undefined => {
    const [[stream, queue] = [{}, []]] = line.streams
    const waiting = queue.shift()
    lines.delete(address)
    line.streams.delete(stream)
    if (queue.length > 0) line.streams.set(stream, queue)
    if (line.streams.size > 0) lines.set(address, line)
    line.bytes -= waiting?.bytes ?? 0
    bytes -= waiting?.bytes ?? 0
    if (waiting) add(busy, address, waiting.bytes)
    return waiting
  }
  const serve = (): void => {
    while (underWay < TURNS_MAX && underWayBytes < TURNS_UNDER_WAY_BYTES_MAX) {
      const waiting = next()
      if (waiting === undefined) return
      underWay += 1
      underWayBytes += waiting.bytes
      waiting.begin()
    }
  }
  const leave = (address: string | object, size: number): void => {
    underWay -= 1
    underWayBytes -= size
    add(busy, address, -size)
    serve()
  }
  const isFull = (line: Line, more: number): boolean => line.bytes + more > TURNS_ADDRESS_BYTES_MAX || bytes + more > TURNS_BYTES_MAX

  return {
    of(address) {
      const stream = {}
      const key = address ?? stream
      add(open, key, 1)
      const take = <T>(size: number, work: () => Promise<T>): Promise<T> | undefined => {
        const line = lines.get(key) ?? { streams: new Map<object, QueuedTurn[]>(), bytes: 0 }
        if (isFull(line, size)) return undefined
        const result = Promise.withResolvers<T>()
        const queue = line.streams.get(stream) ?? []
        const begin = (): void => {
          const outcome = work()
          const end = (): void => leave(key, size)
          outcome.then(end, end)
          result.resolve(outcome)
        }
        queue.push({ bytes: size, begin })
        line.streams.set(stream, queue)
        line.bytes += size
        bytes += size
        lines.set(key, line)
        serve()
        return result.promise
      }
      let isClosed = false
      const close = (): void => {
        if (!isClosed) add(open, key, -1)
        isClosed = true
        serve()
      }
      return { take, close }
    },
  }
}

/** What is nothing is not there. */
function add(counts: Map<string | object, number>, key: string | object, more: number): void {
  const count = (counts.get(key) ?? 0) + more
  if (count > 0) counts.set(key, count)
  else counts.delete(key)
}
