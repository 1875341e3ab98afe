// What keeps the relay from its disk, and what does not.

import { existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openWritable, WRITABLE_FILE } from './writable.ts'

const FULL = '/dev/full'

test.skipIf(!existsSync(FULL))('a disk without room for a byte keeps nobody from removing what lies there', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kith-writable-'))
  symlinkSync(FULL, join(folder, WRITABLE_FILE))
  const writable = openWritable(folder)
  expect(() => writable.demand()).not.toThrow()
  writable.close()
  expect(() => writable.demand(), 'any other error is one').toThrow(/EBADF/)
  rmSync(folder, { recursive: true })
})
