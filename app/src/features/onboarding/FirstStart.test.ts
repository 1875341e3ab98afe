// @vitest-environment happy-dom
import { nextTick } from 'vue'
import type { App } from 'vue'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { BLINK_MS } from '../app/index.ts'
import { createFakeEngine, renderField } from '../testing/index.ts'
import { DRAFT_LENGTH_MAX } from '../limits.ts'
import { words } from '../words.ts'
import FirstStart from './FirstStart.vue'

const apps: App[] = []
beforeEach(() => vi.spyOn(performance, 'mark').mockReturnValue({} as PerformanceMark))
afterEach(() => {
  for (const app of apps.splice(0)) app.unmount()
  document.body.replaceChildren()
  vi.restoreAllMocks()
})

const open = () => {
  const started: string[] = []
  const opened = renderField(FirstStart, { state: 'idle', onStart: (text: string) => started.push(text) }, createFakeEngine())
  apps.push(opened.app)
  return { ...opened, started }
}

it('Enter begins the chat, and not when it ends a composition, in the order of Safari either', () => {
  const { type, press, started } = open()
  type('にほん')
  press('Enter', { keyCode: 229 })
  expect(started).toEqual([])
  press('Enter', { keyCode: 13 })
  expect(started).toEqual(['にほん'])
})

it('Enter begins nothing with a text that nobody would see', () => {
  const { type, press, started } = open()
  type('\u200B\u2800')
  press('Enter', { keyCode: 13 })
  expect(started).toEqual([])
})

it('what is too long to be kept is not pasted, and a sentence says so', async () => {
  const { place, paste } = open()
  const event = paste('x'.repeat(DRAFT_LENGTH_MAX + 1))
  await nextTick()
  expect(event.defaultPrevented).toBe(true)
  expect(place.querySelector('[role="alert"]')?.textContent).toContain(words.chat.tooMuch)
})

it('says that the chat is on its way once that takes longer than a blink', async () => {
  vi.useFakeTimers()
  const { place, app } = renderField(FirstStart, { state: 'working' }, createFakeEngine())
  apps.push(app)
  const said = () => place.querySelector('form [role="status"]')?.textContent
  expect(said()).toBe(words.start.private)
  await vi.advanceTimersByTimeAsync(BLINK_MS)
  expect(said()).toBe(words.openingChat)
  vi.useRealTimers()
})
