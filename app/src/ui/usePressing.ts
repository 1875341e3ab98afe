// The ways to ask for the menu of one of many things on a stage: right click, long press, its button, and keys while it has the focus.

import { onScopeDispose } from 'vue'
import { isComposing } from './composition.ts'

/** Where the menu belongs: at the pointer, or beside what was pressed. */
export type Place = { readonly x: number; readonly y: number }

type Options = {
  readonly stage: HTMLElement
  /** What an element belongs to: the one that takes the focus. */
  readonly itemOf: (element: Element) => HTMLElement | undefined
  /** Selectors: of the button of the menu, of what a press is not meant for, and of what the browser has a menu of its own for. */
  readonly button: string
  readonly pressless: string
  readonly browsers?: string
  /** Enter asks for the menu. Left out: the keys that are there for it everywhere do, and Enter does what it does. */
  readonly byEnter?: boolean
  readonly menu: (item: HTMLElement, place: Place) => void
  /** A key while an item has the focus that came by keyboard, or Escape; true where it did something. */
  readonly key?: (item: HTMLElement, key: string) => boolean
}

export const LONG_PRESS_MS = 450
/** A finger that moves further scrolls. */
const STILL_PX = 10

const elementOf = (target: EventTarget | null): Element | undefined => (target instanceof Element ? target : undefined)

/** At the lower edge of an element, on the side where lines begin. */
export const placeOf = (element: Element): Place => {
  const { left, right, bottom } = element.getBoundingClientRect()
  return { x: getComputedStyle(element).direction === 'rtl' ? right : left, y: bottom }
}

const isBrowsersOwn = (event: MouseEvent, browsers: string | undefined): boolean => {
  const selected = globalThis.getSelection()
  const isSelection =
    selected !== null && !selected.isCollapsed && event.target instanceof Node && selected.containsNode(event.target, true)
  return event.shiftKey || isSelection || (browsers !== undefined && elementOf(event.target)?.closest(browsers) !== null)
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

export const usePressing = ({ stage, itemOf, button, pressless, browsers, byEnter = false, menu, key }: Options): void => {
  const ownerOf = (target: EventTarget | null): HTMLElement | undefined => {
    const element = elementOf(target)
    return element && itemOf(element)
  }
  const gone = new AbortController()
  let timer: number | undefined
  let pressed: Place | undefined
  let wasTouched = false
  /** The item that has the focus by keyboard. Whoever clicked on one and types means something else, such as the message box. */
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
    const item = ownerOf(event.target)
    if (!wasTouched || !event.isPrimary || item === undefined || elementOf(event.target)?.closest(pressless) !== null) return
    const place = { x: event.clientX, y: event.clientY }
    pressed = place
    timer = window.setTimeout(() => {
      swallowClick(gone.signal)
      menu(item, place)
    }, LONG_PRESS_MS)
  })
  on('pointermove', ({ clientX, clientY }) => {
    if (pressed !== undefined && Math.hypot(clientX - pressed.x, clientY - pressed.y) > STILL_PX) letGo()
  })
  for (const name of ['pointerup', 'pointercancel', 'pointerleave'] as const) on(name, letGo)
  stage.addEventListener('scroll', letGo, { signal: gone.signal, capture: true, passive: true })

  on('contextmenu', (event) => {
    const item = ownerOf(event.target)
    if (item === undefined || isBrowsersOwn(event, browsers)) return
    event.preventDefault()
    // A long press has its own time.
    if (wasTouched) return
    const isKey = event.clientX === 0 && event.clientY === 0
    menu(item, isKey ? placeOf(item) : { x: event.clientX, y: event.clientY })
  })
  on('click', (event) => {
    const pressedButton = elementOf(event.target)?.closest(button)
    const item = ownerOf(event.target)
    if (pressedButton && item !== undefined) menu(item, placeOf(pressedButton))
  })
  on(
    'focusin',
    ({ target }) => (byKeyboard = ownerOf(target) === target && elementOf(target)?.matches(':focus-visible') === true ? target : null),
  )
  on('keydown', (event) => {
    const item = ownerOf(event.target)
    if (item === undefined || item !== event.target || isComposing(event) || event.ctrlKey || event.metaKey || event.altKey) return
    const isMenu = (byEnter && event.key === 'Enter') || event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey)
    if (isMenu) menu(item, placeOf(item))
    else if ((item !== byKeyboard && event.key !== 'Escape') || event.shiftKey || key?.(item, event.key) !== true) return
    event.preventDefault()
  })
  onScopeDispose(() => {
    letGo()
    gone.abort()
  })
}
