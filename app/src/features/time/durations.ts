// A stretch of time in words of the language that is spoken.

import { formats } from './formats.ts'

const UNITS = [
  [604_800, 'week'],
  [86_400, 'day'],
  [3_600, 'hour'],
  [60, 'minute'],
] as const

/** So many seconds in the largest unit that says them whole. */
export const toDuration = (seconds: number): string => {
  const [size, unit] = UNITS.find(([each]) => seconds > 0 && seconds % each === 0) ?? [1, 'second']
  return new Intl.NumberFormat(formats.value.dates, { style: 'unit', unit, unitDisplay: 'long' }).format(seconds / size)
}
