// Where the browser for the walks comes from: what the environment names, what is installed, what Playwright brought, else Debian's package.

import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { chromium } from '@playwright/test'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
const PLACES = ['/usr/bin', '/usr/local/bin', '/snap/bin', '/opt/google/chrome']
const APPLICATIONS = ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', '/Applications/Chromium.app/Contents/MacOS/Chromium']
const INSTALL_MS_MAX = 300_000

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

/** The path of a Chromium that is here already. */
export function findChromium(): string | undefined {
  const named = process.env['KITH_CHROMIUM']
  if (named !== undefined && named !== '') return named
  const folders = [...PLACES, ...(process.env['PATH'] ?? '').split(delimiter)]
  const candidates = [...folders.flatMap((folder) => NAMES.map((name) => join(folder, name))), ...APPLICATIONS, chromium.executablePath()]
  return candidates.find(isExecutable)
}

/** The path of a Chromium, installed first where that is possible without asking. */
export function installedChromium(): string {
  const found = findChromium()
  if (found !== undefined) {
    if (!isExecutable(found)) throw new Error(`KITH_CHROMIUM names ${found}, which cannot be run.`)
    return found
  }
  installFromDebian()
  const installed = findChromium()
  if (installed === undefined) throw new Error(explanation())
  return installed
}

function installFromDebian(): void {
  if (!existsSync('/usr/bin/apt-get') || process.getuid?.() !== 0) return
  console.log('No Chromium here: installing the Debian package (apt-get install chromium).')
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  for (const args of [['update'], ['install', '-y', '--no-install-recommends', 'chromium']]) {
    const { status } = spawnSync('apt-get', args, { stdio: ['ignore', 'ignore', 'inherit'], env, timeout: INSTALL_MS_MAX })
    if (status !== 0) console.error(`apt-get ${args[0]} ended with ${status ?? 'a time-out'}.`)
  }
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
