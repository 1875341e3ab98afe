// The session and its adapters as they really run: Chromium tabs, a real worker, IndexedDB, Web Locks, the service worker, and the strict headers.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { filesContaining } from '../../e2e/byte-search.ts'
import { CHROMIUM_ARGS, installedChromium } from '../../../tools/chromium.ts'
import { FIRST_VIEW_MS_MAX, IDLE_MS_MAX, WIPE_WAIT_MS_MAX } from './limits.ts'
import { serveHarness } from '../../test/session/server.ts'
import type { BrowserContext, Page } from '@playwright/test'
import type { Harness } from '../../test/session/harness.ts'
import type { HarnessServer } from '../../test/session/server.ts'

/** What asks how long something takes, or what has not happened yet by some time, has the machine for itself. */
const ALONE = { tag: '@alone' }

let server: HarnessServer
const problems: string[] = []

test.beforeAll(async () => {
  server = await serveHarness()
})
test.afterAll(() => server.close())
test.beforeEach(() => {
  problems.length = 0
  server.setOnline('online')
})
test.afterEach(() => expect(problems).toEqual([]))

test.describe('the adapters in a real browser', () => {
  test('the store keeps its contract', async ({ context }) => {
    expect(await run(await open(context), 'storeContract')).toEqual([])
  })

  test('the browser verifies signatures, with the verdicts that ours gives', async ({ context }) => {
    expect(await run(await open(context), 'wrongVerdicts')).toEqual([])
  })

  test('commits that a dying page leaves behind are whole, and a prefix', ALONE, async ({ context }) => {
    for (const acknowledged of [1, 50, 500]) {
      const victim = await open(context)
      void run(victim, 'flood', 5_000).catch(() => undefined)
      await expect.poll(() => run(victim, 'acknowledged'), { intervals: [5] }).toBeGreaterThanOrEqual(acknowledged)
      await victim.close()
      const { entries, timeline } = await run(await open(context), 'flooded')
      expect(timeline).toEqual(entries)
      expect(entries).toEqual(entries.map((_, i) => i.toString().padStart(6, '0')))
      expect(entries.length).toBeGreaterThanOrEqual(acknowledged)
      expect(entries.length).toBeLessThan(5_000)
    }
  })

  test('a document is there after a reload, also when its list was compacted', async ({ context }) => {
    const page = await open(context)
    const texts = Array.from({ length: 70 }, (_, i) => `update ${i}`)
    await run(page, 'append', 'account', texts)
    await page.reload()
    const loaded = await run(await ready(page), 'load', 'account')
    expect(loaded[0]).toBe('snapshot')
    expect(loaded.at(-1)).toBe('update 69')
    expect(loaded.length).toBeLessThan(10)
  })

  test('nothing that was kept is in the profile in the clear', async () => {
    const profile = await mkdtemp(join(tmpdir(), 'kith-profile-'))
    const context = await persistent(profile)
    const page = await open(context)
    await run(page, 'start')
    await run(page, 'send', 'meet me at the old harbour', 'r1')
    await run(page, 'append', 'meta/garden-club', ['tulips and the old harbour'])
    await expect.poll(() => run(page, 'texts')).toEqual(['meet me at the old harbour'])
    await context.close()
    const found = await filesContaining(profile, ['old harbour', 'garden-club', 'tulips'])
    expect(found).toEqual([])
    const again = await persistent(profile)
    const reopened = await open(again)
    await run(reopened, 'start')
    await expect.poll(() => run(reopened, 'texts')).toEqual(['meet me at the old harbour'])
    await again.close()
    await rm(profile, { recursive: true, force: true })
  })
})

