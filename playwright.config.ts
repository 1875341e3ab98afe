// The browser walks: real Chromium, real relay, real WebRTC. One worker, because a walk is already several browsers' worth of load.

import { defineConfig } from '@playwright/test'
import { CHROMIUM_ARGS, installedChromium } from './tools/chromium.ts'

export default defineConfig({
  testDir: 'app',
  testMatch: '**/*.e2e.ts',
  outputDir: 'test-results',
  workers: 1,
  fullyParallel: false,
  forbidOnly: process.env['CI'] !== undefined,
  // A walk that needs a second try has found something.
  retries: 0,
  timeout: 90_000,
  globalTimeout: 30 * 60_000,
  expect: { timeout: 15_000 },
  reporter: [['list'], ['json', { outputFile: 'test-results/browser.json' }]],
  use: {
    browserName: 'chromium',
    headless: true,
    viewport: { width: 1200, height: 800 },
    actionTimeout: 10_000,
    navigationTimeout: 20_000,
    launchOptions: { executablePath: installedChromium(), args: [...CHROMIUM_ARGS] },
  },
})
