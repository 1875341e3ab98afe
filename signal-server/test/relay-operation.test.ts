// What an operator does with a relay: a settings file, logs for machines, figures, commands while it runs and while it does not, and its end.

import { execFile } from 'node:child_process'
import { chmod, chown, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { blobIdOf, hash, toHex } from '@kith/protocol'
import { askRelay } from '../src/control/ask.ts'
import { refuseStranger } from '../src/commands/lock.ts'
import { FULLEST_MAILBOXES_MAX } from '../src/limits.ts'
import { createMailboxKit, depositOf, randomBlob, shortOf } from './mailbox-keys.ts'
import { connectClient } from './relay-client.ts'
import { NODE, relayEnv, startRelay } from './start-relay.ts'
import type { MailboxKit } from './mailbox-keys.ts'
import type { StartedRelay } from './start-relay.ts'

// Each relay is a process, and on a busy machine several of them take their time to start.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 })
const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url))
const TOKEN = 'a-token-of-the-tests'
let folder = ''
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'kith-run-'))))
afterEach(() => rm(folder, { recursive: true, force: true }))

type Said = { readonly code: number; readonly out: string; readonly err: string }
const kithRelay = (dataDir: string, ...args: readonly string[]): Promise<Said> =>
  new Promise((resolve) =>
    execFile(NODE, [MAIN, ...args], { env: relayEnv({ dataDir }) }, (error, out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code), out, err }),
    ),
  )
async function bringOne(relay: StartedRelay, kit: MailboxKit) {
  const client = await connectClient(relay)
  await client.ask(kit.create)
  await client.ask({ kind: 'bind-mailboxes', proofs: [kit.sendProof(client.greeting)] })
  const blob = randomBlob()
  expect(shortOf(await client.ask(depositOf(kit.mailbox, blob)))).toBe('deposited')
  return { client, id: blobIdOf(hash(blob)) }
}
async function waitingIn(relay: StartedRelay, kit: MailboxKit): Promise<string> {
  const client = await connectClient(relay)
  await client.ask({ kind: 'open-mailboxes', proofs: [kit.readProof(client.greeting)] })
  const { blob } = await client.nextBlob()
  await client.close()
  return blobIdOf(hash(blob))
}

describe('a running relay', () => {
  test('takes its settings from a file, logs for machines, shows figures to whoever has the token, and obeys its operator', async () => {
    const settings = join(folder, 'kith.conf')
    await writeFile(settings, `# for the tests\nKITH_LOG=json\nKITH_METRICS_TOKEN=${TOKEN}\nKITH_STORE_MB=64\n`)
    const dataDir = join(folder, 'data')
    const relay = await startRelay({ dataDir, args: ['--config', settings] })
    const kit = createMailboxKit()
    const { client, id } = await bringOne(relay, kit)

    const figures = async (token: string) => await fetch(`${relay.url}/metrics`, { headers: { authorization: `Bearer ${token}` } })
    expect([(await fetch(`${relay.url}/metrics`)).status, (await figures('another-token-by-far')).status]).toEqual([404, 404])
    const text = await (await figures(TOKEN)).text()
    expect(text).toMatch(/^kith_deposits_total\{result="done"\} 1$/m)
    expect(text).toMatch(/^kith_calls_total\{kind="deposit",result="deposited"\} 1$/m)
    expect(text).toMatch(/^kith_call_seconds_count\{kind="deposit"\} 1$/m)
    expect(text).toMatch(/^kith_connections 1$/m)
    expect(text).toMatch(/^kith_blobs_waiting 1$/m)
    expect(text).toMatch(/^kith_healthy 1$/m)
    expect(text).toMatch(/^kith_store_bytes_max 67108864$/m)
    expect(text).not.toContain(kit.mailbox)
    expect((await fetch(`${relay.url}/readyz`)).status).toBe(200)

    expect(JSON.parse((await kithRelay(dataDir, 'status')).out)).toMatchObject({ state: 'ok', connections: 1, blobsWaiting: 1 })
    // As the commands do; one process for each would only take time.
    const ask = (name: string, word = '') => askRelay(dataDir, name, word)
    const quota = (await ask('quota')) as { value: { fullest: readonly unknown[] } }
    expect(quota.value).toMatchObject({ mailboxes: 1, fullest: [{ mailbox: kit.mailbox, blobs: 1 }] })
    expect(quota.value.fullest.length).toBeLessThanOrEqual(FULLEST_MAILBOXES_MAX)

    const copy = join(folder, 'copy')
    expect((await kithRelay(dataDir, 'backup', copy)).out).toContain('1 mailboxes with 1 blobs')
    expect((await kithRelay(dataDir, 'restore', copy)).err).toMatch(/^Kith: another relay already uses the folder [^\n]*\n$/)

    expect(await ask('purge', kit.mailbox)).toEqual({ ok: true, value: { purged: 1 } })
    expect(await ask('purge', kit.mailbox)).toEqual({ ok: false, message: 'there is no such mailbox' })
    expect(await ask('purge', '%')).toMatchObject({ ok: false })
    expect(shortOf(await client.ask(depositOf(kit.mailbox, randomBlob())))).toBe('unknown')

    expect(await ask('block', 'somewhere')).toMatchObject({ ok: false })
    expect(await ask('block', '127.0.0.0/8')).toEqual({ ok: true, value: { blocked: ['127.0.0.0/8'], disconnected: 1 } })
    await client.ended
    await expect(connectClient(relay)).rejects.toThrow()
    expect(await ask('unblock', '127.0.0.0/8')).toEqual({ ok: true, value: { blocked: [] } })
    await (await connectClient(relay)).close()

    await relay.stop()
    const lines = (await relay.ended).err
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { event: string })
    expect(lines.map(({ event }) => event)).toEqual(
      expect.arrayContaining(['started', 'purged', 'blocked', 'unblocked', 'stopping', 'stopped']),
    )
    expect((await relay.ended).err).not.toMatch(new RegExp(`${kit.mailbox}|127\\.0\\.0\\.0|${TOKEN}`))

    // The copy has what was purged since. As whoever carried it about left it, and after a restore that was broken off:
    for (const file of ['relay.db', 'relay.key']) await chmod(join(copy, file), 0o444)
    await writeFile(join(dataDir, 'relay.key.new'), '')
    expect(await kithRelay(dataDir, 'restore', copy)).toMatchObject({ code: 0 })
    for (const file of ['relay.db', 'relay.key']) expect((await stat(join(dataDir, file))).mode & 0o777).toBe(0o600)
    expect((await readdir(dataDir)).filter((file) => file.endsWith('.new'))).toEqual([])
    const again = await startRelay({ dataDir })
    expect([toHex(again.key), await waitingIn(again, kit)]).toEqual([toHex(relay.key), id])
    await again.stop()
  })
})

