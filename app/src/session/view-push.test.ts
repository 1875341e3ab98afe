// What of many views reaches a page.

import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { VIEW_MS_MIN } from './limits.ts'
import { createViewPush } from './view-push.ts'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

function start() {
  const sent: unknown[] = []
  return { sent, push: createViewPush((change) => sent.push(change.kind === 'all' ? change.view : change)) }
}
const turn = (): Promise<void> => Promise.resolve()

it('sends the first view at once, and of a burst only the last', async () => {
  const { sent, push } = start()
  push.show({ at: 1 })
  await turn()
  expect(sent).toEqual([{ at: 1 }])
  push.show({ at: 2 })
  push.show({ at: 3 })
  vi.advanceTimersByTime(VIEW_MS_MIN - 1)
  expect(sent).toHaveLength(1)
  vi.advanceTimersByTime(1)
  expect(sent).toEqual([{ at: 1 }, { at: 3 }])
})

it('sends no view twice in a row, nothing included, and of the next that differs what does, without delay', async () => {
  const { sent, push } = start()
  const rows = [{ id: 'a' }]
  for (const view of [undefined, undefined, rows, rows]) {
    push.show(view)
    await turn()
    vi.advanceTimersByTime(VIEW_MS_MIN)
  }
  push.show([...rows, { id: 'b' }])
  await turn()
  expect(sent).toEqual([undefined, rows, { kind: 'rows', gone: [], put: [[1, { id: 'b' }]] }])
})

it('sends nothing after it was stopped', async () => {
  const { sent, push } = start()
  push.show(1)
  push.stop()
  await turn()
  vi.advanceTimersByTime(VIEW_MS_MIN)
  expect(sent).toEqual([])
})
