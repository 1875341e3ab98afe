// Devices that are gone without a word: their machine sleeps, or its network changed. Every device asks now and then whether the relay is there, and so its
// bytes say that it is; whoever is silent for longer is asked, which browsers answer by themselves, and ends when nothing comes. Asking each of them as often
// as they ask cost a relay with many devices most of what it did while they only waited.

import { SILENT_CHECKS_MAX, SILENT_CHECKS_MIN } from '../limits.ts'

/** What is used of a socket, and of its WebSocket of `ws`. */
export type ReadBytes = { readonly bytesRead: number; once(event: 'close', listener: () => void): unknown }
export type AskedSocket = { ping(): void; terminate(): void }
export type Silences = {
  /** Until the socket closes. */
  watch(socket: ReadBytes, webSocket: AskedSocket): void
  stop(): void
}

type Watched = { readonly webSocket: AskedSocket; bytes: number; silent: number }

export function createSilences(checkMs: number): Silences {
  const watched = new Map<ReadBytes, Watched>()
  const check = (): void => {
    for (const [socket, each] of watched) {
      const { bytesRead } = socket
      each.silent = bytesRead === each.bytes ? each.silent + 1 : 0
      each.bytes = bytesRead
      if (each.silent >= SILENT_CHECKS_MAX) each.webSocket.terminate()
      else if (each.silent >= SILENT_CHECKS_MIN) each.webSocket.ping()
    }
  }
  const timer = setInterval(check, checkMs).unref()
  return {
    watch(socket, webSocket) {
      watched.set(socket, { webSocket, bytes: socket.bytesRead, silent: 0 })
      socket.once('close', () => watched.delete(socket))
    },
    stop: () => clearInterval(timer),
  }
}
