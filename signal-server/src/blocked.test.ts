import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { loadBlocked } from './blocked.ts'
import { BLOCKED_MAX } from './limits.ts'

let folder = ''
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'kith-blocked-'))))
afterEach(() => rmSync(folder, { recursive: true }))

test('addresses and networks are blocked, remembered, and let in again', () => {
  const blocked = loadBlocked(folder)
  expect(blocked.has('203.0.113.7')).toBe(false)
  expect([blocked.add('203.0.113.0/24'), blocked.add('2001:db8::/32'), blocked.add('198.51.100.1')]).toEqual([true, true, true])
  for (const { has } of [blocked, loadBlocked(folder)]) {
    expect(['203.0.113.7', '::ffff:203.0.113.7', '2001:db8::1', '198.51.100.1'].map(has)).toEqual([true, true, true, true])
    expect(['203.0.114.7', '2001:db9::1', '198.51.100.2', '', 'nonsense'].map(has)).toEqual([false, false, false, false, false])
  }
  expect([blocked.remove('203.0.113.0/24'), blocked.remove('203.0.113.0/24')]).toEqual([true, false])
  expect(loadBlocked(folder).has('203.0.113.7')).toBe(false)
})
test.each(['', 'chat.example.org', '203.0.113.0/33', '203.0.113.0/', '203.0.113.0/24/8', '2001:db8::/129', 'fe80::1%eth0', '1.2.3'])(
  'what is no address or network is refused: %s',
  (entry) => {
    expect(loadBlocked(folder).add(entry)).toBe(false)
    expect(loadBlocked(folder).entries).toEqual([])
  },
)
test('there are as many as there may be', () => {
  const full = Array.from({ length: BLOCKED_MAX }, (_, n) => `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`)
  writeFileSync(join(folder, 'relay.blocked'), full.join('\n'))
  const blocked = loadBlocked(folder)
  expect(blocked.add('203.0.113.7')).toBe(false)
  expect(blocked.remove(String(full[0])) && blocked.add('203.0.113.7')).toBe(true)
  expect(readFileSync(join(folder, 'relay.blocked'), 'utf8').split('\n')).toHaveLength(BLOCKED_MAX + 1)
})
