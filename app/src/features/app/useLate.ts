// True once something has been going on for longer than given, so that quick things show no waiting at all.

import { onScopeDispose, shallowReadonly, shallowRef, watch } from 'vue'
import type { ShallowRef } from 'vue'

/** Waiting shorter than this is not shown. */
export const BLINK_MS = 150
/** After this, waiting deserves other words. */
export const SLOW_MS = 6_000

export const useLate = (busy: () => boolean, after: number): Readonly<ShallowRef<boolean>> => {
  const late = shallowRef(false)
  let timer: number | undefined
  watch(
    busy,
    (is) => {
      window.clearTimeout(timer)
      late.value = false
      if (is) timer = window.setTimeout(() => (late.value = true), after)
    },
    { immediate: true },
  )
  onScopeDispose(() => window.clearTimeout(timer))
  return shallowReadonly(late)
}
