// Runs axe in a page: what keeps people from seeing, hearing or reaching what is there, in the colours that are asked for.

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from '@playwright/test'
import type { AxeResults } from 'axe-core'

const SOURCE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** One line for each rule and place that fails. `scheme`: the colours in which the screen is looked at. */
export async function axeFaults(page: Page, scheme: 'light' | 'dark'): Promise<readonly string[]> {
  await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' })
  await page.evaluate(untilStill)
  await page.evaluate(SOURCE)
  const { violations } = await page.evaluate(run)
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary ?? ''}`),
  )
}

/** Runs in the page. What never ends is not waited for. */
async function untilStill(): Promise<void> {
  const ending = document.getAnimations().filter((animation) => Number.isFinite(animation.effect?.getComputedTiming().endTime))
  await Promise.race([Promise.allSettled(ending.map((animation) => animation.finished)), new Promise((done) => setTimeout(done, 1_000))])
}

/** Runs in the page. */
function run(): Promise<Pick<AxeResults, 'violations'>> {
  const { axe } = globalThis as unknown as { axe: { run: () => Promise<AxeResults> } }
  return axe.run()
}