test.describe('several tabs', () => {
  test('share one engine, and all see what one writes', async ({ context }) => {
    const [first, second, third] = [await started(context), await started(context), await started(context)]
    await run(second, 'send', 'hello', 'r1')
    for (const tab of [first, second, third]) await expect.poll(() => run(tab, 'texts')).toEqual(['hello'])
    expect(await run(third, 'leaders')).toBe(1)
    expect([first, second, third].flatMap((tab) => tab.workers()).length).toBe(1)
  })

  test('lose and double nothing when the leader dies in the middle of commands', ALONE, async ({ context }) => {
    const leader = await started(context)
    const [second, third] = [await started(context), await started(context)]
    const answers = ['slow 1', 'slow 2', 'slow 3'].map((text) => run(second, 'send', text, `ref of ${text}`))
    await second.waitForTimeout(50)
    await leader.close()
    expect(await Promise.all(answers)).toEqual(['1', '2', '3'].map((n) => ({ kind: 'saved', message: `ref of slow ${n}` })))
    await run(third, 'send', 'after', 'r4')
    for (const tab of [second, third])
      await expect.poll(async () => [...(await run(tab, 'texts'))].sort()).toEqual(['after', 'slow 1', 'slow 2', 'slow 3'])
    expect(await run(second, 'status')).toBe('ready')
    for (const tab of [second, third]) await tab.close()
    const fresh = await started(context)
    await expect.poll(async () => [...(await run(fresh, 'texts'))].sort()).toEqual(['after', 'slow 1', 'slow 2', 'slow 3'])
  })

  test('go on when the engine itself crashes', async ({ context }) => {
    const [leader, second] = [await started(context), await started(context)]
    await run(second, 'send', 'before', 'r1')
    await run(second, 'send', 'crash', 'r2').catch(() => undefined)
    expect(await run(second, 'send', 'after', 'r3')).toMatchObject({ kind: 'saved' })
    await expect.poll(() => run(leader, 'texts')).toEqual(['before', 'after'])
    problems.length = 0
  })

  test('open the network in the leader only, and after the first view', ALONE, async ({ context }) => {
    const [leader, second] = [await started(context), await started(context)]
    await expect.poll(() => run(leader, 'networkAsked'), { timeout: FIRST_VIEW_MS_MAX + IDLE_MS_MAX + 2_000 }).toBe(1)
    expect(await run(second, 'networkAsked')).toBe(0)
  })
})

test('a tab has a port to the engine wherever one can be handed over, and a line of its own name elsewhere', async ({ context }) => {
  await context.addInitScript(() => {
    const names: string[] = []
    Reflect.set(globalThis, 'channels', names)
    globalThis.BroadcastChannel = class extends BroadcastChannel {
      constructor(name: string) {
        names.push(name)
        super(name)
      }
    }
  })
  const namedLines = (page: Page): Promise<number> =>
    page.evaluate(() => (Reflect.get(globalThis, 'channels') as string[]).filter((name) => name.startsWith('kith-line-')).length)
  const leader = await started(context)
  const early = await started(context)
  expect([await namedLines(leader), await namedLines(early)], 'before there is a service worker').toEqual([0, 1])
  await run(leader, 'registerServiceWorker')
  await controlled(leader)
  const late = await started(context)
  await run(late, 'send', 'over a port', 'r1')
  for (const tab of [leader, early, late]) await expect.poll(() => run(tab, 'texts')).toEqual(['over a port'])
  expect(await namedLines(late)).toBe(0)
  await leader.close()
  await run(early, 'send', 'to the next one', 'r2')
  for (const tab of [early, late]) await expect.poll(() => run(tab, 'texts')).toEqual(['over a port', 'to the next one'])
  expect([await namedLines(early), await namedLines(late)], 'one that leads, one that is let in').toEqual([1, 0])
})

test('without anybody watching, the network is opened all the same', ALONE, async ({ context }) => {
  const page = await open(context)
  await run(page, 'start', 'silent')
  await expect.poll(() => run(page, 'status')).toBe('ready')
  await page.waitForTimeout(FIRST_VIEW_MS_MAX / 2)
  expect(await run(page, 'networkAsked')).toBe(0)
  await expect.poll(() => run(page, 'networkAsked'), { timeout: FIRST_VIEW_MS_MAX + IDLE_MS_MAX }).toBe(1)
})

test('a full disk is told by its name, what was kept stays readable, and with space again writing goes on', async ({ context }) => {
  const page = await open(context)
  const devtools = await context.newCDPSession(page)
  await devtools.send('Storage.overrideQuotaForOrigin', { origin: server.url, quotaSize: 3_000_000 })
  await run(page, 'start')
  await run(page, 'send', 'before', 'r1')
  expect(await run(page, 'sendRefused', 'x'.repeat(8_000_000), 'r2')).toBe('storage-full')
  await expect(run(page, 'append', 'meta/1', ['x'.repeat(8_000_000)])).rejects.toThrow('StoreError: the browser gives no more space')
  await expect.poll(() => run(page, 'texts')).toEqual(['before'])
  await devtools.send('Storage.overrideQuotaForOrigin', { origin: server.url })
  expect(await run(page, 'send', 'after', 'r3')).toMatchObject({ kind: 'saved' })
  await expect.poll(() => run(page, 'texts')).toEqual(['before', 'after'])
  problems.length = 0
})

