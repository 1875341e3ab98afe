// The browser walks: real Chromium, real relay, real WebRTC. Two at a time, since a part of a walk is waiting: for a person, a network or a clock.
// Those of the adapters wait most of their time, so one of them goes beside the two. Those that measure how long something takes have the
// machine for themselves, in a run of their own. Most walks look at pages alone and take the Chromium without a window; the whole browser is there for
// the first steps of newcomers, an installed page, direct connections and every measurement.

import { defineConfig } from '@playwright/test'
import { CHROMIUM_ARGS, findShell, installedChromium } from './tools/chromium.ts'

/** Walks that measure, or ask what has not happened yet by some time. */
const ALONE = /@alone/
/** Each is one rig that its walks go through one after the other. */
const NETWORK = /(?:libp2p|session)\.e2e/
const WHOLE = /(?:direct|onboarding|put-away|pwa|update)\.e2e/
const whole = installedChromium()
const run = (executablePath: string) => ({ launchOptions: { executablePath, args: [...CHROMIUM_ARGS] } })

export default defineConfig({
  testDir: 'app',
  testMatch: '**/*.e2e.ts',
  workers: 3,
  forbidOnly: process.env['CI'] !== undefined,
  // A walk that needs a second try has found something. `npm test` gives one or two a second try by themselves, and prints that they needed it.
  retries: 0,
  timeout: 90_000,
  globalTimeout: 45 * 60_000,
  expect: { timeout: 15_000 },
  projects: [
    {
      name: 'walks',
      grepInvert: ALONE,
      testIgnore: [NETWORK, WHOLE],
      workers: 2,
      fullyParallel: true,
      outputDir: 'test-results/walks',
      // A page is kept for offline use by its service worker, which asks for each of its files once more: a fifth of what two newcomers compute. Walks
      // that go offline, have several tabs or are woken say that they want it: `test.use({ serviceWorkers: 'allow' })`.
      use: { ...run(findShell() ?? whole), serviceWorkers: 'block' },
    },
    // What waits most begins first, so that there is something beside it until it ends.
    { name: 'network', grepInvert: ALONE, testMatch: NETWORK, workers: 1, outputDir: 'test-results/network' },
    { name: 'whole', grepInvert: ALONE, testMatch: WHOLE, workers: 1, fullyParallel: true, outputDir: 'test-results/whole' },
    { name: 'alone', grep: ALONE, workers: 1, outputDir: 'test-results/alone' },
  ],
  reporter: [['list'], ['json', { outputFile: 'test-results/browser.json' }]],
  use: {
    browserName: 'chromium',
    headless: true,
    viewport: { width: 1200, height: 800 },
    actionTimeout: 10_000,
    navigationTimeout: 20_000,
    ...run(whole),
  },
})
