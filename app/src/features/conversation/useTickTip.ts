// Says in words what a tick means: under the pointer, at a tap, and beside a message that is reached by keyboard. One for the whole timeline.

import { onScopeDispose, shallowReadonly, shallowRef } from 'vue'
import type { DeliveryState } from '@kith/protocol'
import { words } from '../words.ts'

const HOVER_MS = 300
const LEAVE_MS = 120
const GAP_PX = 6
/** What a line of it needs above the tick. */
const ROOM_PX = 44

type Tip = { readonly text: string; readonly place: Readonly<Record<string, string>> }

const isState = (state: string | undefined): state is DeliveryState => state !== undefined && Object.hasOwn(words.state, state)

const noteOf = (target: EventTarget | null): HTMLElement | undefined =>
  (target instanceof Element ? target.closest<HTMLElement>('[data-mine="true"]') : undefined) ?? undefined
const tickOf = (target: EventTarget | null): Element | undefined =>
  (target instanceof Element ? target.closest('[data-tick]') : undefined) ?? undefined

/** Above its tick, or below where there is no room; on the side of the stage where the tick is. */
const toPlace = (stage: DOMRect, tick: DOMRect): Tip['place'] => ({
  ...(tick.top - stage.top > ROOM_PX
    ? { bottom: `${stage.bottom - tick.top + GAP_PX}px` }
    : { top: `${tick.bottom - stage.top + GAP_PX}px` }),
  ...(tick.left + tick.right > stage.left + stage.right
    ? { right: `${Math.max(GAP_PX, stage.right - tick.right)}px` }
    : { left: `${Math.max(GAP_PX, tick.left - stage.left)}px` }),
})

export const useTickTip = (stage: HTMLElement) => {
  const tip = shallowRef<Tip>()
  let note: HTMLElement | undefined
  let timer: number | undefined

  const hide = (): void => {
    window.clearTimeout(timer)
    note = undefined
    tip.value = undefined
  }
  const show = (of: HTMLElement): void => {
    window.clearTimeout(timer)
    const state = of.dataset['state']
    if (!isState(state)) return
    const anchor = of.querySelector('[data-tick]') ?? of
    note = of
    tip.value = {
      text: of.dataset['said'] ?? words.state[state],
      place: toPlace(stage.getBoundingClientRect(), anchor.getBoundingClientRect()),
    }
  }
  /** What is shown may have changed, or gone. */
  const renew = (): void => {
    if (note?.isConnected === true) show(note)
    else hide()
  }
  const later = (act: () => void, ms: number): void => {
    window.clearTimeout(timer)
    timer = window.setTimeout(act, ms)
  }
  const enter = (event: PointerEvent): void => {
    const of = tickOf(event.target) === undefined ? undefined : noteOf(event.target)
    if (event.pointerType === 'mouse' && of !== undefined) later(() => show(of), HOVER_MS)
  }
  const leave = (event: PointerEvent): void => {
    if (event.pointerType === 'mouse' && (tickOf(event.target) !== undefined || event.currentTarget !== stage)) later(hide, LEAVE_MS)
  }
  const stay = (): void => window.clearTimeout(timer)
  const tap = (event: MouseEvent): void => {
    const of = tickOf(event.target) === undefined ? undefined : noteOf(event.target)
    if (of === undefined) hide()
    else show(of)
  }
  const focus = (event: FocusEvent): void => {
    const of = noteOf(event.target)
    if (of !== undefined && of === event.target && of.matches(':focus-visible')) show(of)
  }
  const escape = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || tip.value === undefined) return
    event.stopPropagation()
    hide()
  }
  const gone = new AbortController()
  const on = <K extends keyof HTMLElementEventMap>(name: K, act: (event: HTMLElementEventMap[K]) => void): void =>
    stage.addEventListener(name, act, { signal: gone.signal, capture: name === 'scroll' })
  on('pointerover', enter)
  on('pointerout', leave)
  on('click', tap)
  on('focusin', focus)
  on('focusout', hide)
  on('keydown', escape)
  on('scroll', hide)
  onScopeDispose(() => {
    gone.abort()
    window.clearTimeout(timer)
  })

  return { tip: shallowReadonly(tip), renew, stay, leave }
}
