// What a message costs that is written through the composer: CPU of the whole browser, and what of it the page's main thread spent on scripts, styles
// and layout. Beside it the floor: the same driver writing into a bare page that does no more than append a paragraph and scroll to it.

import type { Browser, CDPSession, Page } from '@playwright/test'
import { twoFriends } from '../app/e2e/pair.ts'
import type { World } from '../app/e2e/world.ts'

/** So that the window is full, and with each message one leaves it. */
const WARM_UP = 80
const MESSAGES = 150
const SENT_MS_MAX = 60_000
const TEXT = 'some words, about as many as people write in one message of a chat, no more than that'

export async function measureComposer(world: World): Promise<Readonly<Record<string, unknown>>> {
  const { ana, ben } = await twoFriends(world)
  await ben.closeTab()
  await writeInto(ana.page, 0, WARM_UP)
  await ana.expectState(textOf(WARM_UP - 1), 'relay', SENT_MS_MAX)
  const written = await measureWriting(ana.page, WARM_UP, () => ana.expectState(textOf(WARM_UP + MESSAGES - 1), 'relay', SENT_MS_MAX))
  const browser = browserOf(ana.page)
  await ana.closeTab()
  const floor = await measureFloor(browser)
  const net = Math.round(10 * (written.cpuMs - floor.cpuMs)) / 10
  return { bench: 'composer', messages: MESSAGES, ...written, floorCpuMs: floor.cpuMs, floorWallMs: floor.wallMs, netCpuMs: net }
}

function textOf(index: number): string {
  return `composer ${String(index).padStart(4, '0')}: ${TEXT}`
}

async function writeInto(page: Page, from: number, count: number): Promise<void> {
  const composer = page.getByTestId('composer')
  for (let index = from; index < from + count; index += 1) {
    await composer.fill(textOf(index))
    await composer.press('Enter')
  }
}

/** All of it for one message. */
type Written = Readonly<Record<'wallMs' | 'cpuMs' | 'scriptMs' | 'styleMs' | 'layoutMs' | 'styles' | 'layouts', number>>

async function measureWriting(page: Page, from: number, untilDone: () => Promise<void>): Promise<Written> {
  const session = await page.context().newCDPSession(page)
  await session.send('Performance.enable')
  const before = { at: performance.now(), cpuMs: await browserCpuMs(page), metrics: await metricsOf(session) }
  await writeInto(page, from, MESSAGES)
  const wallMs = performance.now() - before.at
  await untilDone()
  const cpuMs = (await browserCpuMs(page)) - before.cpuMs
  const metrics = await metricsOf(session)
  const each = (value: number): number => Math.round((10 * value) / MESSAGES) / 10
  const grown = (name: string): number => (metrics.get(name) ?? 0) - (before.metrics.get(name) ?? 0)
  const grownMs = (name: string): number => each(1_000 * grown(name))
  return {
    wallMs: each(wallMs),
    cpuMs: each(cpuMs),
    scriptMs: grownMs('ScriptDuration'),
    styleMs: grownMs('RecalcStyleDuration'),
    layoutMs: grownMs('LayoutDuration'),
    styles: each(grown('RecalcStyleCount')),
    layouts: each(grown('LayoutCount')),
  }
}

async function measureFloor(browser: Browser): Promise<Written> {
  const context = await browser.newContext()
  const page = await context.newPage()
  await page.evaluate(() => {
    const [list, field] = [document.createElement('div'), document.createElement('textarea')]
    Object.assign(list.style, { blockSize: '600px', overflow: 'auto' })
    field.dataset['testid'] = 'composer'
    document.body.append(list, field)
    field.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter') return
      event.preventDefault()
      const line = document.createElement('p')
      line.textContent = field.value
      list.append(line)
      field.value = ''
      list.scrollTop = list.scrollHeight
    })
  })
  await writeInto(page, 0, WARM_UP)
  const written = await measureWriting(page, WARM_UP, () => Promise.resolve())
  await context.close()
  return written
}

function browserOf(page: Page): Browser {
  const browser = page.context().browser()
  if (browser === null) throw new Error('this page has no browser of its own')
  return browser
}

/** Of all processes of the browser so far. */
async function browserCpuMs(page: Page): Promise<number> {
  const session = await browserOf(page).newBrowserCDPSession()
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  await session.detach()
  return processInfo.reduce((sum, { cpuTime }) => sum + 1_000 * cpuTime, 0)
}

async function metricsOf(session: CDPSession): Promise<ReadonlyMap<string, number>> {
  const { metrics } = await session.send('Performance.getMetrics')
  return new Map(metrics.map(({ name, value }) => [name, value]))
}
