import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { CLOCK_JUMP_MS, CLOCK_TICK_MS } from './limits.ts'
import { watchPage } from './page.ts'
import type { PageEvent, PageSource } from './page.ts'

describe('what the page notices', () => {
  let events: PageEvent[]
  let visibility: DocumentVisibilityState
  let source: { window: EventTarget; document: EventTarget & { readonly visibilityState: DocumentVisibilityState } }
  let stop: () => void

  beforeEach(() => {
    vi.useFakeTimers()
    events = []
    visibility = 'visible'
    const document = Object.defineProperty(new EventTarget(), 'visibilityState', { get: () => visibility }) as EventTarget & Document
    source = { window: new EventTarget(), document }
    stop = watchPage((event) => events.push(event), source as unknown as PageSource)
  })

  afterEach(() => {
    stop()
    vi.useRealTimers()
  })

  it('is the network that comes and goes', () => {
    source.window.dispatchEvent(new Event('offline'))
    source.window.dispatchEvent(new Event('online'))
    expect(events).toEqual(['offline', 'online'])
  })

  it('is a page that is shown again, and not one that is hidden', () => {
    source.window.dispatchEvent(new Event('pageshow'))
    visibility = 'hidden'
    source.document.dispatchEvent(new Event('visibilitychange'))
    visibility = 'visible'
    source.document.dispatchEvent(new Event('visibilitychange'))
    expect(events).toEqual(['resumed', 'resumed'])
  })

  it('is a clock that jumped by more than the bound', () => {
    vi.advanceTimersByTime(CLOCK_TICK_MS)
    vi.setSystemTime(Date.now() + CLOCK_JUMP_MS - CLOCK_TICK_MS)
    vi.advanceTimersByTime(CLOCK_TICK_MS)
    expect(events).toEqual([])
    vi.setSystemTime(Date.now() + CLOCK_JUMP_MS)
    vi.advanceTimersByTime(CLOCK_TICK_MS)
    expect(events).toEqual(['resumed'])
  })

  it('is nothing any more after it was stopped', () => {
    stop()
    source.window.dispatchEvent(new Event('online'))
    vi.setSystemTime(Date.now() + 2 * CLOCK_JUMP_MS)
    vi.advanceTimersByTime(CLOCK_TICK_MS)
    expect(events).toEqual([])
  })
})
