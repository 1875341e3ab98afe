// Firefox, driven by puppeteer over WebDriver BiDi, with a profile of its own that goes with it.

import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import puppeteer from 'puppeteer-core'
import type { ConsoleMessage, Page } from 'puppeteer-core'
import { REPORT_VIOLATIONS, type EnginePage } from './engine-page.ts'

/**
 * What Firefox says of a worker whose page was left while it was loaded, and of the icon of a tab that was exchanged meanwhile. A worker that does not
 * load otherwise shows in what the walk waits for.
 */
const LEFT_WHILE_LOADING = /(?:engine\.worker|\/icon(?:-unread)?\.svg).*A ServiceWorker intercepted the request/s
/** The same of what a page fetches ahead of its use. Only while a page is being left is it taken for that. */
const AHEAD_LEFT = /^Error: Failed to load .*A ServiceWorker intercepted the request/s
/** For Firefox to tell of it after the next page is there. */
const TOLD_LATE_MS = 1_000

const START_MS_MAX = 30_000
const ACTION_MS_MAX = 15_000

/** Host candidates stay plain, this machine's own addresses count, and the browser itself calls nobody. */
const PREFS = {
  'media.peerconnection.ice.obfuscate_host_addresses': false,
  'media.peerconnection.ice.loopback': true,
  'app.normandy.enabled': false,
  'app.update.enabled': false,
  'browser.safebrowsing.downloads.remote.enabled': false,
  'browser.safebrowsing.malware.enabled': false,
  'browser.safebrowsing.phishing.enabled': false,
  'browser.region.update.enabled': false,
  'browser.search.update': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'dom.ipc.processPrelaunch.enabled': false,
  'dom.push.connection.enabled': false,
  'extensions.getAddons.cache.enabled': false,
  'extensions.systemAddon.update.enabled': false,
  'media.gmp-manager.updateEnabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'network.dns.disablePrefetch': true,
  'network.prefetch-next': false,
  'services.settings.server': 'http://127.0.0.1:9/',
  'toolkit.telemetry.enabled': false,
  'toolkit.telemetry.server': '',
}

export async function openFirefox(path: string, home: string): Promise<EnginePage> {
  const browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath: path,
    headless: true,
    timeout: START_MS_MAX,
    protocolTimeout: START_MS_MAX,
    extraPrefsFirefox: PREFS,
    env: { ...process.env, LANG: 'en_US.UTF-8' },
  })
  const problems: string[] = []
  let isLeaving = false
  const leaving = async (go: () => Promise<unknown>): Promise<void> => {
    isLeaving = true
    await go()
    await pause(TOLD_LATE_MS)
    isLeaving = false
  }
  const tabs: Page[] = []
  let front = 0
  const current = (): Page => {
    const page = tabs[front]
    if (page === undefined) throw new Error('Firefox has no page open.')
    return page
  }
  const watched = async (): Promise<Page> => {
    const fresh = await browser.newPage()
    fresh.setDefaultTimeout(ACTION_MS_MAX)
    await fresh.evaluateOnNewDocument(REPORT_VIOLATIONS)
    watch(fresh, { host: new URL(home).host, problems, isLeaving: () => isLeaving })
    return fresh
  }
  const first = async (selector: string) => current().waitForSelector(selector, { visible: true })

  return {
    async open(address) {
      if (tabs.length === 0) tabs.push(await watched())
      await leaving(() => current().goto(address))
    },
    async openTab(address) {
      front = tabs.push(await watched()) - 1
      await current().goto(address)
    },
    async show(tab) {
      front = tab
      await current().bringToFront()
    },
    async leave() {
      await leaving(() => current().close())
      tabs.splice(front, 1)
      front = 0
    },
    reload: () => leaving(() => current().reload()),
    async goAndReturn(address) {
      await leaving(() => current().goto(address))
      await leaving(() => current().goBack())
    },
    click: async (selector) => (await first(selector))?.click(),
    type: async (selector, text) => (await first(selector))?.type(text),
    async wheel(selector, px) {
      await (await first(selector))?.hover()
      await current().mouse.wheel({ deltaY: px })
    },
    read: (expression) => current().evaluate(expression),
    async picture(name, size) {
      await current().setViewport(size)
      await mkdir(dirname(name), { recursive: true })
      await current().screenshot({ path: name as `${string}.png` })
    },
    problems: async () => [...problems],
    async close() {
      const child = browser.process()
      const timer = setTimeout(() => child?.kill('SIGKILL'), ACTION_MS_MAX)
      await browser.close()
      clearTimeout(timer)
    },
  }
}

type Watched = { readonly host: string; readonly problems: string[]; readonly isLeaving: () => boolean }

function watch(page: Page, { host, problems, isLeaving }: Watched): void {
  page.on('console', (message: ConsoleMessage) => {
    if (message.type() === 'error') problems.push(`console error: ${message.text()}`)
  })
  page.on('pageerror', (error) => {
    const said = String(error)
    if (!LEFT_WHILE_LOADING.test(said) && !(isLeaving() && AHEAD_LEFT.test(said))) problems.push(`uncaught: ${said}`)
  })
  page.on('request', (request) => {
    const url = new URL(request.url())
    if (/^(https?|wss?):$/.test(url.protocol) && url.host !== host) problems.push(`asked another host: ${request.url()}`)
  })
}
