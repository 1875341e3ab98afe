// Whether an element is in sight or close to it: what is far from it holds no picture in memory.

import { onBeforeUnmount, onMounted, shallowReadonly, shallowRef } from 'vue'
import type { ShallowRef } from 'vue'

/** So far beyond the edge a picture is made ready. */
const MARGIN = '50%'

const seers = new Map<Element, (is: boolean) => void>()
let observer: IntersectionObserver | undefined

// One for all of them: a grid has hundreds.
const observerOf = (page: Window & typeof globalThis): IntersectionObserver =>
  (observer ??= new page.IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) seers.get(target)?.(isIntersecting)
    },
    { rootMargin: MARGIN },
  ))

export const useInSight = (
  element: Readonly<ShallowRef<Element | null>>,
  page: Window & typeof globalThis = window,
): Readonly<ShallowRef<boolean>> => {
  const is = shallowRef(false)
  let seen: Element | undefined
  onMounted(() => {
    if (element.value === null) return
    seen = element.value
    seers.set(seen, (now) => (is.value = now))
    observerOf(page).observe(seen)
  })
  onBeforeUnmount(() => {
    if (seen === undefined) return
    seers.delete(seen)
    observer?.unobserve(seen)
  })
  return shallowReadonly(is)
}
