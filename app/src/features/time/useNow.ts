// The present time as a ref that moves every half minute while somebody looks, and with it what the reader's place makes of it.

import { onScopeDispose, shallowReadonly, shallowRef } from 'vue'
import type { ShallowRef } from 'vue'
import { renewFormats } from './formats.ts'

const TICK_MS = 30_000

export const useNow = (clock: () => number = Date.now): Readonly<ShallowRef<number>> => {
  const now = shallowRef(clock())
  const tick = (): void => {
    renewFormats()
    now.value = clock()
  }
  const timer = window.setInterval(tick, TICK_MS)
  document.addEventListener('visibilitychange', tick)
  window.addEventListener('languagechange', tick)
  onScopeDispose(() => {
    window.clearInterval(timer)
    document.removeEventListener('visibilitychange', tick)
    window.removeEventListener('languagechange', tick)
  })
  return shallowReadonly(now)
}
