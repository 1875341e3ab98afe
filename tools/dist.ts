// The built page, for everything that runs against it: walks, screenshots, benchmarks.

import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'

export const ROOT = resolve(import.meta.dirname, '..')
const BUILD_MS_MAX = 180_000

/** Where the built page lies. KITH_DIST names another place, which is then taken as it is. */
export function distFolder(): string {
  return process.env['KITH_DIST'] ?? join(ROOT, 'dist')
}

/** Builds the page, unless it was named by KITH_DIST or built a moment ago by the test command. */
export function builtDist(): string {
  const dist = distFolder()
  const ready = process.env['KITH_DIST'] !== undefined || process.env['KITH_BUILT'] === '1'
  if (ready && existsSync(join(dist, 'index.html'))) return dist
  const { status } = spawnSync(process.execPath, [join(ROOT, 'node_modules/vite/bin/vite.js'), 'build', '--logLevel', 'warn'], {
    cwd: ROOT,
    stdio: 'inherit',
    timeout: BUILD_MS_MAX,
  })
  if (status !== 0) throw new Error('The page could not be built; see above.')
  return dist
}
