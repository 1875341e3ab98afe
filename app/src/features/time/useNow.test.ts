// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { computed } from 'vue'
import { withSetup } from '../testing/index.ts'
import { toClock } from './format.ts'
import { useNow } from './useNow.ts'

const home = process.env['TZ']
const NOON = Date.UTC(2026, 5, 11, 12)

beforeEach(() => vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }))
afterEach(() => {
  vi.useRealTimers()
  if (home === undefined) delete process.env['TZ']
  else process.env['TZ'] = home
})

it('a time that is shown is that of the new time zone within half a minute', async () => {
  process.env['TZ'] = 'Europe/Ljubljana'
  const { result: shown, app } = withSetup(() => {
    useNow()
    return computed(() => toClock(NOON))
  })
  await vi.advanceTimersByTimeAsync(30_000)
  const before = shown.value
  process.env['TZ'] = 'Asia/Tokyo'
  await vi.advanceTimersByTimeAsync(30_000)
  expect(before).toMatch(/^(14:00|2:00\sPM)$/)
  expect(shown.value).toMatch(/^(21:00|9:00\sPM)$/)
  app.unmount()
})
