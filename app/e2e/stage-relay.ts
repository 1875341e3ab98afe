// The relay on the stage of a walk: a real process on one port and one data folder, started, stopped and killed as often as a walk wants, and
// what it was asked for.

import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startRelay, type StartedRelay } from '../../signal-server/test/start-relay.ts'
import { builtDist } from '../../tools/dist.ts'
import { freePort } from './free-port.ts'

const RELAY_ASKED = new URL('relay-asked.ts', import.meta.url).href

export type StartedWith = { readonly dist?: string; readonly settings?: Readonly<Record<string, string>> }
export type Asked = { readonly path: string; readonly referer?: string }

export class StageRelay {
  readonly dist: string
  readonly #port: number
  readonly #folder = mkdtempSync(join(tmpdir(), 'kith-stage-'))
  readonly #log = join(this.#folder, 'asked')
  #running: StartedRelay | undefined

  constructor(dist: string, port: number) {
    this.dist = dist
    this.#port = port
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}/`
  }

  /** `dist`: another build of the page. `settings`: of the relay. */
  async start({ dist = this.dist, settings = {} }: StartedWith = {}): Promise<void> {
    const env = { NODE_OPTIONS: `--import=${RELAY_ASKED}`, WALK_ASKED: this.#log, ...settings }
    this.#running = await startRelay({ dist, dataDir: join(this.#folder, 'relay'), port: this.#port, env })
  }

  /** SIGKILL, as a power cut would have it. */
  async kill(): Promise<void> {
    await this.#running?.kill()
    this.#running = undefined
  }

  async stop(): Promise<void> {
    await this.#running?.stop()
    this.#running = undefined
  }

  /** What it was asked for over HTTP so far, in order. */
  asked(): readonly Asked[] {
    const lines = existsSync(this.#log) ? readFileSync(this.#log, 'utf8').trimEnd().split('\n') : []
    return lines.map((line) => JSON.parse(line) as Asked)
  }

  /** Stops it for good. */
  async close(): Promise<void> {
    await this.stop()
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

export async function openStageRelay(): Promise<StageRelay> {
  const relay = new StageRelay(builtDist(), await freePort())
  await relay.start()
  return relay
}
