// What the relay is measured against: an ordinary socket.io server that keeps what clients leave for each other in SQLite and answers when that is on
// the disk (WAL, synchronous=FULL, as the relay). No keys, no quota, no encryption. `--group` collects writes for one commit as the relay does.

import { createServer } from 'node:http'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Server } from 'socket.io'
import { GROUP_COMMIT_MS, GROUP_COMMIT_WRITES_MAX } from '../../signal-server/src/limits.ts'
import type { AddressInfo } from 'node:net'

type Row = { readonly seq: number; readonly body: Uint8Array }
/** One buffer: socket.io takes few in one message. */
type Page = { readonly last: number; readonly sizes: readonly number[]; readonly bodies: Uint8Array }
type Write = { readonly write: () => unknown; readonly answer: (value: unknown) => void }

const [folder = '', mode] = process.argv.slice(2)
const database = new DatabaseSync(join(folder, 'socket-io.db'))
database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
database.exec(
  'CREATE TABLE message (seq INTEGER PRIMARY KEY, room TEXT NOT NULL, body BLOB NOT NULL); CREATE INDEX message_room ON message (room, seq)',
)
const insert = database.prepare('INSERT INTO message (room, body) VALUES (?, ?)')
const waiting = database.prepare('SELECT seq, body FROM message WHERE room = ? AND seq > ? ORDER BY seq LIMIT ?')
const remove = database.prepare('DELETE FROM message WHERE room = ? AND seq <= ?')

let group: Write[] = []
let timer: NodeJS.Timeout | undefined

function commit(): void {
  clearTimeout(timer)
  timer = undefined
  const writes = group
  group = []
  database.exec('BEGIN IMMEDIATE')
  const values = writes.map(({ write }) => write())
  database.exec('COMMIT')
  for (const [at, { answer }] of writes.entries()) answer(values[at])
}

const pageOf = (rows: readonly Row[]): Page => ({
  last: rows.at(-1)?.seq ?? 0,
  sizes: rows.map(({ body }) => body.length),
  bodies: Buffer.concat(rows.map(({ body }) => body)),
})

function durably(write: () => unknown, answer: (value: unknown) => void): void {
  if (mode !== '--group') return answer(write())
  group.push({ write, answer })
  if (group.length >= GROUP_COMMIT_WRITES_MAX) commit()
  else timer ??= setTimeout(commit, GROUP_COMMIT_MS)
}

const http = createServer()
const server = new Server(http, { serveClient: false, transports: ['websocket'] })
server.on('connection', (socket) => {
  socket.on('join', (room: string, answer: () => void) => void Promise.resolve(socket.join(room)).then(answer))
  socket.on('deposit', (room: string, body: Buffer, answer: (seq: unknown) => void) =>
    durably(
      () => Number(insert.run(room, body).lastInsertRowid),
      (seq) => {
        socket.to(room).emit('message', room, seq, body)
        answer(seq)
      },
    ),
  )
  socket.on('read', (room: string, after: number, limit: number, answer: (rows: unknown) => void) =>
    answer(pageOf(waiting.all(room, after, limit) as unknown as readonly Row[])),
  )
  socket.on('acknowledge', (room: string, seq: number, answer: (value: unknown) => void) =>
    durably(() => remove.run(room, seq).changes, answer),
  )
})
http.listen(0, '127.0.0.1', () => process.send?.((http.address() as AddressInfo).port))
