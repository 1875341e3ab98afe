// How long from Send pressed in one browser to the text painted in the other, over a direct connection; `own`: painted, with its tick, in the first.

import { bothDirect, twoFriends } from '../app/e2e/pair.ts'
import type { Person } from '../app/e2e/person.ts'
import type { World } from '../app/e2e/world.ts'
import { quantile } from './quantile.ts'

const WARM_UP = 10
const MESSAGES = 100
/** So that what follows a message, receipts and ticks, is over before the next one. */
const PAUSE_MS = 250
const SENT = '__sent'
const SHOWN = '__shown'

const PLACES = { shown: SHOWN, awaited: '__awaited' }

export async function measureLatency(world: World): Promise<Readonly<Record<string, unknown>>> {
  const pair = await twoFriends(world)
  await bothDirect(pair)
  await recordSending(pair.ana)
  await recordShowing(pair.ana)
  await recordShowing(pair.ben)
  const texts = Array.from({ length: WARM_UP + MESSAGES }, (_, index) => `latency ${index}`)
  for (const text of texts) {
    await pair.ana.composer.fill(text)
    await pair.ana.composer.press('Enter')
    await untilShown(pair.ben, text)
    await pair.ana.page.waitForTimeout(PAUSE_MS)
  }
  const sent = await readTimes(pair.ana, SENT)
  const own = differences(texts.slice(WARM_UP), sent, await readTimes(pair.ana, SHOWN))
  const took = differences(texts.slice(WARM_UP), sent, await readTimes(pair.ben, SHOWN))
  const figures = { p50Ms: quantile(took, 0.5), p99Ms: quantile(took, 0.99), ownP50Ms: quantile(own, 0.5), ownP99Ms: quantile(own, 0.99) }
  return { bench: 'latency', route: 'direct', messages: MESSAGES, ...figures }
}

type Times = Readonly<Record<string, number>>

function differences(texts: readonly string[], from: Times, to: Times): readonly number[] {
  const took = texts.map((text) => (to[text] ?? NaN) - (from[text] ?? NaN))
  if (took.some(Number.isNaN)) throw new Error('A message was shown that nobody saw being sent, or the other way round.')
  return took
}

/** Notes when Enter goes down in the composer, before the app hears of it. */
async function recordSending({ page }: Person): Promise<void> {
  await page.evaluate((place) => {
    const times: Record<string, number> = {}
    Reflect.set(window, place, times)
    const note = (event: KeyboardEvent): void => {
      if (event.key === 'Enter' && event.target instanceof HTMLTextAreaElement)
        times[event.target.value] = performance.timeOrigin + performance.now()
    }
    window.addEventListener('keydown', note, { capture: true })
  }, SENT)
}

/** Notes the frame in which a text is first on the page. */
async function recordShowing({ page }: Person): Promise<void> {
  await page.evaluate((place) => {
    const times: Record<string, number> = {}
    const awaited: Record<string, () => void> = {}
    Reflect.set(window, place.shown, times)
    Reflect.set(window, place.awaited, awaited)
    const look = (): void => {
      const texts = [...document.querySelectorAll('[data-testid="message-text"]')].slice(-3).map((element) => element.textContent.trim())
      requestAnimationFrame(() => {
        for (const text of texts) {
          times[text] ??= performance.timeOrigin + performance.now()
          awaited[text]?.()
        }
      })
    }
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true })
  }, PLACES)
}

/** Told by the page itself: one that is asked again and again is busy with answering. */
async function untilShown({ page }: Person, text: string): Promise<void> {
  await page.evaluate(
    ([place, wanted]) =>
      new Promise<void>((done) => {
        if (wanted in (Reflect.get(window, place.shown) as Times)) return done()
        ;(Reflect.get(window, place.awaited) as Record<string, () => void>)[wanted] = done
      }),
    [PLACES, text] as const,
  )
}

async function readTimes({ page }: Person, place: string): Promise<Times> {
  return page.evaluate((name) => Reflect.get(window, name) as Record<string, number>, place)
}
