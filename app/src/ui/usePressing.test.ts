// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { effectScope } from 'vue'
import { LONG_PRESS_MS, usePressing } from './usePressing.ts'

let scope: ReturnType<typeof effectScope> | undefined
beforeEach(() => vi.useFakeTimers())
afterEach(() => {
  scope?.stop()
  vi.useRealTimers()
})

const stageWithNote = () => {
  document.body.innerHTML =
    '<div id="stage"><article tabindex="-1">text<button id="more"></button></article></div><button id="below"></button>'
  const [stage, note, below] = ['#stage', 'article', '#below'].map((one) => document.querySelector<HTMLElement>(one))
  if (!stage || !note || !below) throw new Error('no stage')
  const menu = vi.fn()
  scope = effectScope()
  scope.run(() =>
    usePressing({
      stage,
      itemOf: (element) => element.closest<HTMLElement>('article') ?? undefined,
      button: 'button',
      pressless: 'button',
      menu,
      key: (_, key) => key === 'r',
    }),
  )
  const chosen = vi.fn()
  below.addEventListener('click', chosen)
  const touch = (type: string) => note.dispatchEvent(new PointerEvent(type, { pointerType: 'touch', isPrimary: true, bubbles: true }))
  const press = (key: string, init: KeyboardEventInit = {}) => {
    const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...init })
    note.dispatchEvent(event)
    return event.defaultPrevented
  }
  return { note, press, menu, touch, chosen, click: () => below.click() }
}

it('the finger that is lifted after a long press chooses nothing of what it opened, and the next one does', () => {
  const { menu, touch, chosen, click } = stageWithNote()
  touch('pointerdown')
  vi.advanceTimersByTime(LONG_PRESS_MS)
  expect(menu).toHaveBeenCalledOnce()
  touch('pointerup')
  click()
  expect(chosen).not.toHaveBeenCalled()
  click()
  expect(chosen).toHaveBeenCalledOnce()
})

it('where the press left no click behind, the next touch counts', () => {
  const { touch, chosen, click } = stageWithNote()
  touch('pointerdown')
  vi.advanceTimersByTime(LONG_PRESS_MS)
  touch('pointerup')
  touch('pointerdown')
  touch('pointerup')
  click()
  expect(chosen).toHaveBeenCalledOnce()
})

it('a press that moves or ends early, or is meant for something else, opens nothing', () => {
  const { menu, touch, note } = stageWithNote()
  touch('pointerdown')
  touch('pointerup')
  vi.advanceTimersByTime(LONG_PRESS_MS)
  const down = { pointerType: 'touch', isPrimary: true, bubbles: true, clientX: 0, clientY: 0 }
  note.dispatchEvent(new PointerEvent('pointerdown', down))
  note.dispatchEvent(new PointerEvent('pointermove', { ...down, clientY: 40 }))
  vi.advanceTimersByTime(LONG_PRESS_MS)
  note.querySelector('button')?.dispatchEvent(new PointerEvent('pointerdown', down))
  vi.advanceTimersByTime(LONG_PRESS_MS)
  expect(menu).not.toHaveBeenCalled()
})

it('right click, the button and the keys that are there for it ask for the menu, and Enter only where it is said to', () => {
  const { menu, note, press } = stageWithNote()
  const right = new MouseEvent('contextmenu', { bubbles: true, cancelable: true, clientX: 3, clientY: 4 })
  note.dispatchEvent(right)
  expect([right.defaultPrevented, menu.mock.calls.at(-1)]).toEqual([true, [note, { x: 3, y: 4 }]])
  note.querySelector('button')?.click()
  expect(menu).toHaveBeenCalledTimes(2)
  expect([press('ContextMenu'), press('F10', { shiftKey: true }), press('Enter'), press('F10')]).toEqual([true, true, false, false])
  expect(menu).toHaveBeenCalledTimes(4)
})
