// For commands that change what lies in the data folder: only while no relay runs there, and none starts meanwhile.

import { statSync } from 'node:fs'
import { lockFolder } from '../storage/sqlite-lock.ts'

export function withFolderLocked(folder: string, work: () => void): void {
  const lock = lockFolder(folder)
  try {
    work()
  } finally {
    lock.close()
  }
}

/** What another user leaves there, root above all, the relay could not open any more. */
export function refuseStranger(folder: string, command: string, user = process.getuid?.()): void {
  const owner = statSync(folder, { throwIfNoEntry: false })?.uid
  if (owner === undefined || user === undefined || owner === user) return
  const how = `with \`sudo -u kith kith-relay ${command} …\` where its user is called kith`
  throw new Error(`${folder} belongs to another user (${owner}, and this is ${user}): say it as the relay's own user, ${how}`)
}
