// @vitest-environment happy-dom
import { expect, it, vi } from 'vitest'
import { createLateParts } from './late-parts.ts'

it('parts that cannot be had come when the network is back, and are fetched once', async () => {
  const fetchParts = vi.fn(() => Promise.resolve('parts')).mockRejectedValueOnce(new Error('no network'))
  const { load, use } = createLateParts(fetchParts)
  const parts = use()
  await Promise.resolve()
  expect(parts.value).toBeUndefined()
  window.dispatchEvent(new Event('online'))
  await load()
  expect([parts.value, use().value, fetchParts.mock.calls.length]).toEqual(['parts', 'parts', 2])
})
