import { expect, it } from 'vitest'
import { createScalableCuckooFilter } from './seen.ts'

it('knows exactly what it has met, by its letters or its bytes', () => {
  const seen = createScalableCuckooFilter()
  seen.add(Uint8Array.of(1, 23))
  seen.add('192.0.2.1:443')
  expect([Uint8Array.of(1, 23), Uint8Array.of(12, 3), '192.0.2.1:443', '192.0.2.1:44'].map((item) => seen.has(item))).toEqual([
    true,
    false,
    true,
    false,
  ])
})
