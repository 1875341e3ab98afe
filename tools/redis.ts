// Where the Redis or Valkey for the relay's tests comes from: what is installed, else Debian's package. Without one its tests fail.

import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { installFromDebian } from './debian.ts'

const NAMES = ['redis-server', 'valkey-server']
const PACKAGES = ['redis-server']

/** Where programs are looked for, and whether a missing one may be installed. */
type Machine = { readonly folders: readonly string[]; readonly mayInstall: boolean }

const here = (): Machine => ({
  folders: ['/usr/bin', '/usr/local/bin', '/opt/homebrew/bin', ...(process.env['PATH'] ?? '').split(delimiter)],
  mayInstall: true,
})

const findIn = ({ folders }: Machine): string | undefined =>
  folders.flatMap((folder) => NAMES.map((name) => join(folder, name))).find(isExecutable)

/** Its path, installed first where that is possible without asking. */
export function installedRedis(machine: Machine = here()): string {
  if (findIn(machine) === undefined && machine.mayInstall) installFromDebian(PACKAGES)
  const found = findIn(machine)
  if (found !== undefined) return found
  throw new Error(
    `The relay's tests need a Redis or Valkey server, and none was found. Debian, Ubuntu: sudo apt-get install ${PACKAGES.join(' ')}`,
  )
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false // Not there, or not ours to run: the next place is tried.
  }
}
