// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { withSetup } from '../testing/index.ts'
import { LONG_PRESS_MS, usePressing } from './usePressing.ts'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

const stageWithNote = () => {
  document.body.innerHTML = '<div id="stage"><article data-message-id="m1">text</article></div><button id="below"></button>'
  const [stage, note, below] = ['#stage', 'article', '#below'].map((one) => document.querySelector<HTMLElement>(one))
  if (!stage || !note || !below) throw new Error('no stage')
  const menu = vi.fn()
  withSetup(() => {
    usePressing({ stage, menu, key: () => false })
    return 'listening'
  })
  const chosen = vi.fn()
  below.addEventListener('click', chosen)
  const touch = (type: string) => note.dispatchEvent(new PointerEvent(type, { pointerType: 'touch', isPrimary: true, bubbles: true }))
  return { menu, touch, chosen, click: () => below.click() }
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
