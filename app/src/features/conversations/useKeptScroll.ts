// The list is found again where it was left, also after settings were in its place; and whether something lies above it.

import { onBeforeUnmount, onMounted, shallowReadonly, shallowRef } from 'vue'
import type { ShallowRef } from 'vue'

let kept = 0

export const useKeptScroll = (scroller: Readonly<ShallowRef<HTMLElement | null>>) => {
  const isScrolled = shallowRef(kept > 0)
  onMounted(() => {
    if (scroller.value === null) return
    scroller.value.scrollTop = kept
    scroller.value.addEventListener('scroll', () => (isScrolled.value = (scroller.value?.scrollTop ?? 0) > 0), { passive: true })
  })
  onBeforeUnmount(() => {
    kept = scroller.value?.scrollTop ?? 0
  })
  return { isScrolled: shallowReadonly(isScrolled) }
}
