// Whether something lies above what a scroller shows: then its header needs a line under it.

import { onMounted, shallowReadonly, shallowRef } from 'vue'
import type { ShallowRef } from 'vue'

export const useScrolled = (scroller: Readonly<ShallowRef<HTMLElement | null>>): Readonly<ShallowRef<boolean>> => {
  const isScrolled = shallowRef(false)
  const look = (): void => {
    isScrolled.value = (scroller.value?.scrollTop ?? 0) > 0
  }
  onMounted(() => {
    look()
    scroller.value?.addEventListener('scroll', look, { passive: true })
  })
  return shallowReadonly(isScrolled)
}
