// What of many views reaches a page.

import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { VIEW_MS_MAX, VIEW_MS_MIN } from './limits.ts'
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

const linesFrom = (first: number) => Array.from({ length: 60 }, (_, at) => ({ id: `${first + at}` }))

it('leaves a page time to draw what is new in many rows, until somebody moves the window', async () => {
  const { sent, push } = start()
  push.show(linesFrom(0))
  await turn()
  vi.advanceTimersByTime(VIEW_MS_MIN)
  push.show(linesFrom(50))
  await turn()
  expect(sent).toHaveLength(2)
  push.show(linesFrom(100))
  vi.advanceTimersByTime(VIEW_MS_MAX - 60)
  expect(sent).toHaveLength(2)
  push.show(linesFrom(150))
  vi.advanceTimersByTime(60)
  expect(sent[2]).toMatchObject({ put: { length: 60 } })
  push.show(linesFrom(200))
  push.hurry()
  expect(sent).toHaveLength(4)
})

it('sends nothing after it was stopped', async () => {
  const { sent, push } = start()
  push.show(1)
  push.stop()
  await turn()
  vi.advanceTimersByTime(VIEW_MS_MIN)
  expect(sent).toEqual([])
})
