// @vitest-environment happy-dom
import { nextTick, shallowRef } from 'vue'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { AppView } from '@kith/protocol'
import { appView, withSetup } from '../testing/index.ts'
import { words } from '../words.ts'
import { TROUBLE_PATIENCE_MS, useConnectionBanner } from './useConnectionBanner.ts'

const banner = (view: { value: AppView | undefined }) => withSetup(() => useConnectionBanner(() => view.value)).result

const awayFor = (ms: number) => appView({ relay: { url: 'wss://a.example', state: 'away', since: Date.now() - ms } })
let away: AppView
beforeEach(() => {
  vi.useFakeTimers()
  away = awayFor(0)
})
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

  it('has no patience with a relay that has been away for long', async () => {
    const trouble = banner(shallowRef<AppView | undefined>(awayFor(TROUBLE_PATIENCE_MS)))
    await vi.advanceTimersByTimeAsync(0)
    expect(trouble.value?.text).toBe(words.banner.relayAway)
  })

  it('does not take a first attempt for trouble', async () => {
    const trouble = banner(shallowRef(appView({ relay: { url: 'wss://a.example', state: 'connecting', since: 0 } })))
    await vi.advanceTimersByTimeAsync(TROUBLE_PATIENCE_MS)
    expect(trouble.value).toBeUndefined()
  })
})
