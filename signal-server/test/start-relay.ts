// Starts a real relay process for a test, on a free port and with a data folder of its own. Also for the tests of other packages.

import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { fromHex } from '@kith/protocol'
import type { ChildProcess } from 'node:child_process'

export type StartOptions = {
  /** The built page; default: `dist` of this checkout. */
  readonly dist?: string
  /** Default: a new folder, removed by `stop()` and `kill()`. Give the folder of a killed relay to start it again. */
  readonly dataDir?: string
  readonly port?: number
  readonly env?: Readonly<Record<string, string>>
  readonly args?: readonly string[]
}
export type StartedRelay = {
  /** The page's address without a slash at the end, e.g. `http://127.0.0.1:40001`. */
  readonly url: string
  readonly port: number
  /** Its Ed25519 public key. */
  readonly key: Uint8Array
  readonly dataDir: string
  readonly pid: number
  /** How it ended and what it said, once it has. */
  readonly ended: Promise<Ended>
  /** Ends it in order and resolves with its exit code. */
  stop(): Promise<number>
  /** Ends it as a power cut would. */
  kill(): Promise<void>
}
export type Ended = { readonly code: number; readonly out: string; readonly err: string }

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url))
/** The Node of this checkout, because a globally installed one may be too old to run TypeScript. */
export const NODE = process.features.typescript ? process.execPath : fileURLToPath(new URL('../../node_modules/.bin/node', import.meta.url))
/** Half of what a start takes is reading the same source again. */
const COMPILED = fileURLToPath(new URL('../../node_modules/.cache/relay', import.meta.url))

export async function startRelay(options: StartOptions = {}): Promise<StartedRelay> {
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'kith-relay-')))
  const running = runRelay({ ...options, dataDir })
  const { child, ended } = running
  const address = await Promise.race([running.address, ended])
  if (typeof address !== 'string') throw new Error(`the relay ended with ${address.code}: ${address.err}`)
  const tidy = (): Promise<void> => (options.dataDir === undefined ? rm(dataDir, { recursive: true, force: true }) : Promise.resolve())
  const url = address.replace(/\/$/, '')
  const answer = (await (await fetch(`${url}/.well-known/kith/relays.json`)).json()) as { relays: readonly { key: string }[] }
  return {
    url,
    port: Number(new URL(url).port),
    key: fromHex(answer.relays[0]?.key ?? ''),
    dataDir,
    pid: child.pid ?? 0,
    ended,
    async stop() {
      child.kill('SIGTERM')
      const { code } = await ended
      await tidy()
      return code
    },
    async kill() {
      child.kill('SIGKILL')
      await ended
      await tidy()
    },
  }
}

type RunOptions = StartOptions & {
  readonly cwd?: string
  /** Another way to start it, in a process group of its own, as a shell in a terminal does. */
  readonly command?: readonly [string, ...string[]]
}
type Running = { readonly child: ChildProcess; readonly address: Promise<string>; readonly ended: Promise<Ended> }

/** What a relay, or a command of one, is told by its surroundings. */
export const relayEnv = ({
  port = 0,
  dataDir,
}: {
  readonly port?: number
  readonly dataDir?: string
}): Readonly<Record<string, string>> => ({
  PATH: process.env['PATH'] ?? '',
  NODE_COMPILE_CACHE: COMPILED,
  KITH_PORT: String(port),
  ...(dataDir === undefined ? {} : { KITH_DATA_DIR: dataDir }),
})

/** The process as it is, for tests of how it starts and ends. */
export function runRelay({ dist, dataDir, port = 0, env = {}, args = [], cwd, command }: RunOptions): Running {
  const [program, ...first] = command ?? [NODE, MAIN]
  const child = spawn(program, [...first, ...args], {
    detached: command !== undefined,
    ...(cwd === undefined ? {} : { cwd }),
    env: {
      ...relayEnv({ port, ...(dataDir === undefined ? {} : { dataDir }) }),
      ...(dist === undefined ? {} : { KITH_DIST: dist }),
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  // A test that fails half-way leaves nothing behind.
  const killChild = (): void => {
    if (command === undefined) child.kill('SIGKILL')
    else if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
  }
  process.once('exit', killChild)
  const address = Promise.withResolvers<string>()
  const ended = Promise.withResolvers<Ended>()
  let out = ''
  let err = ''
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString()
    const found = /^Kith is at (?:\S+ \(here: )?([^\s)]+)\)?$/m.exec(out)?.[1]
    if (found !== undefined) address.resolve(found)
  })
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()))
  child.on('close', (code) => {
    process.off('exit', killChild)
    ended.resolve({ code: code ?? -1, out, err })
  })
  return { child, address: address.promise, ended: ended.promise }
}
