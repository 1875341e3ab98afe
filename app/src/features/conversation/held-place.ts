// A place in a scroller that is held until heights have settled: heights of what was never seen are guesses, and only drawing it says more.

import type { ShallowRef } from 'vue'

export type Anchor = { readonly element: Element; readonly top: number }

type Options = { readonly scroller: Readonly<ShallowRef<HTMLElement | null>>; readonly settled: () => void }

/** By then heights have settled and a smooth movement has ended. */
const SETTLED_MS = 700

export const topOf = (element: Element): number => element.getBoundingClientRect().top

export const createHeldPlace = ({ scroller, settled }: Options) => {
  let held: Anchor | 'end' | undefined
  let timer: number | undefined

  const jumpToEnd = (behavior: ScrollBehavior = 'instant'): void => {
    scroller.value?.scrollTo({ top: scroller.value.scrollHeight, behavior })
  }
  /** `smooth` follows an end that moves away; otherwise the place is there at once. */
  const keep = (behavior: ScrollBehavior = 'instant'): void => {
    const element = scroller.value
    if (element === null || held === undefined) return
    if (held === 'end') jumpToEnd(behavior)
    else if (held.element.isConnected) element.scrollTop += topOf(held.element) - held.top
  }
  const letGo = (): void => {
    window.clearTimeout(timer)
    held = undefined
  }
  const hold = (what: Anchor | 'end'): void => {
    letGo()
    held = what
    timer = window.setTimeout(() => {
      keep()
      letGo()
      settled()
    }, SETTLED_MS)
  }
  /** One call ends at the end. Only the last screens have their true heights, so whatever lies before them is crossed at once. */
  const goToEnd = (behavior: ScrollBehavior): void => {
    const element = scroller.value
    if (element === null) return
    hold('end')
    element.scrollTo({ top: Math.max(element.scrollTop, element.scrollHeight - 2 * element.clientHeight), behavior: 'instant' })
    jumpToEnd(behavior)
  }
  const goToStart = (): void => {
    letGo()
    scroller.value?.scrollTo({ top: 0, behavior: 'instant' })
  }
  return { hold, letGo, keep, jumpToEnd, goToEnd, goToStart, what: () => held }
}

export type HeldPlace = ReturnType<typeof createHeldPlace>
