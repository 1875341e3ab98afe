// Debian's own packages, for tests that run as root on a machine that has apt-get: a container of CI, mostly.

import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

const INSTALL_MS_MAX = 300_000

/**
 * Installs the packages where that is possible without asking; whoever calls looks whether what they need is there now. `others`: what not every
 * release has.
 */
export function installFromDebian(packages: readonly string[], others: readonly string[] = []): void {
  if (!existsSync('/usr/bin/apt-get') || process.getuid?.() !== 0) return
  console.log(`Installing from Debian: apt-get install ${[...packages, ...others].join(' ')}`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const install = (names: readonly string[]): string[] => ['install', '-y', '--no-install-recommends', ...names]
  for (const args of [['update'], install(packages), ...others.map((name) => install([name]))]) {
    const { status } = spawnSync('apt-get', args, { stdio: ['ignore', 'ignore', 'inherit'], env, timeout: INSTALL_MS_MAX })
    if (status !== 0) console.error(`apt-get ${args[0]} ended with ${status ?? 'a time-out'}.`)
  }
}
