// Where the coturn for tests comes from: what is installed, else Debian's package. Without one they fail.

import { accessSync, constants } from 'node:fs'
import { installFromDebian } from './debian.ts'

const SERVER = '/usr/bin/turnserver'
const CLIENT = '/usr/bin/turnutils_uclient'

/** Paths of the server and of the client that comes with it, installed first where that is possible without asking. */
export function installedCoturn(): { readonly server: string; readonly client: string } {
  if (!isThere()) installFromDebian(['coturn'])
  if (isThere()) return { server: SERVER, client: CLIENT }
  throw new Error('The tests of TURN need coturn, and it was not found. Debian, Ubuntu: sudo apt-get install coturn')
}

const isThere = (): boolean => [SERVER, CLIENT].every(isExecutable)

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false // It is installed then.
  }
}
