// How long from Send pressed in one browser to the text painted in the other, over a direct connection.

import { bothDirect, twoFriends } from '../app/e2e/pair.ts'
import type { Person } from '../app/e2e/person.ts'
import type { World } from '../app/e2e/world.ts'
import { quantile } from './quantile.ts'

const WARM_UP = 10
const MESSAGES = 100
const PAUSE_MS = 50

export async function measureLatency(world: World): Promise<Readonly<Record<string, unknown>>> {
  const pair = await twoFriends(world)
  await bothDirect(pair)
  await recordSending(pair.ana)
  await recordShowing(pair.ben)
  const texts = Array.from({ length: WARM_UP + MESSAGES }, (_, index) => `latency ${index}`)
  for (const text of texts) {
    await pair.ana.composer.fill(text)
    await pair.ana.composer.press('Enter')
    await pair.ben.expectMessage(text, 'them')
    await pair.ana.page.waitForTimeout(PAUSE_MS)
  }
  const sent = await readTimes(pair.ana)
  const shown = await readTimes(pair.ben)
  const took = texts.slice(WARM_UP).map((text) => (shown[text] ?? NaN) - (sent[text] ?? NaN))
  if (took.some(Number.isNaN)) throw new Error('A message was shown that nobody saw being sent, or the other way round.')
  return {
    bench: 'latency',
    route: 'direct',
    messages: MESSAGES,
    p50Ms: quantile(took, 0.5),
    p99Ms: quantile(took, 0.99),
    maxMs: quantile(took, 1),
  }
}

/** Notes when Enter goes down in the composer, before the app hears of it. */
async function recordSending({ page }: Person): Promise<void> {
  await page.evaluate(() => {
    const times: Record<string, number> = {}
    Reflect.set(window, '__times', times)
    const note = (event: KeyboardEvent): void => {
      if (event.key === 'Enter' && event.target instanceof HTMLTextAreaElement)
        times[event.target.value] = performance.timeOrigin + performance.now()
    }
    window.addEventListener('keydown', note, { capture: true })
  })
}

/** Notes the frame in which a text is first on the page. */
async function recordShowing({ page }: Person): Promise<void> {
  await page.evaluate(() => {
    const times: Record<string, number> = {}
    Reflect.set(window, '__times', times)
    const look = (): void => {
      const texts = [...document.querySelectorAll('[data-testid="message-text"]')].slice(-3).map((element) => element.textContent.trim())
      requestAnimationFrame(() => {
        for (const text of texts) times[text] ??= performance.timeOrigin + performance.now()
      })
    }
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true })
  })
}

async function readTimes({ page }: Person): Promise<Readonly<Record<string, number>>> {
  return page.evaluate(() => Reflect.get(window, '__times') as Record<string, number>)
}
