// What of many views reaches a page.

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { VIEW_FLOOD_MS_MAX, VIEW_FLOOD_ROWS, VIEW_MS_MAX, VIEW_MS_MIN, VIEW_ROW_MS } from './limits.ts'
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

it('leaves a page time to draw what is new in several rows', async () => {
  const { sent, push } = start()
  const lines = Array.from({ length: 120 }, (_, at) => ({ id: `${at}` }))
  const few = VIEW_FLOOD_ROWS - 1
  push.show(lines.slice(0, 60))
  await turn()
  vi.advanceTimersByTime(VIEW_MS_MIN)
  push.show(lines.slice(few, few + 60))
  await turn()
  push.show(lines.slice(few + 1, few + 61))
  vi.advanceTimersByTime(few * VIEW_ROW_MS - 1)
  expect(sent).toHaveLength(2)
  vi.advanceTimersByTime(1)
  expect(sent).toHaveLength(3)
})

describe('while messages pour in', () => {
  const flood = async () => {
    const started = start()
    started.push.show(linesFrom(0))
    await turn()
    vi.advanceTimersByTime(VIEW_MS_MIN)
    started.push.show(linesFrom(60))
    await turn()
    expect(started.sent).toHaveLength(2)
    return started
  }

  it('shows few of the views that nobody can read', async () => {
    const { sent, push } = await flood()
    const step = VIEW_MS_MAX / 4
    for (let after = step; after <= 3 * VIEW_FLOOD_MS_MAX; after += step) {
      push.show(linesFrom(60 + after))
      vi.advanceTimersByTime(step)
    }
    expect(sent).toHaveLength(5)
  })

  it('shows the last one as soon as no other has come for a moment', async () => {
    const { sent, push } = await flood()
    push.show(linesFrom(120))
    vi.advanceTimersByTime(VIEW_MS_MAX - 1)
    push.show(linesFrom(180))
    vi.advanceTimersByTime(VIEW_MS_MAX - 1)
    expect(sent).toHaveLength(2)
    vi.advanceTimersByTime(1)
    expect(sent[2]).toMatchObject({ put: { length: 60, 59: [59, { id: '239' }] } })
    vi.advanceTimersByTime(VIEW_FLOOD_MS_MAX)
    expect(sent).toHaveLength(3)
  })

  it('shows one at once to whoever moves the window', async () => {
    const { sent, push } = await flood()
    push.show(linesFrom(120))
    push.hurry()
    expect(sent).toHaveLength(3)
  })

  it('shows a view at once that comes after it', async () => {
    const { sent, push } = await flood()
    vi.advanceTimersByTime(VIEW_FLOOD_MS_MAX)
    push.show([...linesFrom(60), { id: 'live' }])
    await turn()
    expect(sent).toHaveLength(3)
  })
})

it('sends nothing after it was stopped', async () => {
  const { sent, push } = start()
  push.show(1)
  push.stop()
  await turn()
  vi.advanceTimersByTime(VIEW_MS_MIN)
  expect(sent).toEqual([])
})
