import { describe, expect, test } from 'vitest'
import { readingPlaceIn } from './reading-place.ts'

const NOTE_PX = 40

describe('what is being read', () => {
  test.each([
    [0, ['0', '1', '2']],
    [30, ['0', '1', '2', '3']],
    [40, ['1', '2', '3']],
    [39_900, ['997', '998', '999']],
    [50_000, []],
  ])('scrolled by %i px, are the messages in view with their upper edges', (scrolled, ids) => {
    const { scroller } = timeline({ notes: 1_000, scrolled })
    expect(readingPlaceIn(scroller)).toEqual(ids.map((id) => ({ id, top: Number(id) * NOTE_PX - scrolled })))
  })

  test('is found by asking few messages for their place, however many there are', () => {
    const { scroller, asked } = timeline({ notes: 1_000, scrolled: 39_900 })
    readingPlaceIn(scroller)
    expect(asked()).toBeLessThan(20)
  })

  test('is nothing where nothing is shown', () => {
    expect(readingPlaceIn(timeline({ notes: 0, scrolled: 0 }).scroller)).toEqual([])
  })
})

/** Notes of one height, one below the other, of which 110 px are in view. */
function timeline({ notes, scrolled }: { readonly notes: number; readonly scrolled: number }) {
  let asked = 0
  const all = Array.from({ length: notes }, (_, at) => ({
    dataset: { messageId: `${at}` },
    getBoundingClientRect() {
      asked += 1
      const top = at * NOTE_PX - scrolled
      return { top, bottom: top + NOTE_PX }
    },
  }))
  const scroller = { getBoundingClientRect: () => ({ top: 0, bottom: 110 }), querySelectorAll: () => all }
  return { scroller: scroller as unknown as HTMLElement, asked: () => asked }
}
