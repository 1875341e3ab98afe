import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { dayOf, toClock, toDay, toMoment, toRowTime, toSince } from './format.ts'
import { formats, renewFormats } from './formats.ts'

const NOON = new Date(2026, 5, 11, 12).getTime()
const HOUR = 3_600_000
const DAY = 24 * HOUR

beforeEach(() => renewFormats('en-GB'))

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

describe('times where the reader is', () => {
  const home = process.env['TZ']
  afterEach(() => {
    if (home === undefined) delete process.env['TZ']
    else process.env['TZ'] = home
    renewFormats()
  })

  it('follow the country: order, half days, digits', () => {
    const afternoon = NOON + 2 * HOUR
    expect(toDay(NOON - 7 * DAY, NOON)).toBe('Thursday 4 June')
    expect(toClock(afternoon)).toBe('14:00')
    renewFormats('en-US')
    expect(toDay(NOON - 7 * DAY, NOON)).toBe('Thursday, June 4')
    expect(toClock(afternoon)).toMatch(/^2:00\sPM$/)
    renewFormats('fa-IR')
    expect(toDay(NOON - 7 * DAY, NOON)).toBe('Thursday ۴ June')
    expect(toClock(afternoon)).toBe('۱۴:۰۰')
    expect(formats.value.number.format(12)).toBe('۱۲')
  })

  it.each([
    ['de', 'Donnerstag, 4. Juni', '4. Juni'],
    ['es', 'jueves, 4 de junio', '4 jun'],
    ['zh-Hans', '6月4日星期四', '6月4日'],
  ] as const)('are in the language that is spoken: %s', (language, day, short) => {
    renewFormats('en-GB', language)
    expect(toDay(NOON - 7 * DAY, NOON)).toBe(day)
    expect(toRowTime(NOON - 7 * DAY, NOON)).toBe(short)
    expect(toClock(NOON + 2 * HOUR)).toBe('14:00')
  })

  it('take digits and halves of the day from where the reader is', () => {
    renewFormats('ar-EG', 'ar')
    expect(toDay(NOON - 7 * DAY, NOON)).toBe('الخميس، ٤ يونيو')
    expect(formats.value.number.format(12)).toBe('١٢')
    renewFormats('en-US', 'ar')
    expect(toDay(NOON - 7 * DAY, NOON)).toBe('الخميس، 4 يونيو')
    expect(toClock(NOON + 2 * HOUR)).toMatch(/^2:00\sم$/)
  })

  it('follow somebody who travels while the page is open', () => {
    process.env['TZ'] = 'Europe/Ljubljana'
    renewFormats('en-GB')
    const noon = Date.UTC(2026, 5, 11, 12)
    expect(toClock(noon)).toBe('14:00')
    process.env['TZ'] = 'Asia/Tokyo'
    renewFormats('en-GB')
    expect(toClock(noon)).toBe('21:00')
    expect(toSince(noon + 4 * HOUR, noon)).toBe('01:00')
    expect(dayOf(noon + 4 * HOUR)).toBe(dayOf(noon) + 1)
  })

  it('stay as they were made while nothing has changed', () => {
    const before = formats.value
    renewFormats('en-GB')
    expect(formats.value).toBe(before)
  })
})
