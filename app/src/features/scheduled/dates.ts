// When a message may go out: what is offered, what is picked by hand, and how either is said.

import { dayOf, formats, toClock } from '../time/index.ts'
import { fill } from '../words.ts'
import { scheduledWords } from '../scheduled-words.ts'

const EVENING_HOUR = 18
const MORNING_HOUR = 9
/** Nobody means an evening that begins in a moment. */
const SOON_MS = 30 * 60_000
const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000

const at = (now: number, days: number, hour: number): number => {
  const date = new Date(now)
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + days, hour).getTime()
}

type Choice = { readonly kind: 'evening' | 'morning'; readonly time: number }

/** In the reader's own day, whatever changes of the clock lie between. */
export const choicesAt = (now: number): readonly Choice[] => {
  const evening = at(now, 0, EVENING_HOUR)
  const morning = { kind: 'morning', time: at(now, 1, MORNING_HOUR) } as const
  return evening - now < SOON_MS ? [morning] : [{ kind: 'evening', time: evening }, morning]
}

/** The next full hour, an hour from now at the earliest. */
export const firstPicked = (now: number): number => Math.ceil((now + HOUR_MS) / HOUR_MS) * HOUR_MS

/** As a field for dates and times has it: in the reader's own time zone, without one. */
export const toField = (time: number): string => {
  const local = time - new Date(time).getTimezoneOffset() * MINUTE_MS
  return new Date(local).toISOString().slice(0, 'yyyy-mm-ddThh:mm'.length)
}

/** Undefined for a field in which no time stands. */
export const fromField = (value: string): number | undefined => {
  const time = new Date(value).getTime()
  return Number.isNaN(time) ? undefined : time
}

/** In a sentence: “tomorrow at 9:00”. */
export const toFuture = (time: number, now: number): string => {
  const away = dayOf(time) - dayOf(now)
  const clock = toClock(time)
  if (away === 0) return fill(scheduledWords.at.today, { time: clock })
  if (away === 1) return fill(scheduledWords.at.tomorrow, { time: clock })
  const isThisYear = new Date(time).getFullYear() === new Date(now).getFullYear()
  const { longDay, longYear } = formats.value
  return fill(scheduledWords.at.day, { day: (isThisYear ? longDay : longYear).format(time), time: clock })
}