describe('without a running relay', () => {
  test('commands that need one say so, and others say what is missing', async () => {
    expect((await kithRelay(folder, 'status')).err).toMatch(/^Kith: no relay runs on [^\n]*KITH_DATA_DIR[^\n]*\n$/)
    expect((await kithRelay(folder, 'backup', join(folder, 'copy'))).err).toContain('there is no relay.db')
    expect((await kithRelay(folder, 'status', 'now', 'please')).err).toMatch(/^Kith: Unexpected argument 'please'[^\n]*\n$/)
    expect((await kithRelay(folder, 'dance')).err).toBe('Kith: there is no command dance (see --help)\n')
  })
  test('check-config says where each setting comes from, and tells no secret', async () => {
    const settings = join(folder, 'kith.conf')
    const secret = 'a-turn-secret-of-ours'
    await writeFile(
      settings,
      `KITH_PUBLIC_URL=http://chat.example.org\nKITH_METRICS_TOKEN=${TOKEN}\nKITH_TURN=turn:chat.example.org\nKITH_TURN_SECRET=${secret}\n`,
    )
    const { out } = await kithRelay(folder, 'check-config', '--config', settings, '--port', '1234')
    expect(out).toMatch(/^KITH_PORT=1234 +# flag$/m)
    expect(out).toMatch(/^KITH_PUBLIC_URL=http:\/\/chat.example.org +# file$/m)
    expect(out).toMatch(/^KITH_HOST=127.0.0.1 +# default$/m)
    expect(out).toContain('is not https')
    expect(out).toMatch(/^KITH_TURN_SECRET=\(set\) +# file$/m)
    expect(out).toContain('names no port: 3478 is meant')
    for (const hidden of [TOKEN, secret]) expect(out).not.toContain(hidden)
    await writeFile(settings, 'KITH_PROT=1\n')
    expect((await kithRelay(folder, 'check-config', `--config=${settings}`)).err).toMatch(/^Kith: [^\n]*not known: KITH_PROT[^\n]*\n$/)
    expect((await kithRelay(folder, 'check-config', '--config=/nowhere')).err).toMatch(/^Kith: KITH_CONFIG [^\n]*ENOENT[^\n]*\n$/)
  })
  test('what changes the data folder is refused to anybody but its owner', () => {
    const own = process.getuid?.() ?? 0
    expect(() => refuseStranger(folder, 'restore', own)).not.toThrow()
    expect(() => refuseStranger(join(folder, 'not-there'), 'restore', own + 1)).not.toThrow()
    expect(() => refuseStranger(folder, 'restore', own + 1)).toThrow('sudo -u kith kith-relay restore')
  })
  test.runIf(process.getuid?.() === 0)('root may not do it either', async () => {
    const key = `${'a'.repeat(64)}\n`
    await writeFile(join(folder, 'relay.key'), key)
    await chown(folder, 1, 1)
    for (const args of [
      ['rotate-key', '--yes'],
      ['restore', folder],
    ])
      expect((await kithRelay(folder, ...args)).err).toMatch(
        /^Kith: [^\n]*belongs to another user \(1, and this is 0\)[^\n]*sudo -u kith[^\n]*\n$/,
      )
    expect(await readFile(join(folder, 'relay.key'), 'utf8')).toBe(key)
  })
  test('rotate-key makes a new key once it was said twice, and keeps the old one', async () => {
    const key = 'a'.repeat(64)
    await writeFile(join(folder, 'relay.key'), `${key}\n`)
    expect((await kithRelay(folder, 'rotate-key')).err).toContain('--yes')
    expect(await readFile(join(folder, 'relay.key'), 'utf8')).toBe(`${key}\n`)
    expect((await kithRelay(folder, 'rotate-key', '--yes')).code).toBe(0)
    expect(await readFile(join(folder, 'relay.key'), 'utf8')).not.toBe(`${key}\n`)
    const [old = ''] = await readdir(join(folder, 'old-keys'))
    expect(await readFile(join(folder, 'old-keys', old), 'utf8')).toBe(`${key}\n`)
  })
})
