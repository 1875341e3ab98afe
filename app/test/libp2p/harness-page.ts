// Serves the bundled harness to libp2p.e2e.ts and drives it. Runs in Node; not part of the app.

import { createHash, createPrivateKey, createPublicKey, randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { INSTEAD } from '../../../tools/instead.ts'
import type { Browser, Page } from '@playwright/test'
import type { AddressInfo } from 'node:net'
import type { Harness, PlainPeer, PlainRelay } from './harness.ts'

export type HarnessServer = { readonly url: string; readonly close: () => Promise<void> }

export async function serveHarness(): Promise<HarnessServer> {
  const outDir = await mkdtemp(join(tmpdir(), 'kith-harness-'))
  const input = fileURLToPath(new URL('harness.ts', import.meta.url))
  const output = { entryFileNames: 'harness.js' }
  await build({
    configFile: false,
    logLevel: 'warn',
    resolve: { alias: INSTEAD },
    build: { outDir, emptyOutDir: true, target: 'es2022', minify: false, rolldownOptions: { input, output } },
  })
  const script = await readFile(join(outDir, 'harness.js'))
  await rm(outDir, { recursive: true, force: true })
  const server = createServer((request, response) => {
    if (request.url === '/harness.js') response.setHeader('content-type', 'text/javascript').end(script)
    else
      response
        .setHeader('content-type', 'text/html')
        .end('<!doctype html><title>harness</title><script type="module" src="/harness.js"></script>')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}/`, close: () => new Promise((resolve) => server.close(() => resolve())) }
}

export type HarnessPage = {
  readonly page: Page
  readonly problems: string[]
  readonly run: <K extends keyof Harness>(verb: K, ...args: Parameters<Harness[K]>) => Promise<Awaited<ReturnType<Harness[K]>>>
  /** How many RTCPeerConnections were ever made in this page. */
  readonly peerConnections: () => Promise<number>
}

export async function openHarness(browser: Browser, server: HarnessServer): Promise<HarnessPage> {
  const context = await browser.newContext()
  const page = await context.newPage()
  const problems: string[] = []
  page.on('pageerror', (error) => problems.push(error.stack ?? error.message))
  await page.addInitScript(countPeerConnections)
  await page.goto(server.url)
  await page.waitForFunction(() => Reflect.has(window, 'harness'))
  return {
    page,
    problems,
    run: (verb, ...args) => page.evaluate(([name, rest]) => callHarness(name, rest), [verb, args] as const) as never,
    peerConnections: () => page.evaluate(() => (Reflect.get(window, 'peerConnections') as unknown[]).length),
  }
}

declare const callHarness: (name: string, args: readonly unknown[]) => unknown

/** Runs in the page before anything else. Weak references, so that counting keeps nothing alive. */
function countPeerConnections(): void {
  const made: WeakRef<RTCPeerConnection>[] = []
  Reflect.set(window, 'peerConnections', made)
  Reflect.set(window, 'callHarness', (name: string, args: readonly unknown[]) => {
    const harness = Reflect.get(window, 'harness') as Record<string, (...rest: readonly unknown[]) => unknown>
    return harness[name]?.(...args)
  })
  window.RTCPeerConnection = new Proxy(window.RTCPeerConnection, {
    construct: (target, args, newTarget) => {
      const connection = Reflect.construct(target, args, newTarget) as RTCPeerConnection
      made.push(new WeakRef(connection))
      return connection
    },
  })
}

/** Somebody with keys: what a test needs to start a network and to name it to others. */
export type Person = { readonly name: string; readonly seed: string; readonly device: string; readonly key: string }

export function createPerson(name: string): Person {
  const seed = randomBytes(32)
  return {
    name,
    seed: seed.toString('hex'),
    key: publicKeyOf(seed).toString('hex'),
    device: createHash('sha256').update(seed).digest('hex'),
  }
}

export const asPeer = (person: Person, relays: readonly PlainRelay[]): PlainPeer => ({ device: person.device, key: person.key, relays })

/** RFC 8410: the fixed head of an Ed25519 private key in DER. */
const PKCS8_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex')

function publicKeyOf(seed: Uint8Array): Buffer {
  const privateKey = createPrivateKey({ key: Buffer.concat([PKCS8_HEAD, seed]), format: 'der', type: 'pkcs8' })
  return createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).subarray(-32)
}
