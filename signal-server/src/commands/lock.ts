// For commands that change what lies in the data folder: only while no relay runs there, and none starts meanwhile.

import { lockFolder } from '../storage/sqlite-lock.ts'

export function withFolderLocked(folder: string, work: () => void): void {
  const lock = lockFolder(folder)
  try {
    work()
  } finally {
    lock.close()
  }
}
