// Real Redis servers for tests, on 127.0.0.1: one, or a cluster. Each has a folder of its own and ends with the test.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { installedRedis } from '../../../tools/redis.ts'
import { connectTo } from '../../src/storage/redis/connection.ts'
import type { AddressInfo } from 'node:net'
import type { Reply, Server, Words } from '../../src/storage/redis/connection.ts'

export type RedisServer = Server & {
  readonly pid: number
  ask(words: Words): Promise<Reply>
  /** Ends it as a power cut would. */
  kill(): Promise<void>
  /** It hangs, and it goes on. */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void
  /** Starts it again on what it has on its disk. */
  restart(): Promise<void>
  stop(): Promise<void>
}

/** What a relay asks of a server. */
export const DURABLE: readonly string[] = [
  '--appendonly',
  'yes',
  '--appendfsync',
  'always',
  '--maxmemory',
  '200mb',
  '--maxmemory-policy',
  'noeviction',
]

export type RedisPlace = { readonly port: number; readonly files: Readonly<Record<string, string>> }

export async function startRedis(settings: readonly string[] = DURABLE, given: Partial<RedisPlace> = {}): Promise<RedisServer> {
  const folder = await mkdtemp(join(tmpdir(), 'kith-redis-'))
  const port = given.port ?? (await freePort())
  for (const [name, text] of Object.entries(given.files ?? {})) await writeFile(join(folder, name), text)
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--daemonize', 'no', ...settings]
  const server: Server = { host: '127.0.0.1', port }
  let child = spawn(installedRedis(), args, { stdio: 'ignore' })
  const killChild = (): void => void child.kill('SIGKILL')
  process.once('exit', killChild)
  const ask = async (words: Words): Promise<Reply> => {
    const connection = await connectTo(server, { tls: false })
    return connection.ask(words).finally(() => connection.close())
  }
  const begin = async (): Promise<void> => {
    while ((await ask(['PING']).catch(() => undefined)) === undefined) {
      if (child.exitCode !== null) throw new Error(`redis-server ended with ${child.exitCode}`)
      await pause(20)
    }
  }
  const kill = async (): Promise<void> => {
    killChild()
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  }
  await begin()
  return {
    ...server,
    get pid() {
      return child.pid ?? 0
    },
    ask,
    kill,
    signal: (signal) => void child.kill(signal),
    async restart() {
      child = spawn(installedRedis(), args, { stdio: 'ignore' })
      await begin()
    },
    async stop() {
      await kill()
      process.off('exit', killChild)
      await rm(folder, { recursive: true, force: true })
    },
  }
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
