// What is sent to a device within one turn of the event loop leaves as one WebSocket message. libp2p sends each part of each message of its
// layers by itself: two for a packet of Noise, each with a head of its own, a call to the system, and an event at the other side.

import { concatBytes } from '@kith/protocol'
import { SOCKET_GATHERED_BYTES_MAX } from '../limits.ts'

/** What is used of a WebSocket of `ws`. */
export type SendingSocket = {
  send(data: Uint8Array): void
  close(code?: number, reason?: string): void
  readonly bufferedAmount: number
}

export function gatherSends(socket: SendingSocket): void {
  const send = socket.send.bind(socket)
  const close = socket.close.bind(socket)
  const unsent = (): number => Reflect.get(Object.getPrototypeOf(socket) as object, 'bufferedAmount', socket) as number
  let waiting: Uint8Array[] = []
  let bytes = 0
  let timer: NodeJS.Immediate | undefined

  const flush = (): void => {
    clearImmediate(timer)
    timer = undefined
    const [first, ...others] = waiting
    waiting = []
    bytes = 0
    if (first !== undefined) send(others.length === 0 ? first : concatBytes(first, ...others))
  }
  socket.send = (data) => {
    waiting.push(data)
    bytes += data.length
    if (bytes >= SOCKET_GATHERED_BYTES_MAX) flush()
    else timer ??= setImmediate(flush)
  }
  socket.close = (code, reason) => {
    flush()
    close(code, reason)
  }
  // libp2p stops sending when too much waits.
  Object.defineProperty(socket, 'bufferedAmount', { get: () => bytes + unsent() })
}
