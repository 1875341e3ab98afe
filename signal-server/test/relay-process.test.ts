// The relay as a process: how it starts, what it says when it cannot, how it ends.

import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { connectClient } from './relay-client.ts'
import { runRelay, startRelay } from './start-relay.ts'
import { toHex } from '@kith/protocol'

// Each relay is a process, and on a busy machine several of them take their time to start.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })
let folder = ''
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'kith-process-'))))
afterEach(() => rm(folder, { recursive: true, force: true }))

describe('the relay process', () => {
  test('prints its address, and nothing else, and ends with 0 when told to, devices connected or not', async () => {
    const { child, address, ended } = runRelay({ dataDir: join(folder, 'data') })
    const url = await address
    const answer = (await (await fetch(`${url}.well-known/kith/relays.json`)).json()) as { relays: { key: string }[] }
    const client = await connectClient({
      port: Number(new URL(url).port),
      key: Uint8Array.from(Buffer.from(answer.relays[0]?.key ?? '', 'hex')),
    })
    child.kill('SIGTERM')
    expect(await ended).toMatchObject({ code: 0, out: `Kith is at ${url}\n` })
    await client.close()
  })
  test('ends with 0 on an interrupt, too', async () => {
    const { child, address, ended } = runRelay({ dataDir: folder })
    await address
    child.kill('SIGINT')
    expect((await ended).code).toBe(0)
  })
  test('ends in order however often it is told to', async () => {
    const { child, address, ended } = runRelay({ dataDir: folder })
    await address
    child.kill('SIGINT')
    const again = setInterval(() => child.kill('SIGINT'), 1)
    expect((await ended).code).toBe(0)
    clearInterval(again)
  })
  test('keeps its key over a restart', async () => {
    const first = await startRelay({ dataDir: folder })
    await first.stop()
    const second = await startRelay({ dataDir: folder })
    expect(toHex(second.key)).toBe(toHex(first.key))
    expect((await readdir(folder)).toSorted()).toEqual(expect.arrayContaining(['relay.db', 'relay.key']))
    await second.stop()
  })
  test('works from any folder, with ./data under that one', async () => {
    const { child, address, ended } = runRelay({ cwd: folder })
    await address
    expect(await readdir(folder)).toEqual(['data'])
    child.kill('SIGTERM')
    expect((await ended).code).toBe(0)
  })
  test('says which setting to change when its port is taken, in one line', async () => {
    const relay = await startRelay()
    const ended = await runRelay({ dataDir: folder, port: relay.port }).ended
    expect(ended.code).toBe(1)
    expect(ended.err).toMatch(new RegExp(`^Kith: port ${relay.port} on 127.0.0.1 is taken[^\n]*KITH_PORT[^\n]*\n$`))
    expect(ended.out).toBe('')
    await relay.stop()
  })
  test('says which setting to change when its data folder cannot be used, in one line', async () => {
    await writeFile(join(folder, 'file'), '')
    const ended = await runRelay({ dataDir: join(folder, 'file', 'data') }).ended
    expect(ended).toMatchObject({ code: 1, out: '' })
    expect(ended.err).toMatch(/^Kith: cannot write to the data folder [^\n]*KITH_DATA_DIR[^\n]*\n$/)
  })
  test('refuses the data folder of a running relay', async () => {
    const relay = await startRelay()
    const ended = await runRelay({ dataDir: relay.dataDir }).ended
    expect(ended.code).toBe(1)
    expect(ended.err).toMatch(/^Kith: another relay [^\n]*KITH_DATA_DIR[^\n]*\n$/)
    await relay.stop()
  })
  test('with a public address prints that one too, still in one line', async () => {
    const { child, address, ended } = runRelay({ dataDir: folder, env: { KITH_PUBLIC_URL: 'https://chat.example.org' } })
    const url = await address
    child.kill('SIGTERM')
    expect((await ended).out).toBe(`Kith is at https://chat.example.org/ (here: ${url})\n`)
  })
  test('refuses wrong settings and unknown flags, and explains itself', async () => {
    const wrong = await runRelay({ dataDir: folder, env: { KITH_PORT: 'http' } }).ended
    expect(wrong).toMatchObject({ code: 1, out: '' })
    expect(wrong.err).toMatch(/^Kith: KITH_PORT [^\n]*\n$/)
    const help = await runRelay({ dataDir: folder, args: ['--help'] }).ended
    expect(help.code).toBe(0)
    expect(help.out).toContain('KITH_DATA_DIR')
  })
  test('says so when the page is missing, and works all the same', async () => {
    const dist = join(folder, 'nothing')
    await mkdir(dist)
    const { child, address, ended } = runRelay({ dataDir: join(folder, 'data'), dist })
    const page = await fetch(await address)
    expect(page.status).toBe(503)
    expect(await page.text()).toContain('KITH_DIST')
    child.kill('SIGTERM')
    expect((await ended).err).toMatch(/^Kith: there is no page in [^\n]*KITH_DIST[^\n]*\n$/)
  })
})

describe('npm start', () => {
  /** Without the build before it, and without a look at the registry. */
  const startByNpm = () =>
    runRelay({
      command: ['npm', 'start', '--silent', '--ignore-scripts'],
      cwd: fileURLToPath(new URL('../..', import.meta.url)),
      dataDir: folder,
      env: { npm_config_update_notifier: 'false', npm_config_cache: join(folder, 'npm') },
    })

  test.each(['SIGTERM', 'SIGINT'] as const)('ends the relay in order when only npm hears %s', async (signal) => {
    const { child, address, ended } = startByNpm()
    const url = await address
    child.kill(signal)
    expect(await ended).toMatchObject({ code: 0, out: `Kith is at ${url}\n` })
  })
  test('ends the relay in order when a terminal interrupts both, and npm passes that on', async () => {
    const { child, address, ended } = startByNpm()
    const url = await address
    process.kill(-Number(child.pid), 'SIGINT')
    expect(await ended).toMatchObject({ code: 0, out: `Kith is at ${url}\n` })
  })
})
