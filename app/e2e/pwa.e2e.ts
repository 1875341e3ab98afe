// The installable app: manifest, service worker, offline start, update prompt, and what a first visit loads.

import { appendFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync } from 'node:zlib'
import type { Page, Response } from '@playwright/test'
import { FIRST_LOAD_BYTES_MAX } from '../../tools/size-limits.ts'
import { withNextRelease } from './next-release.ts'
import { untilOfflineReady } from './offline-ready.ts'
import { twoFriends } from './pair.ts'
import { expect, OWN_RELAY, test } from './walk.ts'

test('the manifest has no errors and nothing keeps the app from being installed', async ({ world }) => {
  const ana = await world.personOnDisk('Ana')
  const page = await ana.open()
  await untilOfflineReady(page)
  const session = await ana.context.newCDPSession(page)
  const manifest = await session.send('Page.getAppManifest')
  expect(manifest.url).toBe(`${world.url}manifest.webmanifest`)
  expect(manifest.errors).toEqual([])
  const { installabilityErrors } = await session.send('Page.getInstallabilityErrors')
  expect(installabilityErrors).toEqual([])
  const content = JSON.parse(manifest.data ?? '{}') as { icons: { src: string; sizes: string; purpose?: string }[]; name: string }
  expect(content.name).toBe('Kith')
  for (const { src, sizes } of content.icons) await expectPicture(new URL(src, world.url), sizes)
})

test('the app starts from the service worker when its relay is gone', { tag: OWN_RELAY }, async ({ world }) => {
  const ana = await world.person('Ana')
  const page = await ana.open()
  await untilOfflineReady(page)
  await world.killRelay()
  const response = await page.reload()
  expect(response?.fromServiceWorker()).toBe(true)
  await expect(ana.composer).toBeVisible()
  await expect(ana.page.getByTestId('new-chat').first()).toBeVisible()
})

test('a new version announces itself and starts when Kith is next opened', { tag: OWN_RELAY }, async ({ world }) => {
  await withNextRelease(world.dist, async (next) => {
    const ana = await world.person('Ana')
    const page = await ana.open()
    await untilOfflineReady(page)
    await expect(page.getByText(/new version is ready/i)).toHaveCount(0)

    await world.stopRelay()
    await world.startRelay({ dist: next })
    await page.reload()
    await expect(page.getByText(/new version is ready/i)).toBeVisible({ timeout: 20_000 })
    await expect(page.locator('meta[name="release"]'), 'the running version is not swapped underfoot').toHaveCount(0)
    await ana.closeTab()
    await expect
      .poll(async () => {
        const again = await ana.open()
        const releases = await again.locator('meta[name="release"][content="next"]').count()
        await ana.closeTab()
        return releases
      })
      .toBe(1)
  })
})

test(
  'a version of which the relay serves one file wrong never starts, and the running one stays whole',
  { tag: OWN_RELAY },
  async ({ world }) => {
    await withNextRelease(world.dist, async (next) => {
      const ana = await world.person('Ana')
      const page = await ana.open()
      await untilOfflineReady(page)
      const script = someScriptOf(next)
      const right = readFileSync(script)
      appendFileSync(script, '\n// not what was built')
      await world.stopRelay()
      await world.startRelay({ dist: next })
      expect(await outcomeOfUpdate(page)).toBe('redundant')
      await page.reload()
      await expect(ana.composer).toBeEditable()
      await expect(page.getByText(/new version is ready/i)).toHaveCount(0)
      await expect(page.locator('meta[name="release"]')).toHaveCount(0)

      writeFileSync(script, right)
      expect(await outcomeOfUpdate(page)).toBe('installed')
      await expect(page.getByText(/new version is ready/i)).toBeVisible()
    })
  },
)

