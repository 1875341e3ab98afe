import { expect, test, vi } from 'vitest'
import { useStorageState } from './useStorageState.ts'

const CHROMIUM = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36'
const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'

test('a browser that decides by itself is asked unasked, and its answer is shown', async () => {
  const { protectQuietly, state } = useStorageState(browser(CHROMIUM, true))
  await protectQuietly()
  expect(state.value).toBe('kept')
})

test('a browser that would open a question of its own is asked by people only', async () => {
  const firefox = browser(FIREFOX, false)
  const { protect, protectQuietly } = useStorageState(firefox)
  await protectQuietly()
  expect(firefox.storage.persist).not.toHaveBeenCalled()
  expect(await protect()).toBe('at-risk')
})

test('a browser without such a promise is not asked', async () => {
  const { protectQuietly } = useStorageState({ storage: undefined, userAgent: CHROMIUM })
  await expect(protectQuietly()).resolves.toBeUndefined()
})

function browser(userAgent: string, promises: boolean) {
  return { userAgent, storage: { persist: vi.fn(async () => promises), persisted: async () => false } }
}
