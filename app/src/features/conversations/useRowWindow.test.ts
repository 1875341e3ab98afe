// @vitest-environment happy-dom
import { expect, it } from 'vitest'
import { nextTick, shallowRef } from 'vue'
import { ROWS_AHEAD, ROWS_AT_FIRST } from '../limits.ts'
import { createFakeEngine, withSetup } from '../testing/index.ts'
import { useRowWindow } from './useRowWindow.ts'

const ROW_PX = 60

/** A scroller in which each row that is on the page has its place. */
function stage(count: number) {
  const pane = document.createElement('nav')
  pane.dataset['pane'] = ''
  pane.tabIndex = -1
  const scroller = document.createElement('div')
  pane.append(scroller)
  document.body.replaceChildren(pane)
  Object.defineProperty(scroller, 'clientHeight', { value: 10 * ROW_PX })
  const rows = shallowRef(Array.from({ length: count }, (_, at) => `chat ${at}`))
  const { result } = withSetup(() => useRowWindow(shallowRef(scroller), () => rows.value), createFakeEngine())
  const draw = async () => {
    await nextTick()
    scroller.replaceChildren(
      ...result.inWindow.value.map(({ at }) => {
        const row = document.createElement('a')
        row.dataset['row'] = String(at)
        row.tabIndex = 0
        row.getBoundingClientRect = () => ({ top: at * ROW_PX }) as DOMRect
        return row
      }),
    )
  }
  const scrollTo = async (at: number) => {
    scroller.scrollTop = at * ROW_PX
    scroller.dispatchEvent(new Event('scroll'))
    await draw()
  }
  const seen = () => result.inWindow.value.map(({ at }) => at)
  return { scroller, pane, rows, result, draw, scrollTo, seen }
}

it('has some rows on the page, however many there are, and room for the others', async () => {
  const { result, draw, rows, seen } = stage(2_000)
  await draw()
  rows.value = rows.value.slice(1)
  await draw()
  await nextTick()
  expect(seen()).toEqual(Array.from({ length: ROWS_AT_FIRST }, (_, at) => at))
  expect([result.above.value, result.below.value]).toEqual([0, (1_999 - ROWS_AT_FIRST) * ROW_PX])
})

it('has those around what is seen, wherever that is, to the last', async () => {
  const { result, draw, scrollTo, seen } = stage(2_000)
  await draw()
  await scrollTo(1_000)
  expect([seen().at(0), seen().length <= ROWS_AT_FIRST + 2 * ROWS_AHEAD]).toEqual([1_000 - (1_000 % ROWS_AHEAD) - ROWS_AHEAD, true])
  expect(seen()).toContain(1_010)
  await scrollTo(1_990)
  expect([seen().at(-1), result.below.value]).toEqual([1_999, 0])
})

it('has all rows of a short list', async () => {
  const { result, draw, seen } = stage(7)
  await draw()
  expect([seen(), result.above.value, result.below.value]).toEqual([[0, 1, 2, 3, 4, 5, 6], 0, 0])
})

it('leaves the focus in the pane when the row that had it goes', async () => {
  const { scroller, pane, draw, scrollTo } = stage(2_000)
  await draw()
  scroller.querySelector<HTMLElement>('[data-row="3"]')?.focus()
  await scrollTo(1_000)
  expect(document.activeElement).toBe(pane)
})
