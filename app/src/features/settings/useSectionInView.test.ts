import { describe, expect, it } from 'vitest'
import { sectionAt } from './useSectionInView.ts'

const tops = [60, 300, 700, 900, 1_000]
const at = (place: number, { shown = 600, all = 1_100 } = {}) => sectionAt(tops, { at: place, shown, all })

describe('the section that somebody is at', () => {
  it('is the first one at the top, also where the page begins with something else', () => {
    expect(at(0)).toBe(0)
    expect(sectionAt([], { at: 0, shown: 600, all: 600 })).toBe(0)
  })

  it('is the last one at the end, however short it is', () => {
    expect(at(500)).toBe(4)
  })

  it('is each of them in turn on the way down', () => {
    const seen = new Set(Array.from({ length: 501 }, (_, place) => at(place)))
    expect([...seen]).toEqual([0, 1, 2, 3, 4])
  })

  it('is the first one where everything is on the screen', () => {
    expect(at(0, { shown: 2_000, all: 2_000 })).toBe(0)
  })
})
