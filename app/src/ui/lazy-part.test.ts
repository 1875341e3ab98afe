// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createApp, defineComponent, h, nextTick } from 'vue'
import { lazyPart, lazySheet } from './lazy-part.ts'
import { PART_RETRY_MS, PART_RETRY_MS_MAX } from './limits.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function shown(failures: number) {
  let asked = 0
  const Part = lazyPart(() => {
    asked += 1
    return asked <= failures ? Promise.reject(new TypeError('error loading dynamically imported module')) : Promise.resolve(Words)
  })
  const root = document.createElement('div')
  const errors: unknown[] = []
  const app = createApp(Part)
  app.config.errorHandler = (error) => void errors.push(error)
  app.mount(root)
  return { root, errors, asked: () => asked }
}

const Words = defineComponent({ render: () => h('p', 'here') })

test('a part that did not come is fetched again, and no error leaves it', async () => {
  const { root, errors, asked } = shown(2)
  await vi.advanceTimersByTimeAsync(PART_RETRY_MS - 1)
  expect([asked(), root.textContent]).toEqual([1, ''])
  await vi.advanceTimersByTimeAsync(1)
  expect(asked()).toBe(2)
  await vi.advanceTimersByTimeAsync(2 * PART_RETRY_MS)
  await nextTick()
  expect([asked(), root.textContent, errors]).toEqual([3, 'here', []])
})

test('it is fetched at once when the network is back', async () => {
  const { root, asked } = shown(1)
  await vi.advanceTimersByTimeAsync(1)
  dispatchEvent(new Event('online'))
  await vi.advanceTimersByTimeAsync(0)
  await nextTick()
  expect([asked(), root.textContent]).toEqual([2, 'here'])
  await vi.advanceTimersByTimeAsync(PART_RETRY_MS_MAX)
  expect(asked()).toBe(2)
})

test('it is asked for less and less often, and never less than every half minute', async () => {
  const { asked } = shown(Infinity)
  await vi.advanceTimersByTimeAsync(31 * PART_RETRY_MS)
  expect(asked()).toBe(6)
  await vi.advanceTimersByTimeAsync(10 * PART_RETRY_MS_MAX)
  expect(asked()).toBe(16)
})

test('Escape takes back a sheet that is on its way, and does nothing below it', async () => {
  let come: (part: typeof Words) => void = () => undefined
  const Sheet = lazySheet(() => new Promise<typeof Words>((resolve) => (come = resolve)))
  const closed = vi.fn()
  const root = document.createElement('div')
  createApp(() => h(Sheet, { onClose: closed })).mount(root)
  const press = (key: string): boolean =>
    document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))
  expect([press('a'), press('Escape')]).toEqual([true, false])
  expect(closed).toHaveBeenCalledOnce()
  come(Words)
  await vi.advanceTimersByTimeAsync(0)
  await nextTick()
  expect(root.textContent).toBe('here')
  expect(press('Escape'), 'what is here hears it by itself').toBe(true)
  expect(closed).toHaveBeenCalledOnce()
})
