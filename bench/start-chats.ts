// How long a return takes, with everything kept, to the list of chats and to an open chat, for somebody with few and with many chats. One chat is
// really made, talked in, and left until it rests; the others are its rows under other ids, written into the browser's store by the product's adapter.
// The relay is stopped: it never had the mailboxes of the others, and would have all of them wake to be made anew.

import { join } from 'node:path'
import { build } from 'vite'
import type { Page } from '@playwright/test'
import { untilOfflineReady } from '../app/e2e/offline-ready.ts'
import { introduce } from '../app/e2e/pair.ts'
import type { World } from '../app/e2e/world.ts'
import { quantile } from './quantile.ts'

export const START_CHATS = [10, 2_000]
const RUNS = 9
/** Longer than it takes a chat, and after it its contact, to go to rest, ms. */
const UNTIL_REST_MS = 150_000
const UNTIL_TOLD_MS = 10_000
const SHOWN_MS_MAX = 30_000
/** The worker of a closed page holds its file a moment longer than the page is there. */
const TRIES_MAX = 20
const RETRY_MS = 500
const COMPOSER_MARK = 'kith:composer'

export async function measureStartWithChats(world: World, chats: number): Promise<Readonly<Record<string, unknown>>> {
  const ana = await world.person('Ana', { bypassCSP: true })
  const { ben } = await introduce({ ana, ben: await world.person('Ben') })
  await untilOfflineReady(ana.page)
  const { page } = ana
  const chat = page.url()
  // What each has is told the other, or the chat would wait for that.
  await page.waitForTimeout(UNTIL_TOLD_MS)
  await ben.context.close()
  // Nobody looks at it.
  await page.goto(`${world.url}settings`)
  await page.waitForTimeout(UNTIL_REST_MS)
  // The product has to be gone altogether: it alone may hold the file that its keys rest on.
  await page.close()
  // A page of its origin that it does not serve, not even without a network.
  const bare = await ana.context.newPage()
  await bare.goto(`${world.url}healthz`)
  await fill(bare, chats)
  await world.stopRelay()
  const times: { readonly list: number[]; readonly chat: number[] } = { list: [], chat: [] }
  for (let run = 0; run < RUNS; run += 1) {
    times.list.push(await listMs(bare, world.url))
    times.chat.push(await composerMs(bare, chat))
  }
  const median = (values: readonly number[]): number => Math.round(quantile(values, 0.5))
  return { bench: 'start', chats, runs: RUNS, listMs: median(times.list), chatMs: median(times.chat) }
}

/** From the start of the navigation until chats are on the page. */
async function listMs(page: Page, url: string): Promise<number> {
  await page.goto(url, { waitUntil: 'commit' })
  const shown = () => (document.querySelector('[data-testid="conversation-item"]') === null ? undefined : performance.now())
  const found = await page.waitForFunction(shown, undefined, { timeout: SHOWN_MS_MAX, polling: 'raf' })
  return Number(await found.jsonValue())
}

async function composerMs(page: Page, chat: string): Promise<number> {
  await page.goto(chat, { waitUntil: 'commit' })
  const mark = await page.waitForFunction((name) => performance.getEntriesByName(name)[0]?.startTime, COMPOSER_MARK, {
    timeout: SHOWN_MS_MAX,
  })
  return Number(await mark.jsonValue())
}

/** The product's own adapter, in a worker of this page. */
async function fill(page: Page, chats: number): Promise<void> {
  const [output] = [
    await build({
      configFile: false,
      logLevel: 'silent',
      build: {
        write: false,
        minify: false,
        lib: { entry: join(import.meta.dirname, 'copy-worker.ts'), formats: ['iife'], name: 'copy' },
        rollupOptions: { output: { inlineDynamicImports: true } },
      },
    }),
  ].flat()
  const code = output !== undefined && 'output' in output ? output.output[0].code : ''
  const copied = (): Promise<string> =>
    page.evaluate(
      ([script, count]) =>
        new Promise<string>((resolve) => {
          const worker = new Worker(URL.createObjectURL(new Blob([script], { type: 'text/javascript' })))
          // With it goes its hold on the file.
          const end = (said: string) => (worker.terminate(), resolve(said))
          worker.onmessage = ({ data }) => end(String(data))
          worker.onerror = ({ message }) => end(message)
          worker.postMessage(count)
        }),
      [code, chats] as const,
    )
  for (let tries = 1; ; tries += 1) {
    const said = await copied()
    if (said === 'done') return
    if (tries === TRIES_MAX) throw new Error(`the store was not filled: ${said}`)
    await page.waitForTimeout(RETRY_MS)
  }
}