test.describe('erasing everything', () => {
  test('does not wait for ever for an engine that does not end', ALONE, async ({ context }) => {
    const page = await open(context)
    await run(page, 'hogEngineLock')
    const began = Date.now()
    await run(page, 'wipe')
    expect(Date.now() - began).toBeGreaterThanOrEqual(WIPE_WAIT_MS_MAX - 50)
    expect((await leftovers(page)).databases).toEqual([])
  })

  test('leaves no database, cache or worker, and every tab begins anew', async ({ context }) => {
    const [leader, second] = [await started(context), await started(context)]
    await run(second, 'registerServiceWorker')
    await second.evaluate(() => navigator.serviceWorker.ready.then(() => localStorage.setItem('a', 'b')))
    await run(second, 'send', 'secret', 'r1')
    await run(second, 'retry')
    expect(await leftovers(second)).not.toEqual({ databases: [], caches: [], registrations: 0, settings: 0 })
    const reloads = [leader, second].map((tab) => tab.waitForEvent('load', { timeout: WIPE_WAIT_MS_MAX * 2 }))
    await run(second, 'wipe').catch(() => undefined) // The answer may be cut off by the new start.
    await Promise.all(reloads)
    await Promise.all([leader, second].map(ready))
    expect(await leftovers(second)).toEqual({ databases: [], caches: [], registrations: 0, settings: 0 })
    await run(second, 'start')
    await expect.poll(() => run(second, 'status')).toBe('ready')
    expect(await run(second, 'texts')).toEqual([])
  })
})

test.describe('the service worker', () => {
  test('starts the page without a server, and swaps versions only when asked', async ({ context }) => {
    const page = await open(context)
    await run(page, 'registerServiceWorker')
    await controlled(page)
    expect(await run(page, 'isUpdateReady')).toBe(false)
    server.setOnline('offline')
    await page.reload()
    await ready(page)
    expect(await page.title()).toBe('first')
    server.setOnline('online')
    await server.release('second')
    await page.reload()
    await ready(page)
    await run(page, 'registerServiceWorker')
    await expect.poll(() => run(page, 'isUpdateReady')).toBe(true)
    expect(await page.title()).toBe('first')
    const reloaded = page.waitForEvent('load')
    await run(page, 'applyUpdate')
    await reloaded
    await ready(page)
    expect(await page.title()).toBe('second')
    expect(await page.evaluate(async () => (await caches.keys()).filter((name) => name.startsWith('kith-page-')).length)).toBe(1)
    problems.length = 0
  })
})

test('only scripts of the page can be started under its headers', async ({ context }) => {
  const page = await open(context)
  expect(await run(page, 'isScriptPolicyKept')).toBe(true)
  problems.length = 0
})

test('the real engine opens, and is the same account after a reload', async ({ context }) => {
  const page = await open(context)
  const { account } = await run(page, 'startReal')
  expect(account).toMatch(/^[0-9a-f]{64}$/)
  await page.reload()
  expect((await run(await ready(page), 'startReal')).account).toBe(account)
  const other = await open(context)
  expect((await run(other, 'startReal')).account).toBe(account)
  problems.length = 0
})

test('figures', ALONE, async ({ context }) => {
  const { alone, burst, lastPage } = await run(await open(context), 'measure', 1_000)
  console.log(
    `1,000 commits awaited one by one ${alone.toFixed(0)} ms, in a burst ${burst.toFixed(0)} ms; last 50 of 2,000 rows ${lastPage.toFixed(1)} ms`,
  )
  expect(burst).toBeLessThan(alone)
})

async function open(context: BrowserContext): Promise<Page> {
  const page = await context.newPage()
  page.on('pageerror', (error) => problems.push(error.stack ?? error.message))
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()))
  await page.goto(server.url)
  return ready(page)
}

async function ready(page: Page): Promise<Page> {
  await page.waitForFunction(() => Reflect.has(globalThis, 'harness'))
  return page
}

async function started(context: BrowserContext): Promise<Page> {
  const page = await open(context)
  await run(page, 'start')
  await expect.poll(() => run(page, 'status')).toBe('ready')
  return page
}

function controlled(page: Page): Promise<void> {
  return page.evaluate(async () => {
    await navigator.serviceWorker.ready
    if (navigator.serviceWorker.controller !== null) return
    await new Promise((resolve) => navigator.serviceWorker.addEventListener('controllerchange', resolve, { once: true }))
  })
}

async function run<K extends keyof Harness>(
  page: Page,
  verb: K,
  ...args: Parameters<Harness[K]>
): Promise<Awaited<ReturnType<Harness[K]>>> {
  const answer: unknown = await page.evaluate(
    ([name, rest]) => {
      const harness = Reflect.get(globalThis, 'harness') as Record<string, (...all: readonly unknown[]) => unknown>
      return harness[name]?.(...rest)
    },
    [verb, args] as const,
  )
  return answer as Awaited<ReturnType<Harness[K]>>
}

function leftovers(page: Page) {
  return page.evaluate(async () => ({
    databases: (await indexedDB.databases()).map(({ name }) => name),
    caches: await caches.keys(),
    registrations: (await navigator.serviceWorker.getRegistrations()).length,
    settings: localStorage.length,
  }))
}

async function persistent(profile: string): Promise<BrowserContext> {
  const { chromium } = await import('@playwright/test')
  return chromium.launchPersistentContext(profile, { executablePath: installedChromium(), args: [...CHROMIUM_ARGS] })
}
