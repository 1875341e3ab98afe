// The ways to ask for the menu of a message: right click, long press, its button, and keys while it has the focus.

import { onScopeDispose } from 'vue'
import { isComposing } from '../../ui/composition.ts'

/** Where the menu belongs: at the pointer, or beside what was pressed. */
export type Place = { readonly x: number; readonly y: number }

type Asked = (note: HTMLElement, place: Place) => void
type Options = {
  readonly stage: HTMLElement
  readonly menu: Asked
  /** A key while a message has the focus that came by keyboard, or Escape; true where it did something. */
  readonly key: (note: HTMLElement, key: string) => boolean
}

export const LONG_PRESS_MS = 450
/** A finger that moves further scrolls. */
const STILL_PX = 10

const elementOf = (target: EventTarget | null): Element | undefined => (target instanceof Element ? target : undefined)
const noteOf = (target: EventTarget | null): HTMLElement | undefined =>
  elementOf(target)?.closest<HTMLElement>('[data-message-id]') ?? undefined

/** At the lower edge of an element, on the side where lines begin. */
export const placeOf = (element: Element): Place => {
  const { left, right, bottom } = element.getBoundingClientRect()
  return { x: getComputedStyle(element).direction === 'rtl' ? right : left, y: bottom }
}

const isBrowsersOwn = (event: MouseEvent): boolean => {
  const selected = globalThis.getSelection()
  const isSelection =
    selected !== null && !selected.isCollapsed && event.target instanceof Node && selected.containsNode(event.target, true)
  return event.shiftKey || isSelection || elementOf(event.target)?.closest('a, .tick') !== null
}

/** The finger is lifted over what the press has opened, and must not choose anything there. */
const swallowClick = (gone: AbortSignal): void => {
  const over = new AbortController()
  const signal = AbortSignal.any([gone, over.signal])
  const swallow = (event: Event): void => {
    event.preventDefault()
    event.stopPropagation()
    over.abort()
  }
  window.addEventListener('click', swallow, { capture: true, signal })
  // Where no click came, the next touch is another one.
  window.addEventListener('pointerdown', () => over.abort(), { capture: true, signal })
}

export const usePressing = ({ stage, menu, key }: Options): void => {
  const gone = new AbortController()
  let timer: number | undefined
  let pressed: Place | undefined
  let wasTouched = false
  /** The message that has the focus by keyboard. Whoever clicked on one and types means the message box. */
  let byKeyboard: EventTarget | null = null

  const on = <K extends keyof HTMLElementEventMap>(name: K, act: (event: HTMLElementEventMap[K]) => void): void =>
    stage.addEventListener(name, act, { signal: gone.signal })
  const letGo = (): void => {
    window.clearTimeout(timer)
    pressed = undefined
  }
  on('pointerdown', (event) => {
    letGo()
    byKeyboard = null
    wasTouched = event.pointerType !== 'mouse'
    const note = noteOf(event.target)
    if (!wasTouched || !event.isPrimary || note === undefined || elementOf(event.target)?.closest('button, a') !== null) return
    const place = { x: event.clientX, y: event.clientY }
    pressed = place
    timer = window.setTimeout(() => {
      swallowClick(gone.signal)
      menu(note, place)
    }, LONG_PRESS_MS)
  })
  on('pointermove', ({ clientX, clientY }) => {
    if (pressed !== undefined && Math.hypot(clientX - pressed.x, clientY - pressed.y) > STILL_PX) letGo()
  })
  for (const name of ['pointerup', 'pointercancel', 'pointerleave'] as const) on(name, letGo)
  stage.addEventListener('scroll', letGo, { signal: gone.signal, capture: true, passive: true })

  on('contextmenu', (event) => {
    const note = noteOf(event.target)
    if (note === undefined || isBrowsersOwn(event)) return
    event.preventDefault()
    // A long press has its own time.
    if (wasTouched) return
    const isKey = event.clientX === 0 && event.clientY === 0
    menu(note, isKey ? placeOf(note) : { x: event.clientX, y: event.clientY })
  })
  on('click', (event) => {
    const button = elementOf(event.target)?.closest('[data-testid="message-actions"]')
    const note = noteOf(event.target)
    if (button && note !== undefined) menu(note, placeOf(button))
  })
  on(
    'focusin',
    ({ target }) => (byKeyboard = noteOf(target) === target && elementOf(target)?.matches(':focus-visible') === true ? target : null),
  )
  on('keydown', (event) => {
    const note = noteOf(event.target)
    if (note === undefined || note !== event.target || isComposing(event) || event.ctrlKey || event.metaKey || event.altKey) return
    const isMenu = event.key === 'Enter' || event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey)
    if (isMenu) menu(note, placeOf(note))
    else if ((note !== byKeyboard && event.key !== 'Escape') || event.shiftKey || !key(note, event.key)) return
    event.preventDefault()
  })
  onScopeDispose(() => {
    letGo()
    gone.abort()
  })
}
