// What the last build step leaves beside each file.

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { afterAll, expect, it } from 'vitest'
import { compressAll } from './compress.ts'
import { listPrecache } from './precache.ts'

const dist = mkdtempSync(join(tmpdir(), 'kith-compress-'))
afterAll(() => rmSync(dist, { recursive: true, force: true }))

it('lays texts beside themselves in both forms where that is smaller, and the list of files to keep stays what it was', async () => {
  const script = 'export const answer = 42\n'.repeat(100)
  mkdirSync(join(dist, 'assets'))
  writeFileSync(join(dist, 'assets', 'app-1234.js'), script)
  writeFileSync(join(dist, 'sw.js'), script)
  writeFileSync(join(dist, 'tiny.txt'), 'x')
  writeFileSync(join(dist, 'icon.png'), Buffer.alloc(1_000))
  const listed = listPrecache(dist)
  await compressAll(dist)
  const all = readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((name) => /\.(br|gz)$/.test(name))
  expect(all.toSorted()).toEqual(['assets/app-1234.js.br', 'assets/app-1234.js.gz', 'sw.js.br', 'sw.js.gz'])
  expect(brotliDecompressSync(readFileSync(join(dist, 'assets/app-1234.js.br'))).toString()).toBe(script)
  expect(gunzipSync(readFileSync(join(dist, 'assets/app-1234.js.gz'))).toString()).toBe(script)
  expect(listPrecache(dist)).toEqual(listed)
  await compressAll(dist)
  expect(readdirSync(dist).filter((name) => /\.(br|gz)\./.test(name))).toEqual([])
})
