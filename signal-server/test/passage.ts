// Another way to a relay: connections come from another address of this machine, and a reverse proxy may say whose they are.

import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'

export type Passage = { readonly port: number; readonly close: () => Promise<void> }
/** `from`: an address of this machine. On Linux all of 127.0.0.0/8 is. `forwardedFor`: what a proxy writes into each request's head. */
export type PassageOptions = { readonly to: number; readonly from?: string; readonly forwardedFor?: string }

export async function openPassage({ to, from = '127.0.0.1', forwardedFor }: PassageOptions): Promise<Passage> {
  const sockets = new Set<Socket>()
  const server = createServer((inner) => {
    const outer = connect({ host: '127.0.0.1', port: to, localAddress: from })
    for (const [socket, other] of [
      [inner, outer],
      [outer, inner],
    ] as const) {
      sockets.add(socket)
      socket.on('error', () => other.destroy()).on('close', () => other.destroy())
    }
    outer.pipe(inner)
    inner.once('data', (head: Buffer) => {
      // Each line of a head ends the same way, so the first end is that of the request line.
      const line = forwardedFor === undefined ? '\r\n' : `\r\nX-Forwarded-For: ${forwardedFor}\r\n`
      outer.write(Buffer.from(head.toString('latin1').replace('\r\n', line), 'latin1'))
      inner.pipe(outer)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      server.close()
      for (const socket of sockets) socket.destroy()
      await once(server, 'close')
    },
  }
}
