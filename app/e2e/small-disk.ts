// A file system of a fixed size in memory, which a walk can fill to the last byte and empty again.

import { spawnSync } from 'node:child_process'
import { closeSync, mkdirSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs'
import { join } from 'node:path'

export type SmallDisk = {
  /** Until so many bytes are free, or none can be written any more. */
  readonly fill: (left?: number) => void
  readonly empty: () => void
  readonly unmount: () => void
}

const PIECE = Buffer.alloc(65_536)

/** Mounts one on `folder`; or says in one line why that is not possible here. */
export function mountSmallDisk(folder: string, megabytes: number): SmallDisk | string {
  mkdirSync(folder, { recursive: true })
  const { status, stderr, error } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder], { encoding: 'utf8' })
  if (status !== 0) return `no file system can be mounted here: ${(error?.message ?? stderr).trim()}`
  const ballast = join(folder, 'ballast')
  const free = (): number => {
    const { bavail, bsize } = statfsSync(folder)
    return bavail * bsize
  }
  return {
    fill(left = 0) {
      const file = openSync(ballast, 'a')
      while (free() > left) writeSome(file)
      closeSync(file)
    },
    empty: () => rmSync(ballast, { force: true }),
    // Lazily: a browser that was killed may hold a file for a moment longer.
    unmount: () => void spawnSync('umount', ['-l', folder]),
  }
}

function writeSome(file: number): void {
  try {
    writeSync(file, PIECE)
  } catch (error) {
    // The last piece may not fit; that is what was wanted.
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error
  }
}
