// Makes sure that the browsers of the walks, and the Redis and coturn of the relay's tests, are here, and says which they are. Exit 1 without a Chromium or one of
// these two.

import { execFileSync } from 'node:child_process'
import { findShell, installedChromium } from './chromium.ts'
import { prepareEngines } from './engines.ts'
import { installedCoturn } from './coturn.ts'
import { installedRedis } from './redis.ts'

/** What a program says of its version, or nothing where it is not here. */
function said(program: string, ...args: readonly string[]): string {
  try {
    return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
  } catch {
    return `no ${program}`
  }
}

try {
  const chromium = installedChromium()
  prepareEngines()
  const shell = findShell()
  console.log(
    `browsers: ${said(chromium, '--version')}${shell === undefined ? '' : ' (and without a window)'}, ${said('firefox-esr', '--version')}`,
  )
  console.log(`store:    ${said(installedRedis(), '--version')}`)
  console.log(`TURN:     ${installedCoturn().server}, ${said('dpkg-query', '--show', '--showformat', '${Package} ${Version}', 'coturn')}`)
  console.log(`          ${said('dpkg-query', '--show', '--showformat', '${Package} ${Version}', 'webkit2gtk-driver')}`)
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
}
