// @vitest-environment happy-dom
import { nextTick } from 'vue'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { appView, createFakeEngine, render } from '../testing/index.ts'
import { DRAFT_LENGTH_MAX } from '../limits.ts'
import { words } from '../words.ts'
import FirstStart from './FirstStart.vue'

const opened: (() => void)[] = []
beforeEach(() => vi.spyOn(performance, 'mark').mockReturnValue({} as PerformanceMark))
afterEach(() => {
  for (const close of opened.splice(0)) close()
  document.body.replaceChildren()
  vi.restoreAllMocks()
})

const open = () => {
  const engine = createFakeEngine()
  const started: string[] = []
  const { place, app } = render(FirstStart, { state: 'idle', onStart: (text: string) => started.push(text) }, engine)
  opened.push(() => app.unmount())
  engine.showApp(appView())
  const field = place.querySelector('textarea')
  if (field === null) throw new Error('no field')
  const type = (text: string): void => {
    field.value = text
    field.dispatchEvent(new Event('input'))
  }
  const enter = (keyCode: number): void => {
    const event = new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true })
    Object.defineProperty(event, 'keyCode', { value: keyCode })
    field.dispatchEvent(event)
  }
  return { place, field, type, enter, started }
}

it('Enter begins the chat, and not when it ends a composition, in the order of Safari either', () => {
  const { type, enter, started } = open()
  type('にほん')
  enter(229)
  expect(started).toEqual([])
  enter(13)
  expect(started).toEqual(['にほん'])
})

it('Enter begins nothing with a text that nobody would see', () => {
  const { type, enter, started } = open()
  type('\u200B\u2800')
  enter(13)
  expect(started).toEqual([])
})

it('what is too long to be kept is not pasted, and a sentence says so', async () => {
  const { place, field } = open()
  const event = new Event('paste', { bubbles: true, cancelable: true })
  const text = 'x'.repeat(DRAFT_LENGTH_MAX + 1)
  Object.defineProperty(event, 'clipboardData', { value: { types: ['text/plain'], getData: () => text } })
  field.dispatchEvent(event)
  await nextTick()
  expect(event.defaultPrevented).toBe(true)
  expect(place.querySelector('[role="alert"]')?.textContent).toContain(words.chat.tooMuch)
})
