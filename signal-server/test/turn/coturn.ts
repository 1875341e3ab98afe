// A real coturn for tests, on 127.0.0.1, set as deploy/turnserver.conf sets it. It ends with the test.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { installedCoturn } from '../../../tools/coturn.ts'
import { freePort } from '../redis/server.ts'

export type Coturn = {
  readonly port: number
  /** What it said so far. */
  readonly said: () => string
  stop(): Promise<void>
}

const CONF = fileURLToPath(new URL('../../deploy/turnserver.conf', import.meta.url))
/** What keeps strangers from this machine, on which the test's own peers are. */
const NEAR = /^denied-peer-ip=(?:127\.|::1)/

/** `peers`: `near` lets it reach addresses of this machine, on which a test has all its peers; `far` is as an operator has it. */
export async function startCoturn({ secret, peers }: { readonly secret: string; readonly peers: 'near' | 'far' }): Promise<Coturn> {
  const folder = await mkdtemp(join(tmpdir(), 'kith-turn-'))
  const port = await freePort()
  const lines = readFileSync(CONF, 'utf8').split('\n')
  const kept = peers === 'near' ? [...lines.filter((line) => !NEAR.test(line)), 'allow-loopback-peers'] : lines
  const conf = join(folder, 'turnserver.conf')
  const own = [
    `static-auth-secret=${secret}`,
    'listening-ip=127.0.0.1',
    'relay-ip=127.0.0.1',
    `pidfile=${folder}/pid`,
    `userdb=${folder}/db`,
  ]
  await writeFile(conf, [...kept.filter((line) => !line.startsWith('listening-port=')), `listening-port=${port}`, ...own].join('\n'))
  const child = spawn(installedCoturn().server, ['-c', conf, '-v'], { stdio: ['ignore', 'pipe', 'pipe'], cwd: folder })
  const killChild = (): void => void child.kill('SIGKILL')
  process.once('exit', killChild)
  let said = ''
  const hear = (chunk: Buffer): void => void (said += chunk.toString())
  child.stdout.on('data', hear)
  child.stderr.on('data', hear)
  await new Promise<void>((done, fail) => {
    const look = (): void => {
      if (/listener opened on *: *127\.0\.0\.1/i.test(said)) done()
    }
    child.stdout.on('data', look)
    child.on('exit', (code) => fail(new Error(`coturn ended with ${code}: ${said}`)))
  })
  return {
    port,
    said: () => said,
    async stop() {
      killChild()
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
      process.off('exit', killChild)
      await rm(folder, { recursive: true, force: true })
    },
  }
}
