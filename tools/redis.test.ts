// Where the server for the relay's tests is looked for, and what is said without one.

import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { installedRedis } from './redis.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kith-redis-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

it('is a Valkey where there is no Redis, and a missing one is a failure that names the package', () => {
  const bare = { folders: [folder], mayInstall: false }
  expect(() => installedRedis(bare)).toThrow(/none was found.*apt-get install redis-server/)
  const valkey = join(folder, 'valkey-server')
  writeFileSync(valkey, '')
  expect(() => installedRedis(bare)).toThrow(/none was found/)
  chmodSync(valkey, 0o755)
  expect(installedRedis(bare)).toBe(valkey)
})
