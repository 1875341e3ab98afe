// @vitest-environment happy-dom
import { nextTick, shallowRef } from 'vue'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { AppView } from '@kith/protocol'
import { appView, withSetup } from '../testing/index.ts'
import { words } from '../words.ts'
import { TROUBLE_PATIENCE_MS, useConnectionBanner } from './useConnectionBanner.ts'

const away = appView({ relay: { url: 'wss://a.example', state: 'away', since: 0 } })
const banner = (view: { value: AppView | undefined }) => withSetup(() => useConnectionBanner(() => view.value)).result

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

describe('the banner about the connection', () => {
  it('says nothing about trouble that mends itself soon', async () => {
    const view = shallowRef<AppView | undefined>(away)
    const trouble = banner(view)
    await vi.advanceTimersByTimeAsync(TROUBLE_PATIENCE_MS - 1)
    expect(trouble.value).toBeUndefined()
    view.value = appView()
    await vi.advanceTimersByTimeAsync(TROUBLE_PATIENCE_MS)
    expect(trouble.value).toBeUndefined()
  })

  it('says so when it lasts, and is gone at once when it is over', async () => {
    const view = shallowRef<AppView | undefined>(away)
    const trouble = banner(view)
    await vi.advanceTimersByTimeAsync(TROUBLE_PATIENCE_MS)
    expect(trouble.value?.text).toBe(words.banner.relayAway)
    view.value = appView({ network: 'offline' })
    await nextTick()
    expect(trouble.value?.text).toBe(words.banner.offline)
    view.value = appView()
    await nextTick()
    expect(trouble.value).toBeUndefined()
  })

  it('does not take a first attempt for trouble', async () => {
    const trouble = banner(shallowRef(appView({ relay: { url: 'wss://a.example', state: 'connecting', since: 0 } })))
    await vi.advanceTimersByTimeAsync(TROUBLE_PATIENCE_MS)
    expect(trouble.value).toBeUndefined()
  })
})
