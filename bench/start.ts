// How long until the message box can be written in, by the page's own mark: the first visit of a phone (`cold`), a return to an open chat with
// everything kept (`warm`), and the same without a relay (`offline`). The phone is Chromium with a quarter of this machine's speed and a fast 3G line.

import type { CDPSession, Page } from '@playwright/test'
import { untilOfflineReady } from '../app/e2e/offline-ready.ts'
import type { Person } from '../app/e2e/person.ts'
import type { World } from '../app/e2e/world.ts'
import { quantile } from './quantile.ts'

const RUNS = 5
const COMPOSER_MARK = 'kith:composer'
const MARK_MS_MAX = 30_000
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }
const CPU_SLOWDOWN = 4
/** What Chromium's own tools call fast 3G: bytes per second and ms. */
const FAST_3G = { offline: false, downloadThroughput: 188_743, uploadThroughput: 86_400, latency: 562.5 }

export async function measureStart(world: World): Promise<Readonly<Record<string, unknown>>> {
  const cold: number[] = []
  for (let run = 0; run < RUNS; run += 1) cold.push(await firstVisit(await world.person(`Visitor ${run}`, PHONE)))

  const ana = await world.person('Ana', PHONE)
  await ana.open()
  await ana.newChat('Hello')
  await ana.closeSheet()
  await untilOfflineReady(ana.page)
  const warm = await returnVisits(ana.page)
  const slow = await throttle(ana.page)
  const warmPhone = await returnVisits(ana.page)
  await slow.detach()
  await world.stopRelay()
  const offline = await returnVisits(ana.page)
  return {
    bench: 'start',
    runs: RUNS,
    coldPhoneMs: median(cold),
    warmMs: median(warm),
    warmPhoneMs: median(warmPhone),
    offlineMs: median(offline),
  }
}

async function firstVisit(person: Person): Promise<number> {
  const page = await person.open('about:blank')
  await throttle(page)
  await page.goto(person.home, { waitUntil: 'commit', timeout: MARK_MS_MAX })
  const ms = await composerMs(page)
  await person.context.close()
  return ms
}

async function returnVisits(page: Page): Promise<readonly number[]> {
  const took: number[] = []
  for (let run = 0; run < RUNS; run += 1) {
    await page.reload({ waitUntil: 'commit' })
    took.push(await composerMs(page))
  }
  return took
}

/** Detaching ends it. */
async function throttle(page: Page): Promise<CDPSession> {
  const session = await page.context().newCDPSession(page)
  await session.send('Emulation.setCPUThrottlingRate', { rate: CPU_SLOWDOWN })
  await session.send('Network.enable')
  await session.send('Network.emulateNetworkConditions', FAST_3G)
  return session
}

/** From the start of the navigation to the mark. */
async function composerMs(page: Page): Promise<number> {
  const mark = await page.waitForFunction((name) => performance.getEntriesByName(name)[0]?.startTime, COMPOSER_MARK, {
    timeout: MARK_MS_MAX,
  })
  return Number(await mark.jsonValue())
}

const median = (values: readonly number[]): number => Math.round(quantile(values, 0.5))
