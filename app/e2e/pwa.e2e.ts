// The installable app: manifest, service worker, offline start, update prompt, and what a first visit loads.

import { appendFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync } from 'node:zlib'
import type { Page, Response } from '@playwright/test'
import { FIRST_LOAD_BYTES_MAX } from '../../tools/size-limits.ts'
import { axeFaults } from '../../audits/axe.ts'
import { picture as takePicture } from './picture.ts'
import { withNextRelease } from './next-release.ts'
import { untilOfflineReady } from './offline-ready.ts'
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

test('what another app shares waits in the chat that is chosen, and nothing goes by itself, whoever posts it', async ({ world }) => {
  test.setTimeout(90_000)
  const ana = await world.personOnDisk('Ana')
  const page = await ana.open()
  await untilOfflineReady(page)
  const picture = { name: 'seeds.txt', mimeType: 'text/plain', buffer: Buffer.from('beans') }
  const evil = '<img src=x onerror="document.title=1"> **look**'
  /** Any page on the web can post what an app shares. */
  const share = async (text: string, files: readonly (typeof picture)[] = []) => {
    const other = await ana.context.newPage()
    await other.setContent(`<form method="post" enctype="multipart/form-data" action="${world.url}share">
      <textarea name="text"></textarea><input name="url"><input name="send" value="1"><input type="file" name="files" multiple></form>`)
    await other.locator('textarea').fill(text)
    await other.locator('[type=file]').setInputFiles([...files])
    await other.locator('form').evaluate((form: HTMLFormElement) => form.submit())
    await expect(other.getByRole('dialog')).toBeVisible({ timeout: 20_000 })
    expect(other.url(), 'its name is nowhere in the address').not.toContain('shared')
    return other
  }

  await test.step('with nobody to send it to, that is said', async () => {
    const other = await share('hello')
    await expect(other.getByTestId('shared-refused')).toContainText('nobody here yet')
    await other.close()
  })

  await test.step('a text goes into the message box of the chat, as text', async () => {
    await ana.newChat('my first words')
    const other = await share(evil)
    await expect(other.getByTestId('shared')).toHaveText(evil)
    expect.soft(await axeFaults(other, 'light')).toEqual([])
    await takePicture(other, 'what another app shares')
    await other.getByTestId('confirm').click()
    await expect(other.getByRole('alert')).toContainText('Choose at least one chat')
    await other.getByTestId('share-to').first().check()
    await other.getByTestId('confirm').click()
    await expect(other.getByTestId('composer')).toHaveValue(evil)
    await expect(other.getByTestId('message')).toHaveCount(1)
    expect(await other.title()).not.toBe('1')
    await other.getByTestId('composer').fill('')
    await other.close()
  })

  await test.step('files are looked at before they go, with the words beside them', async () => {
    const other = await share('for the garden', [picture])
    await other.getByTestId('share-to').first().check()
    await other.getByTestId('confirm').click()
    await expect(other.getByTestId('attach-caption')).toHaveValue('for the garden')
    await expect(other.getByRole('dialog')).toContainText('seeds.txt')
    await expect(other.getByTestId('message')).toHaveCount(1)
    await other.close()
  })

  await test.step('what the service worker has not any more is said to be gone', async () => {
    const other = await ana.context.newPage()
    await other.goto(`${world.url}#shared/0b9cf1a4-9d5e-4c3f-8a54-2d0f6f3f9c11`)
    await expect(other.getByTestId('shared-refused')).toContainText('no longer here')
    const kept = await other.evaluate(async () => {
      const all = await Promise.all((await caches.keys()).map(async (name) => (await caches.open(name)).matchAll()))
      return (await Promise.all(all.flat().map((response) => response.text()))).join('\n')
    })
    expect(kept.length).toBeGreaterThan(100_000)
    expect(kept, 'what was shared lies in no cache').not.toContain('for the garden')
    await other.close()
  })
})

test(
  'the app starts without its relay, and a new version once all of it is there and Kith is next opened',
  { tag: OWN_RELAY },
  async ({ world }) => {
    test.setTimeout(150_000)
    const ana = await world.person('Ana')
    const page = await ana.open()
    await untilOfflineReady(page)
    const said = page.getByText(/new version is ready/i)
    const released = page.locator('meta[name="release"]')

    await test.step('the app starts from the service worker when its relay is gone', async () => {
      await world.killRelay()
      const response = await page.reload()
      expect(response?.fromServiceWorker()).toBe(true)
      await expect(ana.composer).toBeVisible()
      await expect(page.getByTestId('new-chat').first()).toBeVisible()
      await expect(said).toHaveCount(0)
    })

    await withNextRelease(world.dist, async (next) => {
      const script = someScriptOf(next)
      const right = readFileSync(script)
      await test.step('a version of which the relay serves one file wrong never starts, and the running one stays whole', async () => {
        appendFileSync(script, '\n// not what was built')
        await world.startRelay({ dist: next })
        await expect.poll(() => outcomeOfUpdate(page), UPDATE).toBe('redundant')
        await page.reload()
        await expect(ana.composer).toBeEditable()
        await expect(said).toHaveCount(0)
        await expect(released).toHaveCount(0)
      })

      await test.step('once all of it is right, it announces itself', async () => {
        writeFileSync(script, right)
        await expect.poll(() => outcomeOfUpdate(page), UPDATE).toBe('installed')
        await expect(said).toBeVisible()
        await page.reload()
        await expect(said, 'also to a page that comes later').toBeVisible({ timeout: 20_000 })
        await expect(released, 'the running version is not swapped underfoot').toHaveCount(0)
      })

      await test.step('it starts when Kith is next opened', async () => {
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
  },
)

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

const UPDATE = { timeout: 60_000 }

/**
 * Looks for a new version now, and tells what became of it. A browser looks by itself as well, a moment after a page has loaded, and then there is nothing
 * left to find: that is told as `none` unless it waits already.
 */
function outcomeOfUpdate(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready
    const found = new Promise<ServiceWorker | null>((resolve) => {
      registration.addEventListener('updatefound', () => resolve(registration.installing), { once: true })
      setTimeout(resolve, 5_000, null)
    })
    await registration.update()
    const worker = registration.installing ?? registration.waiting ?? (await found)
    if (worker === null) return 'none'
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
