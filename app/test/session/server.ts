// Builds the harness as the app is built and serves it as the relay does: same kinds of files, same strict headers. Runs in Node.

import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { networkFromSource } from '../../../tools/network-chunk.ts'
import { precache } from '../../../tools/precache.ts'
import type { AddressInfo } from 'node:net'

export type HarnessServer = {
  readonly url: string
  /** Serves another index page and service worker from now on. */
  release(mark: string): Promise<void>
  setOnline(state: 'online' | 'offline'): void
  close(): Promise<void>
}

const TYPES: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript', '.json': 'application/json' }
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self'",
  "connect-src 'self'",
  "require-trusted-types-for 'script'",
  'trusted-types kith vue',
].join('; ')

export async function serveHarness(): Promise<HarnessServer> {
  const folder = await mkdtemp(join(tmpdir(), 'kith-session-'))
  await buildHarness(folder)
  let isOnline = true
  const server = createServer((request, response) => {
    if (!isOnline) return void request.socket.destroy()
    const path = new URL(request.url ?? '/', 'http://x').pathname
    if (path === '/.well-known/kith/relays.json') return void response.end(JSON.stringify({ relays: [{ key: 'ab'.repeat(32) }] }))
    readFile(join(folder, path === '/' ? 'index.html' : path)).then(
      (bytes) =>
        response
          .setHeader('content-type', TYPES[extname(path)] ?? 'text/html')
          .setHeader('content-security-policy', POLICY)
          .end(bytes),
      () => response.writeHead(404).end(),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/`,
    async release(mark) {
      const page = join(folder, 'index.html')
      const before = sha256Of(await readFile(page))
      await change(page, (text) => text.replace(/<title>.*<\/title>/, `<title>${mark}</title>`))
      const after = sha256Of(await readFile(page))
      await change(join(folder, 'sw.js'), (worker) => worker.replace(before, after))
    },
    setOnline(state) {
      isOnline = state === 'online'
    },
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function buildHarness(outDir: string): Promise<void> {
  const root = fileURLToPath(new URL('.', import.meta.url))
  const names = { entryFileNames: 'assets/[name]-[hash].js', chunkFileNames: 'assets/[name]-[hash].js' }
  const page = join(root, 'index.html')
  await writeFile(page, '<!doctype html><title>first</title><script type="module" src="./harness.ts"></script>')
  try {
    await build({
      configFile: false,
      root,
      logLevel: 'warn',
      plugins: [networkFromSource(), precache({ entry: '../../src/sw/sw.ts', target: ['chrome120'] })],
      worker: { format: 'es', rolldownOptions: { output: names } },
      build: { outDir, emptyOutDir: true, target: 'chrome120', modulePreload: { polyfill: false }, chunkSizeWarningLimit: 2_000 },
    })
  } finally {
    await rm(page)
  }
}

const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

async function change(path: string, edit: (text: string) => string): Promise<void> {
  const before = await readFile(path, 'utf8')
  const after = edit(before)
  if (after === before) throw new Error(`${path} did not change`)
  await writeFile(path, after)
}
