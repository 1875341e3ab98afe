// Runs axe in a page: what keeps people from seeing, hearing or reaching what is there, in the colours that are asked for.

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from '@playwright/test'
import type { AxeResults, RunOptions } from 'axe-core'

const SOURCE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** One line for each rule and place that fails. `scheme`: the colours in which the screen is looked at. */
export async function axeFaults(page: Page, scheme: 'light' | 'dark'): Promise<readonly string[]> {
  await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' })
  await page.evaluate(untilStill)
  // It stays until the page is loaded anew.
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(SOURCE)
  return page.evaluate(run)
}

/** Runs in the page. What never ends is not waited for. */
async function untilStill(): Promise<void> {
  const ending = document.getAnimations().filter((animation) => Number.isFinite(animation.effect?.getComputedTiming().endTime))
  await Promise.race([Promise.allSettled(ending.map((animation) => animation.finished)), new Promise((done) => setTimeout(done, 1_000))])
}

/**
 * Runs in the page. Every rule looks at everything; where all that has changed since is the colours, those rules look again that see them. Only of what fails
 * is it said in full where that is, since to name each place takes longer than to look.
 */
async function run(): Promise<readonly string[]> {
  const { axe } = globalThis as unknown as { axe: { run: (options: RunOptions) => Promise<AxeResults>; lookedAt?: string } }
  const looksAt = `${innerWidth} × ${innerHeight} ${document.documentElement.outerHTML}`
  const ofColours: RunOptions = { runOnly: ['color-contrast', 'link-in-text-block'] }
  const { violations } = await axe.run({ resultTypes: ['violations'], ...(axe.lookedAt === looksAt ? ofColours : {}) })
  axe.lookedAt = looksAt
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary ?? ''}`),
  )
}
