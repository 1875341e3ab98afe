import { describe, expect, it } from 'vitest'
import { dayOf, toDay, toMoment, toRowTime, toSince } from './format.ts'

const NOON = new Date(2026, 5, 11, 12).getTime()
const HOUR = 3_600_000
const DAY = 24 * HOUR

describe('times as people say them', () => {
  it('name the day', () => {
    expect(toDay(NOON, NOON)).toBe('Today')
    expect(toDay(NOON - DAY, NOON)).toBe('Yesterday')
    expect(toDay(NOON - 7 * DAY, NOON)).toBe('Thursday 4 June')
    expect(toDay(NOON - 365 * DAY, NOON)).toBe('11 June 2025')
  })

  it('count days by the reader’s midnight', () => {
    expect(dayOf(NOON + 12 * HOUR)).toBe(dayOf(NOON) + 1)
    expect(dayOf(NOON + 12 * HOUR - 1)).toBe(dayOf(NOON))
  })

  it('get coarser in a row the older they are', () => {
    expect(toRowTime(NOON - 59_999, NOON)).toBe('now')
    expect(toRowTime(NOON - 60_000, NOON)).toMatch(/11:59/)
    expect(toRowTime(NOON - 2 * DAY, NOON)).toBe('Tue')
    expect(toRowTime(NOON - 7 * DAY, NOON)).toBe('4 Jun')
  })

  it('fit into a sentence', () => {
    expect(toMoment(NOON - HOUR, NOON)).toMatch(/^at .*11:00/)
    expect(toMoment(NOON - DAY, NOON)).toMatch(/^yesterday at /)
    expect(toMoment(NOON - 3 * DAY, NOON)).toBe('on 8 June')
    expect(toSince(NOON - 3 * DAY, NOON)).toBe('8 June')
  })
})
