// The socket.io server of socket-io.ts as a process, and its clients.

import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { io } from 'socket.io-client'
import { createBlobs, MAILBOXES_PER_WRITER } from './subject.ts'
import type { Socket } from 'socket.io-client'
import type { Subject, Writer } from './subject.ts'

const PAGE_ROWS = 256
type Page = { readonly last: number; readonly sizes: readonly number[] }

/** `--group`: its writes share commits as the relay's do; `--single`: each is a commit. */
export async function startSocketIo(mode: '--group' | '--single'): Promise<Subject & { readonly url: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'kith-bench-'))
  const child = fork(join(import.meta.dirname, 'socket-io.ts'), [folder, mode])
  const [port] = (await once(child, 'message')) as [number]
  const url = `http://127.0.0.1:${port}`
  return {
    name: mode === '--group' ? 'socket.io, group commit' : 'socket.io',
    pid: child.pid ?? 0,
    url,
    connectWriter: () => connectWriter(url),
    async stop() {
      child.kill()
      await once(child, 'exit')
      await rm(folder, { recursive: true, force: true })
    },
  }
}

export async function connectSocket(url: string): Promise<Socket> {
  const socket = io(url, { transports: ['websocket'], forceNew: true })
  await new Promise((resolve) => socket.once('connect', () => resolve(undefined)))
  return socket
}

async function connectWriter(url: string): Promise<Writer> {
  const socket = await connectSocket(url)
  const rooms = Array.from({ length: MAILBOXES_PER_WRITER }, () => crypto.randomUUID())
  const nextBlob = createBlobs()
  return {
    async deposit(at) {
      await socket.emitWithAck('deposit', rooms[at], nextBlob())
      return 1
    },
    async depositForAll(copies) {
      const blob = nextBlob()
      const deposits = Array.from({ length: copies }, (_, at) => socket.emitWithAck('deposit', `${rooms[0]} ${at}`, blob))
      await Promise.all(deposits)
    },
    async drain() {
      const reader = await connectSocket(url)
      await Promise.all(rooms.map((room) => drainRoom(reader, room)))
      reader.close()
    },
    close: () => Promise.resolve(void socket.close()),
  }
}

async function drainRoom(reader: Socket, room: string): Promise<void> {
  await reader.emitWithAck('join', room)
  for (let after = 0; ;) {
    const { last, sizes } = (await reader.emitWithAck('read', room, after, PAGE_ROWS)) as Page
    if (sizes.length === 0) return
    after = last
    await reader.emitWithAck('acknowledge', room, after)
  }
}
