// Times as people say them. Everything takes "now" so that it can be tested.

import { fill, words } from '../words.ts'
import { formats } from './formats.ts'

const DAY_MS = 86_400_000

/** Days since 1970 in the reader's own time zone. */
export const dayOf = (time: number): number => {
  void formats.value // A day is another one in another time zone.
  const date = new Date(time)
  return Math.floor(Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / DAY_MS)
}

const sameYear = (a: number, b: number): boolean => new Date(a).getFullYear() === new Date(b).getFullYear()

export const toClock = (time: number): string => formats.value.clock.format(time)

export const toDay = (time: number, now: number): string => {
  const away = dayOf(now) - dayOf(time)
  if (away <= 0) return words.time.today
  if (away === 1) return words.time.yesterday
  return sameYear(time, now) ? formats.value.longDay.format(time) : formats.value.longYear.format(time)
}

export const toPlainDay = (time: number, now: number): string =>
  (sameYear(time, now) ? formats.value.plainDay : formats.value.longYear).format(time)

export const toCount = (count: number): string => formats.value.number.format(count)

/** For a row of the list: short, coarser the older. */
export const toRowTime = (time: number, now: number): string => {
  if (now - time < 60_000) return words.time.now
  const away = dayOf(now) - dayOf(time)
  if (away <= 0) return toClock(time)
  if (away < 7) return formats.value.weekday.format(time)
  return sameYear(time, now) ? formats.value.shortDay.format(time) : formats.value.longYear.format(time)
}

/** Inside a sentence: "at 14:05", "yesterday at 14:05", "on 9 June". */
export const toMoment = (time: number, now: number): string => {
  const away = dayOf(now) - dayOf(time)
  if (away <= 0) return fill(words.time.at, { time: toClock(time) })
  if (away === 1) return fill(words.time.yesterdayAt, { time: toClock(time) })
  return fill(words.time.on, { time: toPlainDay(time, now) })
}

/** After "until", of what is to come within a week: "14:05", "Mon 08:00". */
export const toUntil = (time: number, now: number): string =>
  dayOf(time) === dayOf(now) ? toClock(time) : `${formats.value.weekday.format(time)} ${toClock(time)}`

/** After "since": "14:05", "yesterday 14:05", "9 June". */
export const toSince = (time: number, now: number): string => {
  const away = dayOf(now) - dayOf(time)
  if (away <= 0) return fill(words.time.sinceAt, { time: toClock(time) })
  if (away === 1) return fill(words.time.sinceYesterdayAt, { time: toClock(time) })
  return fill(words.time.sinceOn, { time: toPlainDay(time, now) })
}
