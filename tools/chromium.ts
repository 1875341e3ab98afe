// Where the browser for the walks comes from: what the environment names, what is installed, what Playwright brought, else Debian's package. Beside it,
// where there is one, the same engine without a window, tabs and their processes, which draws a page for a quarter less.

import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { chromium } from '@playwright/test'
import { installFromDebian } from './debian.ts'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
const PLACES = ['/usr/bin', '/usr/local/bin', '/snap/bin', '/opt/google/chrome']
const SHELL = '/usr/bin/chromium-headless-shell'
const APPLICATIONS = ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', '/Applications/Chromium.app/Contents/MacOS/Chromium']

/**
 * Playwright switches these off as well, but only the last such list on a command line counts. Ours is first: with it, addresses of this
 * machine stay plain in WebRTC offers, since two browsers resolve the obfuscated ones by multicast, which many test machines lack.
 */
const DISABLED_FEATURES = [
  'WebRtcHideLocalIpsWithMdns',
  'AimEnabled',
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsFirstBalancedModeAutoEnable',
  'HttpsUpgrades',
  'LensOverlay',
  'MediaRouter',
  'NetworkTimeServiceQuerying',
  'OptimizationHints',
  'PaintHolding',
  'PreconnectToSearch',
  // Each window would draw the list below its address bar in two pages of their own, which nobody sees: an eighth of what a walk computes.
  'WebUIOmniboxAimPopup',
  'WebUIOmniboxFullPopup',
  'WebUIOmniboxPopup',
  // A process for the page after next, of which a walk that opens one page has no use.
  'SpareRendererForSitePerProcess',
]

/** Quiet, without a sandbox (CI runs as root), and free of calls to the browser maker's hosts. */
export const CHROMIUM_ARGS: readonly string[] = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--allow-loopback-in-peer-connection',
  `--disable-features=${DISABLED_FEATURES.join(',')}`,
]

/** A camera that sees a clock, and a microphone that beeps once a second. */
export const FAKE_CAMERA = '--use-fake-device-for-media-stream'
/** Both, of which the browser does not ask anybody. */
export const FAKE_DEVICES: readonly string[] = [FAKE_CAMERA, '--use-fake-ui-for-media-stream']

/** The path of a Chromium that is here already. */
export function findChromium(): string | undefined {
  const named = process.env['KITH_CHROMIUM']
  if (named !== undefined && named !== '') return named
  const folders = [...PLACES, ...(process.env['PATH'] ?? '').split(delimiter)]
  const candidates = [...folders.flatMap((folder) => NAMES.map((name) => join(folder, name))), ...APPLICATIONS, chromium.executablePath()]
  return candidates.find(isExecutable)
}

/** The path of a Chromium without a window. */
export const findShell = (): string | undefined => (isExecutable(SHELL) ? SHELL : undefined)

/** The path of a Chromium, installed first where that is possible without asking. */
export function installedChromium(): string {
  const found = findChromium()
  if (found !== undefined) {
    if (!isExecutable(found)) throw new Error(`KITH_CHROMIUM names ${found}, which cannot be run.`)
    return found
  }
  installFromDebian(['chromium'], ['chromium-headless-shell'])
  const installed = findChromium()
  if (installed === undefined) throw new Error(explanation())
  return installed
}

function explanation(): string {
  return [
    'The browser tests need Chromium, and none was found.',
    '  Debian, Ubuntu:  sudo apt-get install chromium',
    '  anywhere:        npx playwright install chromium',
    '  or name one:     KITH_CHROMIUM=/path/to/chromium npm test',
  ].join('\n')
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false // Not there, or not ours to run: the next place is tried.
  }
}
