// Whatever fails between the first byte and the first screen ends in words within five seconds: one thing is broken in each case.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page, Route } from '@playwright/test'
import { axeFaults } from '../../audits/axe.ts'
import { CHROMIUM_ARGS, installedChromium } from '../../tools/chromium.ts'
import { expect, test as walk } from './walk.ts'

const test = walk.extend<{ url: string }>({ url: async ({ sharedRelay }, provide) => provide(sharedRelay.url) })
test.use({ serviceWorkers: 'allow' })

/** From the first byte to the words. A case gets more, because a busy machine is slow at other things too. */
const WORDS_MS = 5_000
const SLACK_MS = 4_000

type Case = {
  readonly what: string
  readonly says: RegExp
  /** Breaks one thing. Scripts run in the page before anything of the app. */
  readonly script?: () => void
  /** One of each kind of words is looked at by axe, but for those that stand there without any script. */
  readonly isFirst?: true
  readonly route?: { readonly path: string | RegExp; readonly answer: (route: Route) => Promise<unknown> }
}

const COULD_NOT = /could(?: not|n’t) start/i
const SLOW = /still (?:loading|opening)/i
const entry = /\/assets\/first-[\w-]+\.js$/
const missing = (route: Route) => route.fulfill({ status: 404, body: 'nothing here' })
const script = (body: string) => (route: Route) => route.fulfill({ contentType: 'text/javascript', body })
const never = () => new Promise(() => undefined)
const engine = /engine\.worker-[\w-]+\.js$/
/** Runs in the engine's worker, before anything of it. */
const inWorker = (code: string) => ({
  path: engine,
  async answer(route: Route) {
    const response = await route.fetch()
    await route.fulfill({ response, body: `${code};\n${await response.text()}` })
  },
})

const CASES: readonly Case[] = [
  { what: 'the first script is missing', says: COULD_NOT, route: { path: entry, answer: missing } },
  {
    what: 'a script that the first one needs is missing',
    says: COULD_NOT,
    route: { path: /\/assets\/engine-[\w-]+\.js$/, answer: missing },
  },
  { what: 'a script is cut off', says: COULD_NOT, route: { path: entry, answer: script('const a = {') } },
  { what: 'a script throws while it loads', says: COULD_NOT, route: { path: entry, answer: script("throw new Error('no')") } },
  { what: 'a script never arrives', says: SLOW, route: { path: entry, answer: never } },
  { what: 'the style sheet is missing', says: COULD_NOT, route: { path: /\.css$/, answer: missing } },
  { what: 'the style sheet never arrives', says: SLOW, route: { path: /\.css$/, answer: never } },
  {
    what: 'nothing of the site is where it should be',
    says: /couldn’t be loaded from this address/i,
    route: { path: /\.(js|css|svg)$/, answer: missing },
  },
  { what: 'the engine is missing', isFirst: true, says: COULD_NOT, route: { path: engine, answer: missing } },
  { what: 'the engine never arrives', isFirst: true, says: SLOW, route: { path: engine, answer: never } },
  { what: 'the engine dies at once', says: COULD_NOT, route: { path: engine, answer: script("throw new Error('no')") } },
  {
    what: 'opening the database fails',
    says: /doesn’t let Kith store/i,
    route: inWorker("indexedDB.open = () => { throw new DOMException('no', 'SecurityError') }"),
  },
  { what: 'the database never answers', says: SLOW, route: inWorker('indexedDB.open = () => ({})') },
  {
    what: 'another tab keeps an older database open',
    says: /still opening|older version/i,
    route: inWorker('indexedDB.open = () => { const r = {}; setTimeout(() => r.onblocked?.(), 100); return r }'),
  },
  {
    what: 'there is no database at all',
    says: COULD_NOT,
    script: () => void Object.defineProperty(window, 'indexedDB', { value: undefined }),
  },
  { what: 'there are no locks', says: COULD_NOT, script: () => void Reflect.deleteProperty(Navigator.prototype, 'locks') },
  {
    what: 'locks are refused',
    says: COULD_NOT,
    script: () => (navigator.locks.request = () => Promise.reject(new DOMException('no', 'SecurityError'))),
  },
  { what: 'tabs cannot talk to each other', says: COULD_NOT, script: () => void Reflect.deleteProperty(window, 'BroadcastChannel') },
  {
    what: 'the connection is not secure',
    says: COULD_NOT,
    script: () => {
      Reflect.deleteProperty(Crypto.prototype, 'subtle')
      Reflect.deleteProperty(Crypto.prototype, 'randomUUID')
      Object.defineProperty(window, 'isSecureContext', { value: false })
    },
  },
  {
    what: 'the browser lacks what the app is built for',
    says: /too old/i,
    script: () => void Reflect.deleteProperty(Object, 'groupBy'),
    route: { path: entry, answer: script('const a = {') },
  },
]

for (const { what, says, isFirst, script: breakIt, route } of CASES) {
  test(`words when ${what}`, async ({ browser, url }) => {
    const context = await browser.newContext({ serviceWorkers: 'block' })
    const page = await context.newPage()
    if (breakIt !== undefined) await page.addInitScript(breakIt)
    if (route !== undefined) await page.route(route.path, (one) => void route.answer(one))
    await expectWords(page, { url, says })
    if (isFirst === true)
      for (const scheme of ['light', 'dark'] as const) expect.soft(await axeFaults(page, scheme), `${what}, ${scheme}`).toEqual([])
    await context.close()
  })
}

