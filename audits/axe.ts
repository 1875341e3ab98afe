// Runs axe in a page: what keeps people from seeing, hearing or reaching what is there, in the colours that are asked for.

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from '@playwright/test'
import type { AxeResults } from 'axe-core'

const SOURCE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** One line for each rule and place that fails. `scheme`: the colours in which the screen is looked at. */
export async function axeFaults(page: Page, scheme: 'light' | 'dark'): Promise<readonly string[]> {
  await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' })
  await page.evaluate(() => Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => undefined))))
  await page.evaluate(SOURCE)
  const { violations } = await page.evaluate(run)
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary ?? ''}`),
  )
}

/** Runs in the page. */
function run(): Promise<Pick<AxeResults, 'violations'>> {
  const { axe } = globalThis as unknown as { axe: { run: () => Promise<AxeResults> } }
  return axe.run()
}
