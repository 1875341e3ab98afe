// While somebody scrolls, the day of what they see stands at the top; a moment later it is gone again.

import { onScopeDispose, shallowReadonly, shallowRef } from 'vue'
import type { ShallowRef } from 'vue'

const SHOWN_MS = 1_200
const OVERLAP_PX = 40

/** The last day that begins above the visible part, unless a separator stands there itself. */
const findDay = (scroller: HTMLElement): string | undefined => {
  const edge = scroller.getBoundingClientRect().top
  let above: string | undefined
  for (const day of scroller.querySelectorAll('[data-day]')) {
    const { top } = day.getBoundingClientRect()
    if (top > edge + OVERLAP_PX) break
    if (top > edge - OVERLAP_PX) return undefined
    above = day.textContent ?? undefined
  }
  return above
}

export const useDayAbove = (scroller: Readonly<ShallowRef<HTMLElement | null>>) => {
  const text = shallowRef('')
  const shown = shallowRef(false)
  let timer: number | undefined

  const update = (): void => {
    if (scroller.value === null) return
    const day = findDay(scroller.value)
    shown.value = day !== undefined
    if (day !== undefined) text.value = day
    window.clearTimeout(timer)
    timer = window.setTimeout(() => (shown.value = false), SHOWN_MS)
  }
  onScopeDispose(() => window.clearTimeout(timer))
  return { text: shallowReadonly(text), shown: shallowReadonly(shown), update }
}