test('a language that is none, as on a machine without one, keeps nothing from starting', async ({ browser, url }) => {
  const context = await browser.newContext({ serviceWorkers: 'block' })
  const page = await context.newPage()
  await page.addInitScript(() => {
    Object.defineProperty(navigator, 'language', { get: () => 'C' })
    Object.defineProperty(navigator, 'languages', { get: () => ['C'] })
  })
  await page.goto(url)
  await expect(page.getByTestId('composer')).toBeEditable()
  await context.close()
})

test('words when the browser blocks all site data', async ({ browser, url }) => {
  const folder = mkdtempSync(join(tmpdir(), 'kith-blocked-'))
  mkdirSync(join(folder, 'Default'))
  const preferences = { profile: { default_content_setting_values: { cookies: 2 } } }
  writeFileSync(join(folder, 'Default', 'Preferences'), JSON.stringify(preferences))
  const context = await browser
    .browserType()
    .launchPersistentContext(folder, { executablePath: installedChromium(), args: [...CHROMIUM_ARGS] })
  try {
    const page = await context.newPage()
    await page.goto(new URL('/healthz', url).href)
    const denied = () => page.evaluate(() => Promise.resolve().then(() => localStorage.length)).then(String, () => 'denied')
    expect(await denied(), 'the case is real').toBe('denied')
    await expectWords(page, { url, says: /doesn’t let Kith store/i })
  } finally {
    await context.close()
    rmSync(folder, { recursive: true, force: true })
  }
})

test('a page that the browser kept and that is broken can be fetched anew, and nothing else is lost', async ({ browser, url }) => {
  const context = await browser.newContext()
  const page = await context.newPage()
  await page.goto(url)
  await page.getByTestId('composer').fill('Still here')
  const other = await context.newPage()
  await other.goto(url)
  await expect(other.getByTestId('composer'), 'the draft is stored').toHaveValue('Still here')
  await other.close()
  await page.evaluate(() => navigator.serviceWorker.ready)
  await expect.poll(() => page.evaluate(() => navigator.serviceWorker.controller !== null)).toBe(true)
  await page.evaluate(async () => {
    const name = (await caches.keys()).find((one) => one.startsWith('kith-page-')) ?? ''
    const cache = await caches.open(name)
    for (const { url: address } of await cache.keys()) {
      if (/assets\/first-[\w-]+\.js$/.test(address))
        await cache.put(address, new Response('const a = {', { headers: { 'content-type': 'text/javascript' } }))
    }
  })
  await expectWords(page, { url, says: COULD_NOT })
  await page.getByRole('button', { name: 'Reload' }).click()
  await expect(page.getByTestId('composer')).toHaveValue('Still here')
  await context.close()
})

test('a first message that can be stored nowhere yet is not left unasked, and a stored one is', async ({ browser, url }) => {
  const context = await browser.newContext()
  const page = await context.newPage()
  const asked: string[] = []
  page.on('dialog', (dialog) => {
    asked.push(dialog.type())
    void dialog.accept()
  })
  let arrive: () => void = () => undefined
  const held = new Promise<void>((resolve) => (arrive = resolve))
  await page.route(engine, async (route) => {
    await held
    await route.continue()
  })
  await page.goto(url)
  await page.getByTestId('composer').pressSequentially('Lost')
  await page.reload()
  expect(asked).toEqual(['beforeunload'])
  await page.getByTestId('composer').pressSequentially('Kept')
  arrive()
  const other = await context.newPage()
  await other.goto(url)
  await expect(other.getByTestId('composer'), 'another tab shows it').toHaveValue('Kept')
  await page.reload()
  await expect(page.getByTestId('composer')).toHaveValue('Kept')
  expect(asked, 'nothing to ask').toEqual(['beforeunload'])
  await context.close()
})

test('whoever had chats that are gone is told so, and begins anew only when asked to', async ({ browser, url }) => {
  const context = await browser.newContext()
  const page = await context.newPage()
  await page.goto(url)
  await page.getByTestId('composer').fill('Hello')
  await page.getByTestId('new-chat').first().click()
  await expect(page.getByTestId('invite-link')).toHaveValue(/#./)
  // The browser loses the databases and nothing else, as on a full disk.
  await page.goto(new URL('/healthz', url).href)
  await page.evaluate(async () => {
    for (const { name } of await indexedDB.databases()) {
      await new Promise((done) => (indexedDB.deleteDatabase(name ?? '').onsuccess = done))
    }
    localStorage.clear()
  })
  await expectWords(page, { url, says: /your chats are gone/i })
  await page.reload()
  await expect(page.getByText(/your chats are gone/i), 'asking again makes no new key').toBeVisible()
  await page.getByRole('button', { name: 'Start again' }).click()
  await expect(page.getByTestId('composer')).toBeEditable()
  await page.getByTestId('new-chat').first().click()
  await expect(page.getByTestId('invite-link')).toHaveValue(/#./)
  await context.close()
})

async function expectWords(page: Page, { url, says }: { readonly url: string; readonly says: RegExp }): Promise<void> {
  const began = Date.now()
  await page.goto(url, { waitUntil: 'commit' })
  const words = page.getByText(says).or(page.getByAltText(says)).filter({ visible: true }).first()
  await expect(words).toBeVisible({ timeout: WORDS_MS + SLACK_MS })
  expect(Date.now() - began).toBeLessThan(WORDS_MS + SLACK_MS)
  // In the picture, and readable whatever the colours.
  const box = await words.boundingBox()
  expect(box?.width ?? 0).toBeGreaterThan(100)
}
