// When a message may go out, and how that is said.

import { describe, expect, it } from 'vitest'
import { formats, toClock } from '../time/index.ts'
import { choicesAt, firstPicked, fromField, toField, toFuture } from './dates.ts'

const NOON = new Date(2026, 5, 11, 12).getTime()
const HOUR = 3_600_000
const DAY = 24 * HOUR

describe('what is offered', () => {
  it('is this evening and tomorrow morning, in the reader’s own day', () => {
    expect(choicesAt(NOON)).toEqual([
      { kind: 'evening', time: new Date(2026, 5, 11, 18).getTime() },
      { kind: 'morning', time: new Date(2026, 5, 12, 9).getTime() },
    ])
  })
  it('leaves out an evening that begins in a moment, or has', () => {
    expect(choicesAt(NOON + 5.6 * HOUR).map(({ kind }) => kind)).toEqual(['morning'])
    expect(choicesAt(NOON + 11 * HOUR)).toEqual([{ kind: 'morning', time: new Date(2026, 5, 12, 9).getTime() }])
  })
  it('begins, to be picked by hand, with a full hour that is an hour away', () => {
    expect(firstPicked(NOON + 1)).toBe(NOON + 2 * HOUR)
    expect(firstPicked(NOON)).toBe(NOON + HOUR)
  })
})

describe('a field for dates and times', () => {
  it('holds what was put in, to the minute', () => {
    expect(toField(NOON)).toBe('2026-06-11T12:00')
    expect(fromField(toField(NOON))).toBe(NOON)
  })
  it('may be empty', () => {
    expect(fromField('')).toBeUndefined()
  })
})

describe('a time to come', () => {
  it('fits into a sentence', () => {
    const { longDay, longYear } = formats.value
    const inYears = new Date(2027, 0, 2, 9).getTime()
    expect(toFuture(NOON + HOUR, NOON)).toBe(`today at ${toClock(NOON + HOUR)}`)
    expect(toFuture(NOON + DAY, NOON)).toBe(`tomorrow at ${toClock(NOON)}`)
    expect(toFuture(NOON + 3 * DAY, NOON)).toBe(`${longDay.format(NOON + 3 * DAY)} at ${toClock(NOON)}`)
    const missed = new Date(2020, 0, 1, 9).getTime()
    expect(toFuture(missed, NOON), 'one that is over').toBe(`${longYear.format(missed)} at ${toClock(missed)}`)
    expect(toFuture(inYears, NOON)).toBe(`${longYear.format(inYears)} at ${toClock(inYears)}`)
  })
})
