// The list is found again where it was left, also after settings were in its place.

import { onBeforeUnmount, onMounted } from 'vue'
import type { ShallowRef } from 'vue'

let kept = 0

export const useKeptScroll = (scroller: Readonly<ShallowRef<HTMLElement | null>>): void => {
  onMounted(() => {
    if (scroller.value !== null) scroller.value.scrollTop = kept
  })
  onBeforeUnmount(() => {
    kept = scroller.value?.scrollTop ?? 0
  })
}
