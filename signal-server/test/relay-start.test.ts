// A relay that cannot start says why, in one line and soon, whatever its surroundings do.

import { execFileSync } from 'node:child_process'
import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { FOLDER_MS_MAX } from '../src/limits.ts'
import { runRelay } from './start-relay.ts'

// Each relay is a process, and on a busy machine several of them take their time to start.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })
let folder = ''
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'kith-start-'))))
afterEach(async () => {
  await chmod(folder, 0o700)
  await rm(folder, { recursive: true, force: true })
})

const ONE_LINE = /^Kith: [^\n]*\n$/
const pipe = (name: string): void => void execFileSync('mkfifo', [name])

describe('the data folder', () => {
  test.each(['relay.key', 'relay.db', 'relay.lock'])('with a pipe for %s is refused, without waiting for its other end', async (file) => {
    pipe(join(folder, file))
    const ended = await runRelay({ dataDir: folder }).ended
    expect(ended).toMatchObject({ code: 1, out: '' })
    expect(ended.err).toMatch(ONE_LINE)
    expect(ended.err).toMatch(new RegExp(`${file} is not a file.*KITH_DATA_DIR`))
  })
  test('that is a pipe itself is refused', async () => {
    pipe(join(folder, 'data'))
    const ended = await runRelay({ dataDir: join(folder, 'data') }).ended
    expect(ended).toMatchObject({ code: 1, out: '' })
    expect(ended.err).toMatch(/^Kith: cannot write to the data folder [^\n]*KITH_DATA_DIR[^\n]*\n$/)
  })
  test('on a mount that hangs ends the relay with words, though what touches it never comes back', async () => {
    const hole = join(folder, 'hole')
    pipe(hole)
    // As a hung mount does: the call sits in a thread of Node's pool, where nothing can end it.
    const hang = `import fs from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'
fs.mkdir = () => fs.readFile(${JSON.stringify(hole)})
syncBuiltinESMExports()`
    const env = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(hang)}` }
    const ended = await runRelay({ dataDir: join(folder, 'data'), env }).ended
    expect(ended.code).not.toBe(0)
    expect(ended.out).toBe('')
    expect(ended.err).toMatch(ONE_LINE)
    expect(ended.err).toContain(` has not answered for ${FOLDER_MS_MAX / 1_000} s;`)
    expect(ended.err).toContain('KITH_DATA_DIR')
    expect(FOLDER_MS_MAX).toBeLessThan(5_000)
  })
  test.skipIf(process.getuid?.() === 0)('without rights is refused', async () => {
    await chmod(folder, 0o500)
    const ended = await runRelay({ dataDir: folder }).ended
    expect(ended.code).toBe(1)
    expect(ended.err).toMatch(/^Kith: cannot write to the data folder [^\n]*KITH_DATA_DIR[^\n]*\n$/)
  })
  test('on a full disk is refused, and nothing of the attempt is left there', async () => {
    const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))
    const full = `trap '' XFSZ; ulimit -f 0; exec '${process.execPath}' '${main}'`
    const ended = await runRelay({ command: ['sh', '-c', full], dataDir: folder, env: { NODE_COMPILE_CACHE: '' } }).ended
    expect(ended).toMatchObject({ code: 1, out: '' })
    expect(ended.err).toMatch(/^Kith: cannot write to the data folder [^\n]*KITH_DATA_DIR[^\n]*\n$/)
    expect(await readdir(folder)).toEqual([])
  })
  test.each(['relay.key.new', 'relay.db.new'])(
    'with a restore that was broken off (%s) is refused, and nothing is made in its place',
    async (file) => {
      await writeFile(join(folder, file), '')
      const ended = await runRelay({ dataDir: folder }).ended
      expect(ended).toMatchObject({ code: 1, out: '' })
      expect(ended.err).toMatch(ONE_LINE)
      expect(ended.err).toMatch(/a restore into [^\n]* was broken off [^\n]*kith-relay restore FOLDER[^\n]*before-restore-/)
      expect(await readdir(folder)).toEqual([file])
    },
  )
  test('with half a key is refused, and the key is left as it is', async () => {
    await writeFile(join(folder, 'relay.key'), 'abc')
    const ended = await runRelay({ dataDir: folder }).ended
    expect(ended).toMatchObject({ code: 1, out: '' })
    expect(ended.err).toMatch(/^Kith: [^\n]*relay\.key is not a relay key[^\n]*\n$/)
  })
  test('with a database that is none is refused', async () => {
    await writeFile(join(folder, 'relay.db'), 'no database at all'.repeat(500))
    const ended = await runRelay({ dataDir: folder }).ended
    expect(ended).toMatchObject({ code: 1, out: '' })
    expect(ended.err).toMatch(/^Kith: [^\n]*relay\.db[^\n]*KITH_DATA_DIR[^\n]*\n$/)
  })
})
