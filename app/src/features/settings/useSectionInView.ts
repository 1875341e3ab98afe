// Which section of a long page somebody is at: the one under a line that goes down the screen as they go down the page, so that each has
// its turn, the short ones at the end too. Whoever chooses a section is at that one until they scroll themselves.

import { onMounted, onScopeDispose, shallowReadonly, shallowRef } from 'vue'
import { smoothly } from '../app/index.ts'

/** `tops`: of the sections, in order, from the top of the page, px. */
export const sectionAt = (tops: readonly number[], page: { readonly at: number; readonly shown: number; readonly all: number }): number => {
  const way = page.all - page.shown
  const line = page.at + (way > 0 ? page.at / way : 0) * page.shown
  return Math.max(
    0,
    tops.findLastIndex((top) => top <= line),
  )
}

/** What people scroll with. */
const SCROLLING = ['wheel', 'touchmove', 'keydown', 'pointerdown'] as const

export const useSectionInView = (ids: readonly string[]) => {
  const current = shallowRef(ids[0])
  let isChosen = false
  let scroller: Element | null = null

  const sections = (): readonly Element[] => ids.flatMap((id) => document.getElementById(id) ?? [])
  const look = (): void => {
    if (isChosen || scroller === null) return
    const { scrollTop: at, clientHeight: shown, scrollHeight: all } = scroller
    const edge = scroller.getBoundingClientRect().top - at
    const tops = sections().map((section) => section.getBoundingClientRect().top - edge)
    current.value = ids[sectionAt(tops, { at, shown, all })]
  }
  const free = (): void => {
    isChosen = false
  }
  const jump = (id: string): void => {
    isChosen = true
    current.value = id
    document.getElementById(id)?.scrollIntoView({ behavior: smoothly(), block: 'start' })
  }
  onMounted(() => {
    scroller = sections()[0]?.closest('.scroll') ?? null
    scroller?.addEventListener('scroll', look, { passive: true })
    for (const kind of SCROLLING) scroller?.addEventListener(kind, free, { passive: true })
  })
  onScopeDispose(() => {
    scroller?.removeEventListener('scroll', look)
    for (const kind of SCROLLING) scroller?.removeEventListener(kind, free)
  })
  return { current: shallowReadonly(current), jump }
}
