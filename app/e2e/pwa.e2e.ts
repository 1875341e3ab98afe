// The installable app: manifest, service worker, offline start, update prompt, and what a first visit loads.

import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliCompressSync } from 'node:zlib'
import type { Response } from '@playwright/test'
import { FIRST_LOAD_BYTES_MAX } from '../../tools/size-limits.ts'
import { untilOfflineReady } from './offline-ready.ts'
import { expect, test } from './walk.ts'

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

test('the app starts from the service worker when its relay is gone', async ({ world }) => {
  const ana = await world.person('Ana')
  const page = await ana.open()
  await untilOfflineReady(page)
  await world.killRelay()
  const response = await page.reload()
  expect(response?.fromServiceWorker()).toBe(true)
  await expect(ana.composer).toBeVisible()
  await expect(ana.page.getByTestId('new-chat').first()).toBeVisible()
})

test('a new version announces itself and starts when Kith is next opened', async ({ world }) => {
  const next = mkdtempSync(join(tmpdir(), 'kith-next-'))
  try {
    cpSync(world.dist, next, { recursive: true })
    releaseNextVersion(next)
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
  } finally {
    rmSync(next, { recursive: true, force: true })
  }
})

test('what a first visit loads before the composer is usable stays within its budget', async ({ world }) => {
  const ana = await world.person('Ana')
  const loaded: Response[] = []
  ana.context.on('response', (response) => {
    if (/\.(js|css)$/.test(new URL(response.url()).pathname)) loaded.push(response)
  })
  const page = await ana.open()
  await expect(ana.composer).toBeEditable()
  const untilUsable = [...loaded]
  const workers = new Set(page.workers().map((worker) => worker.url()))
  const counted = untilUsable.filter((response) => !workers.has(response.url()) && !response.url().endsWith('/sw.js'))
  const sizes = await Promise.all(counted.map(async (response) => brotliCompressSync(await response.body()).length))
  const listed = counted.map((response, index) => `${response.url()} ${sizes[index]}`).join('\n')
  expect(counted.length).toBeGreaterThan(1)
  expect(
    sizes.reduce((sum, bytes) => sum + bytes, 0),
    listed,
  ).toBeLessThanOrEqual(FIRST_LOAD_BYTES_MAX)
})

async function expectPicture(address: URL, sizes: string): Promise<void> {
  const response = await fetch(address)
  expect(response.status, address.pathname).toBe(200)
  const bytes = Buffer.from(await response.arrayBuffer())
  if (!address.pathname.endsWith('.png')) return
  expect(`${bytes.readUInt32BE(16)}x${bytes.readUInt32BE(20)}`, address.pathname).toBe(sizes)
}

/** Changes the start page and its revision in the worker's list, as any release does. */
function releaseNextVersion(dist: string): void {
  const page = join(dist, 'index.html')
  writeFileSync(page, readFileSync(page, 'utf8').replace('</head>', '<meta name="release" content="next"></head>'))
  const worker = join(dist, 'sw.js')
  const before = readFileSync(worker, 'utf8')
  const after = before.replace(/(\/index\.html\W+revision\W+)[0-9a-f]{16}/, '$10123456789abcdef')
  expect(after, 'the list names index.html with a revision').not.toBe(before)
  writeFileSync(worker, after)
}
