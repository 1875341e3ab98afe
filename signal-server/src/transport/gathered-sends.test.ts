import { expect, test } from 'vitest'
import { SOCKET_GATHERED_BYTES_MAX } from '../limits.ts'
import { gatherSends } from './gathered-sends.ts'

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

class Socket {
  readonly heard: (Uint8Array | 'closed')[] = []
  unsent = 0
  get bufferedAmount(): number {
    return this.unsent
  }
  send(data: Uint8Array): void {
    this.heard.push(data)
  }
  close(): void {
    this.heard.push('closed')
  }
}

test('what is sent in one turn leaves as one message, in order, and what comes later as another', async () => {
  const socket = new Socket()
  gatherSends(socket)
  socket.send(Uint8Array.of(1))
  socket.send(Uint8Array.of(2, 3))
  await Promise.resolve()
  socket.send(Uint8Array.of(4))
  expect(socket.heard).toEqual([])
  await turn()
  socket.send(Uint8Array.of(5))
  await turn()
  expect(socket.heard).toEqual([Uint8Array.of(1, 2, 3, 4), Uint8Array.of(5)])
  await turn()
  expect(socket.heard).toHaveLength(2)
})
test('what waits counts as unsent, so that nobody sends without end, and much leaves at once', async () => {
  const socket = new Socket()
  gatherSends(socket)
  socket.unsent = 100
  socket.send(new Uint8Array(SOCKET_GATHERED_BYTES_MAX - 1))
  expect(socket.bufferedAmount).toBe(100 + SOCKET_GATHERED_BYTES_MAX - 1)
  expect(socket.heard).toEqual([])
  socket.send(Uint8Array.of(1))
  expect(socket.heard.map((data) => data.length)).toEqual([SOCKET_GATHERED_BYTES_MAX])
  expect(socket.bufferedAmount).toBe(100)
  await turn()
  expect(socket.heard).toHaveLength(1)
})
test('what was sent before the end leaves before it', async () => {
  const socket = new Socket()
  gatherSends(socket)
  socket.send(Uint8Array.of(1))
  socket.close()
  expect(socket.heard).toEqual([Uint8Array.of(1), 'closed'])
  await turn()
  expect(socket.heard).toHaveLength(2)
})