test('"Start it now" starts the new version at once, and what was half written is still there', { tag: OWN_RELAY }, async ({ world }) => {
  test.setTimeout(180_000)
  const { ana, ben } = await twoFriends(world)
  const { page } = ana
  await untilOfflineReady(page)
  await withNextRelease(world.dist, async (next) => {
    await world.stopRelay()
    await world.startRelay({ dist: next })
    await page.reload()
    const start = page.getByRole('button', { name: 'Start it now' })
    await expect(start).toBeVisible({ timeout: 60_000 })
    // Written in the same breath: nothing but the click may have stored it.
    await ana.composer.fill('Half a thought about')
    const reloaded = page.waitForEvent('load', { timeout: 20_000 })
    await start.click()
    await reloaded
    await expect(page.locator('meta[name="release"][content="next"]'), 'the new version runs').toHaveCount(1)
    await expect(ana.composer).toHaveValue('Half a thought about')
    await ana.expectMessage('Hello Ana', 'them')
    await ana.send('Half a thought about a hose')
    await ben.expectMessage('Half a thought about a hose', 'them', 45_000)
  })
})

test('what a first visit loads before the composer is usable stays within its budget', { tag: '@alone' }, async ({ world }) => {
  const ana = await world.person('Ana')
  await ana.context.addInitScript(noteWhenUsable)
  const loaded = new Map<string, Response>()
  ana.context.on('response', (response) => {
    if (/\.(js|css)$/.test(new URL(response.url()).pathname)) loaded.set(response.url(), response)
  })
  const page = await ana.open()
  await expect(ana.composer).toBeEditable()
  const asked = new Set(await page.evaluate(askedUntilUsable))
  const workers = new Set(page.workers().map((worker) => worker.url()))
  const counted = [...loaded.values()].filter((response) => asked.has(response.url()) && !workers.has(response.url()))
  const sizes = await Promise.all(counted.map(async (response) => brotliCompressSync(await response.body()).length))
  const listed = counted.map((response, index) => `${response.url()} ${sizes[index]}`).join('\n')
  expect(counted.length).toBeGreaterThan(1)
  expect(
    sizes.reduce((sum, bytes) => sum + bytes, 0),
    listed,
  ).toBeLessThanOrEqual(FIRST_LOAD_BYTES_MAX)
})

/** Runs in the page, before anything of the app: marks the moment at which the message box accepts text. */
function noteWhenUsable(): void {
  const watcher = new MutationObserver(() => {
    if (document.querySelector('[data-testid="composer"]:read-write') === null) return
    watcher.disconnect()
    performance.mark('usable')
  })
  watcher.observe(document, { childList: true, subtree: true, attributes: true })
}

/** Runs in the page: what it had asked for by then. What is fetched ahead of its use comes later, however slow the machine is. */
function askedUntilUsable(): string[] {
  const usable = performance.getEntriesByName('usable')[0]?.startTime
  if (usable === undefined) throw new Error('The message box was never there.')
  return performance
    .getEntriesByType('resource')
    .filter(({ startTime }) => startTime <= usable)
    .map(({ name }) => name)
}

/** Looks for a new version now, and tells what became of it. */
function outcomeOfUpdate(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready
    const found = new Promise<ServiceWorker>((resolve) =>
      registration.addEventListener('updatefound', () => registration.installing && resolve(registration.installing), { once: true }),
    )
    await registration.update()
    const worker = await found
    return new Promise<string>((resolve) => {
      const tell = (): void => {
        if (worker.state !== 'installing') resolve(worker.state)
      }
      worker.addEventListener('statechange', tell)
      tell()
    })
  })
}

function someScriptOf(dist: string): string {
  const name = readdirSync(join(dist, 'assets')).find((file) => file.endsWith('.js'))
  if (name === undefined) throw new Error('The build has no script.')
  return join(dist, 'assets', name)
}

async function expectPicture(address: URL, sizes: string): Promise<void> {
  const response = await fetch(address)
  expect(response.status, address.pathname).toBe(200)
  const bytes = Buffer.from(await response.arrayBuffer())
  if (!address.pathname.endsWith('.png')) return
  expect(`${bytes.readUInt32BE(16)}x${bytes.readUInt32BE(20)}`, address.pathname).toBe(sizes)
}
