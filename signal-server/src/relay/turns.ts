// Who is served next: addresses take turns, and so do the connections of one address. Without that, whoever asks for most has the most of the
// disk, and everybody else waits behind all of it.

import { TURNS_ADDRESS_BYTES_MAX, TURNS_BYTES_MAX, TURNS_MAX, TURNS_UNDER_WAY_BYTES_MAX } from '../limits.ts'

/** Runs the work when its turn has come, in the order of asking on one stream. Undefined when too many bytes wait already. */
export type Turn = <T>(bytes: number, work: () => Promise<T>) => Promise<T> | undefined
export type Turns = {
  /** One stream of this address. Without an address it shares its turns with nobody. */
  of(address: string | undefined): Turn
}

type QueuedTurn = { readonly bytes: number; readonly begin: () => void }
type AddressQueue = { readonly streams: Map<object, QueuedTurn[]>; bytes: number }

export function createTurns(): Turns {
  /** In the order of their turns: who was served goes to the end, here and among the streams of a line. */
  const lines = new Map<string | object, AddressQueue>()
  let underWay = 0
  let underWayBytes = 0
  let bytes = 0

  const next = (): QueuedTurn | undefined => {
    const [found] = lines
    if (found === undefined) return undefined
    const [address, line] = found
    const [[stream, queue] = [{}, []]] = line.streams
    const waiting = queue.shift()
    lines.delete(address)
    line.streams.delete(stream)
    if (queue.length > 0) line.streams.set(stream, queue)
    if (line.streams.size > 0) lines.set(address, line)
    line.bytes -= waiting?.bytes ?? 0
    bytes -= waiting?.bytes ?? 0
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
  const leave = (size: number): void => {
    underWay -= 1
    underWayBytes -= size
    serve()
  }
  const isFull = (line: AddressQueue, more: number): boolean =>
    line.bytes + more > TURNS_ADDRESS_BYTES_MAX || bytes + more > TURNS_BYTES_MAX

  return {
    of(address) {
      const stream = {}
      const key = address ?? stream
      return <T>(size: number, work: () => Promise<T>) => {
        const line = lines.get(key) ?? { streams: new Map<object, QueuedTurn[]>(), bytes: 0 }
        if (isFull(line, size)) return undefined
        const result = Promise.withResolvers<T>()
        const queue = line.streams.get(stream) ?? []
        const begin = (): void => {
          const outcome = work()
          const end = (): void => leave(size)
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
    },
  }
}
