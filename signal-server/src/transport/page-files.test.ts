// The cache of built files: it saves compressing them again, and never grows beyond its bound.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { PAGE_FILES_CACHED_MAX } from '../limits.ts'
import { createPageFiles } from './page-files.ts'

const folder = mkdtempSync(join(tmpdir(), 'kith-page-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('as many files as the bound are kept, and one more is read anew each time', async () => {
  for (let at = 0; at <= PAGE_FILES_CACHED_MAX; at++) writeFileSync(join(folder, `${at}.png`), 'x')
  const { find } = createPageFiles(folder)
  const first = await find('/0.png')
  expect(first).toBeDefined()
  for (let at = 1; at < PAGE_FILES_CACHED_MAX; at++) await find(`/${at}.png`)
  const over = `/${PAGE_FILES_CACHED_MAX}.png`
  expect(await find('/0.png')).toBe(first)
  expect(await find(over)).not.toBe(await find(over))
})
