// What the relay's port answers to browsers.

import { mkdir, mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliCompressSync, brotliDecompressSync, constants, gunzipSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { toHex } from '@kith/protocol'
import { HTTP_HEAD_BYTES_MAX, PAGE_FILE_BYTES_MAX } from '../src/limits.ts'
import { startRelay } from './start-relay.ts'
import type { IncomingHttpHeaders } from 'node:http'
import type { StartedRelay } from './start-relay.ts'

// Each relay is a process, and on a busy machine several of them take their time to start.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })
const PAGE = '<!doctype html><title>Kith</title>'
const SCRIPT = 'export const answer = 42\n'.repeat(100)
type Got = { readonly status: number; readonly headers: IncomingHttpHeaders; readonly body: Buffer }
type Ask = { readonly method?: string; readonly headers?: Readonly<Record<string, string>> }

describe('the page', () => {
  let folder = ''
  let relay: StartedRelay
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kith-page-'))
    await mkdir(join(folder, 'dist', 'assets'), { recursive: true })
    await writeFile(join(folder, 'secret.txt'), 'secret')
    await writeFile(join(folder, 'dist', 'index.html'), PAGE)
    await writeFile(join(folder, 'dist', 'sw.js'), '// worker')
    await writeFile(join(folder, 'dist', '.env'), 'secret')
    await writeFile(join(folder, 'dist', 'assets', 'app-1234.js'), SCRIPT)
    await writeFile(join(folder, 'dist', 'assets', 'icon.png'), Buffer.alloc(50))
    await symlink(join(folder, 'secret.txt'), join(folder, 'dist', 'link.txt'))
    relay = await startRelay({ dist: join(folder, 'dist') })
  })
  afterAll(async () => {
    await relay.stop()
    await rm(folder, { recursive: true, force: true })
  })

  /** The path goes out as it is written; fetch() would tidy it first. */
  const get = (path: string, { method = 'GET', headers = {} }: Ask = {}): Promise<Got> =>
    new Promise((resolve, reject) => {
      const asked = request({ host: '127.0.0.1', port: relay.port, path, method, headers, agent: false }, (response) => {
        const parts: Buffer[] = []
        response.on('data', (part: Buffer) => parts.push(part))
        response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(parts) }))
      })
      asked.on('error', reject)
      asked.end()
    })
  const textOf = async (path: string, ask?: Ask): Promise<string> => (await get(path, ask)).body.toString()

  test('is served with strict headers, and asked for anew each time', async () => {
    const { status, headers, body } = await get('/')
    expect([status, body.toString()]).toEqual([200, PAGE])
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-cache',
      'cross-origin-opener-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      vary: 'accept-encoding',
    })
    expect(headers['content-security-policy']).toContain(`connect-src 'self' ws://127.0.0.1:${relay.port} wss://127.0.0.1:${relay.port};`)
    expect(headers['permissions-policy']).toContain('camera=(self)')
    expect((await get('/sw.js')).headers['cache-control']).toBe('no-cache')
  })
  test('is not sent again when it has not changed', async () => {
    const { headers } = await get('/')
    const again = await get('/', { headers: { 'if-none-match': String(headers.etag) } })
    expect([again.status, again.body.length]).toEqual([304, 0])
    expect((await get('/', { headers: { 'if-none-match': '"other"' } })).status).toBe(200)
  })
  test('is not sent again to whoever names its version among others, or any', async () => {
    const etag = String((await get('/')).headers.etag)
    for (const known of [`"other", ${etag}`, `W/${etag}`, '*'])
      expect((await get('/', { headers: { 'if-none-match': known } })).status, known).toBe(304)
  })
  test('is given in parts to whoever asks for one', async () => {
    const path = '/assets/app-1234.js'
    const { headers, body } = await get(path, { headers: { 'accept-encoding': 'br' } })
    expect(headers['accept-ranges']).toBe('bytes')
    const part = async (range: string, more: Readonly<Record<string, string>> = {}) => {
      const got = await get(path, { headers: { range, 'accept-encoding': 'br', ...more } })
      return [got.status, got.headers['content-range'], got.status === 206 ? got.body.toString() : undefined]
    }
    const size = SCRIPT.length
    expect(await part('bytes=0-5')).toEqual([206, `bytes 0-5/${size}`, 'export'])
    expect(await part('bytes=-3')).toEqual([206, `bytes ${size - 3}-${size - 1}/${size}`, '42\n'])
    expect(await part(`bytes=${size - 3}-`)).toEqual([206, `bytes ${size - 3}-${size - 1}/${size}`, '42\n'])
    expect(await part(`bytes=0-${size * 9}`)).toEqual([206, `bytes 0-${size - 1}/${size}`, SCRIPT])
    expect(await part(`bytes=${size}-`)).toEqual([416, `bytes */${size}`, undefined])
    expect(await part('bytes=-0')).toEqual([416, `bytes */${size}`, undefined])
    for (const whole of ['bytes=5-2', 'bytes=0-1,3-4', 'lines=0-1', 'bytes=-', 'bytes=a-b'])
      expect(await part(whole), whole).toEqual([200, undefined, undefined])
    const plain = (await get(path)).headers.etag
    expect((await part('bytes=0-5', { 'if-range': String(plain) }))[0]).toBe(206)
    // Whoever has the compressed form cannot put plain bytes behind it.
    expect((await part('bytes=0-5', { 'if-range': String(headers.etag) }))[0]).toBe(200)
    expect((await part('bytes=0-5', { 'if-range': '"older"' }))[0]).toBe(200)
    expect(body.length).toBeLessThan(size)
  })
  test('has a version of its own in each form, and whoever asks with one of another form is sent the file', async () => {
    const path = '/assets/app-1234.js'
    const versions = await Promise.all(
      ['br', 'gzip', ''].map(async (form) => (await get(path, { headers: { 'accept-encoding': form } })).headers.etag),
    )
    expect(new Set(versions).size).toBe(3)
    const [brotli, gzip] = versions.map(String)
    const again = async (form: string, known: string) => {
      const got = await get(path, { headers: { 'accept-encoding': form, 'if-none-match': known } })
      return [got.status, got.headers.etag, got.headers.vary]
    }
    expect(await again('br', brotli ?? '')).toEqual([304, brotli, 'accept-encoding'])
    expect(await again('gzip', gzip ?? '')).toEqual([304, gzip, 'accept-encoding'])
    expect((await again('gzip', brotli ?? ''))[0]).toBe(200)
    expect((await get(path, { headers: { 'accept-encoding': 'identity;q=0' } })).status).toBe(406)
  })
  test('comes as the build has compressed it, unless that is of another file; what lies beside a file is none itself', async () => {
    const [path, name] = ['/assets/packed-1.js', join(folder, 'dist', 'assets', 'packed-1.js')]
    const packed = brotliCompressSync(SCRIPT, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } })
    await writeFile(name, SCRIPT)
    await writeFile(`${name}.br`, packed)
    await writeFile(`${name}.gz`, gzipSync('another file'))
    const brotli = await get(path, { headers: { 'accept-encoding': 'br' } })
    expect(brotli.body.equals(packed)).toBe(true)
    expect(brotli.headers['content-type']).toBe('text/javascript; charset=utf-8')
    expect(gunzipSync((await get(path, { headers: { 'accept-encoding': 'gzip' } })).body).toString()).toBe(SCRIPT)
    for (const beside of [`${path}.br`, `${path}.gz`]) expect((await get(beside)).status).toBe(404)
    // A few bytes that would become many are not believed.
    await writeFile(`${name}.br`, brotliCompressSync(Buffer.alloc(PAGE_FILE_BYTES_MAX * 2)))
    await writeFile(name, `${SCRIPT}// changed`)
    const changed = await get(path, { headers: { 'accept-encoding': 'br' } })
    expect(brotliDecompressSync(changed.body).toString()).toBe(`${SCRIPT}// changed`)
  })
  test.each(['OPTIONS', 'PUT', 'DELETE', 'PATCH', 'TRACE'])('has nothing for %s', async (method) => {
    expect((await get('/', { method })).status).toBe(405)
  })
  test('sets no cookie anywhere, and says nothing of what serves it', async () => {
    for (const path of ['/', '/healthz', '/readyz', '/metrics', '/assets/app-1234.js', '/gone.js', '/.well-known/kith/relays.json']) {
      const { headers } = await get(path)
      expect([path, headers['set-cookie'], headers['x-powered-by'], headers.server]).toEqual([path, undefined, undefined, undefined])
      expect(headers['content-security-policy']).toContain("require-trusted-types-for 'script'")
      expect(headers['x-content-type-options']).toBe('nosniff')
    }
  })
  test('puts nothing of a host that was made up into its policy', async () => {
    for (const host of ['a; script-src *', "a' 'unsafe-inline'", 'a b', 'a,b', '[::1', 'a/../b'])
      expect((await get('/', { headers: { host } })).headers['content-security-policy'], host).not.toContain(host)
  })
  test('keeps what has a hash in its name for ever, compressed as the browser likes', async () => {
    const path = '/assets/app-1234.js'
    const plain = await get(path)
    expect(plain.headers).toMatchObject({
      'cache-control': 'public, max-age=31536000, immutable',
      'content-type': 'text/javascript; charset=utf-8',
    })
    expect(plain.headers['content-encoding']).toBeUndefined()
    const brotli = await get(path, { headers: { 'accept-encoding': 'gzip, deflate, br' } })
    expect(brotli.headers['content-encoding']).toBe('br')
    expect(brotliDecompressSync(brotli.body).toString()).toBe(SCRIPT)
    const gzip = await get(path, { headers: { 'accept-encoding': 'gzip;q=1, br;q=0' } })
    expect(gzip.headers['content-encoding']).toBe('gzip')
    expect(gunzipSync(gzip.body).toString()).toBe(SCRIPT)
    const icon = await get('/assets/icon.png', { headers: { 'accept-encoding': 'br' } })
    expect([icon.headers['content-encoding'], icon.headers['content-type']]).toEqual([undefined, 'image/png'])
  })
  test('answers for its own routes, and only to navigations', async () => {
    expect(await textOf('/chat/1?x=1', { headers: { accept: 'text/html' } })).toBe(PAGE)
    expect(await textOf('/chat/1', { headers: { 'sec-fetch-mode': 'navigate' } })).toBe(PAGE)
    for (const path of ['/assets/gone-1.js', '/gone.js', '/.well-known/gone'])
      expect((await get(path, { headers: { 'sec-fetch-mode': 'navigate' } })).status).toBe(404)
    expect((await get('/chat/1', { headers: { 'sec-fetch-mode': 'cors', accept: 'text/html' } })).status).toBe(404)
  })
  test.each([
    '/../secret.txt',
    '/assets/../../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e%5csecret.txt',
    '/..\\secret.txt',
    '//../secret.txt',
    '/link.txt',
    '/.env',
    '/%00',
    '/%ff',
    '/%',
    '/assets',
  ])('gives nothing from outside its folder: %s', async (path) => {
    const { status, body } = await get(path)
    expect(status).toBe(404)
    expect(body.toString()).toBe('Not found.\n')
  })
  test('is read only', async () => {
    const posted = await get('/', { method: 'POST' })
    expect([posted.status, posted.headers.allow]).toEqual([405, 'GET, HEAD'])
    const head = await get('/', { method: 'HEAD' })
    expect([head.status, head.headers['content-length'], head.body.length]).toEqual([200, String(PAGE.length), 0])
  })
  test('has no files over the limit, and reads no endless heads', async () => {
    await writeFile(join(folder, 'dist', 'big.bin'), '')
    await truncate(join(folder, 'dist', 'big.bin'), PAGE_FILE_BYTES_MAX)
    expect((await get('/big.bin', { method: 'HEAD' })).status).toBe(200)
    await truncate(join(folder, 'dist', 'big.bin'), PAGE_FILE_BYTES_MAX + 1)
    expect((await get('/big.bin', { method: 'HEAD' })).status).toBe(404)
    expect((await get('/', { headers: { 'x-long': 'a'.repeat(HTTP_HEAD_BYTES_MAX - 500) } })).status).toBe(200)
    expect((await get('/', { headers: { 'x-long': 'a'.repeat(HTTP_HEAD_BYTES_MAX) } })).status).toBe(431)
  })
  test('that was built anew is served anew', async () => {
    const path = join(folder, 'dist', 'late.txt')
    expect((await get('/late.txt')).status).toBe(404)
    await writeFile(path, 'first')
    expect(await textOf('/late.txt')).toBe('first')
    await writeFile(path, 'second')
    expect(await textOf('/late.txt')).toBe('second')
  })
  test('stands beside /healthz and the list of relays', async () => {
    const health = await get('/healthz')
    expect([health.status, health.body.toString()]).toEqual([200, 'ok\n'])
    const relays = await get('/.well-known/kith/relays.json')
    expect(JSON.parse(relays.body.toString())).toEqual({ relays: [{ key: toHex(relay.key) }] })
    expect(relays.headers).toMatchObject({ 'content-type': 'application/json', 'access-control-allow-origin': '*' })
  })
  test('names its public address when there is one, and then keeps browsers with HTTPS', async () => {
    const other = await startRelay({ dist: join(folder, 'dist'), env: { KITH_PUBLIC_URL: 'https://chat.example.org' } })
    const answer = await fetch(`${other.url}/.well-known/kith/relays.json`)
    expect(await answer.json()).toEqual({ relays: [{ key: toHex(other.key), url: 'wss://chat.example.org' }] })
    expect(answer.headers.get('strict-transport-security')).toContain('max-age=')
    await other.stop()
  })
  test('may talk to the relays that the operator names', async () => {
    const other = await startRelay({ dist: join(folder, 'dist'), args: ['--connect', 'wss:'] })
    expect((await fetch(other.url)).headers.get('content-security-policy')).toMatch(/connect-src [^;]* wss:;/)
    await other.stop()
  })
})
