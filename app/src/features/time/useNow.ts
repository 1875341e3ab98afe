// The present time as a ref that moves every half minute while somebody looks.

import { onScopeDispose, shallowReadonly, shallowRef } from 'vue'
import type { ShallowRef } from 'vue'

const TICK_MS = 30_000

export const useNow = (clock: () => number = Date.now): Readonly<ShallowRef<number>> => {
  const now = shallowRef(clock())
  const tick = (): void => {
    now.value = clock()
  }
  const timer = window.setInterval(tick, TICK_MS)
  document.addEventListener('visibilitychange', tick)
  onScopeDispose(() => {
    window.clearInterval(timer)
    document.removeEventListener('visibilitychange', tick)
  })
  return shallowReadonly(now)
}
