// What the page notices about its device: the network came or went, the page is in front again, the device slept.

import { CLOCK_JUMP_MS, CLOCK_TICK_MS } from './limits.ts'

/** `resumed`: time may have passed unnoticed; every connection is in doubt. */
export type PageEvent = 'online' | 'offline' | 'resumed'

export type PageSource = {
  readonly window: Pick<Window, 'addEventListener' | 'removeEventListener'>
  readonly document: Pick<Document, 'addEventListener' | 'removeEventListener' | 'visibilityState'>
}

/** Returns a function that stops. */
export function watchPage(listener: (event: PageEvent) => void, source: PageSource = { window, document }): () => void {
  const online = (): void => listener('online')
  const offline = (): void => listener('offline')
  const resumed = (): void => listener('resumed')
  const visible = (): void => {
    if (source.document.visibilityState === 'visible') listener('resumed')
  }
  let tickedAt = Date.now()
  const clock = setInterval(() => {
    const now = Date.now()
    if (Math.abs(now - tickedAt) > CLOCK_JUMP_MS) listener('resumed')
    tickedAt = now
  }, CLOCK_TICK_MS)
  source.window.addEventListener('online', online)
  source.window.addEventListener('offline', offline)
  source.window.addEventListener('pageshow', resumed)
  source.document.addEventListener('visibilitychange', visible)
  return () => {
    clearInterval(clock)
    source.window.removeEventListener('online', online)
    source.window.removeEventListener('offline', offline)
    source.window.removeEventListener('pageshow', resumed)
    source.document.removeEventListener('visibilitychange', visible)
  }
}
