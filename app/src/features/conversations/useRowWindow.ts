// Of a long list only the rows around what is seen are on the page; the others are so much room above and below. All rows are equally high.

import { computed, nextTick, onMounted, onScopeDispose, shallowRef, watch } from 'vue'
import type { ShallowRef } from 'vue'
import { ROWS_AHEAD, ROWS_AT_FIRST } from '../limits.ts'

/** Height of a row, px: as it was last measured, so that a list that comes back has its place at once. */
let known = 64

/** `rows`: all of them, in order. */
export const useRowWindow = <Row>(scroller: Readonly<ShallowRef<HTMLElement | null>>, rows: () => readonly Row[]) => {
  const height = shallowRef(known)
  const from = shallowRef(0)
  const to = shallowRef(ROWS_AT_FIRST)

  const measure = (): void => {
    const [first, second] = scroller.value?.querySelectorAll<HTMLElement>('[data-row]') ?? []
    if (first === undefined || second === undefined) return
    const pitch = second.getBoundingClientRect().top - first.getBoundingClientRect().top
    if (pitch > 0) height.value = known = pitch
  }
  // In whole steps, so that not every pixel draws the list anew.
  const look = (): void => {
    const { scrollTop = 0, clientHeight = 0 } = scroller.value ?? {}
    const seen = Math.floor(scrollTop / height.value / ROWS_AHEAD) * ROWS_AHEAD
    const next = Math.max(0, seen - ROWS_AHEAD)
    const end = seen + Math.max(ROWS_AT_FIRST, Math.ceil(clientHeight / height.value) + 2 * ROWS_AHEAD)
    if (next === from.value && end === to.value) return
    keepFocus(next, end)
    from.value = next
    to.value = end
  }
  /** A row that goes takes the focus along: the pane has it then, and the keys go on from there. */
  const keepFocus = (next: number, end: number): void => {
    const row = document.activeElement?.closest<HTMLElement>('[data-row]')
    if (!row || !scroller.value?.contains(row)) return
    const at = Number(row.dataset['row'])
    if (at < next || at >= end) row.closest<HTMLElement>('[data-pane]')?.focus({ preventScroll: true })
  }
  const settle = (): void => {
    measure()
    look()
  }

  const observer = typeof ResizeObserver === 'undefined' ? undefined : new ResizeObserver(settle)
  onMounted(() => {
    settle()
    scroller.value?.addEventListener('scroll', look, { passive: true })
    if (scroller.value !== null) observer?.observe(scroller.value)
  })
  onScopeDispose(() => observer?.disconnect())
  watch(
    () => rows().length,
    () => void nextTick(settle),
  )

  return {
    inWindow: computed(() =>
      rows()
        .slice(from.value, to.value)
        .map((row, at) => ({ row, at: from.value + at })),
    ),
    /** Room for the rows above and below, px. */
    above: computed(() => Math.min(from.value, rows().length) * height.value),
    below: computed(() => Math.max(0, rows().length - to.value) * height.value),
  }
}
