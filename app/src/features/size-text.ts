// Bytes in words: three digits at most, in thousands, as systems show the sizes of files.

import { formats } from './time/index.ts'

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const

export function toSizeText(bytes: number): string {
  const step = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3))
  const value = bytes / 1_000 ** step
  const maximumFractionDigits = step > 0 && value < 10 ? 1 : 0
  return new Intl.NumberFormat(formats.value.dates, { style: 'unit', unit: UNITS[step] ?? 'byte', maximumFractionDigits }).format(value)
}

export const toPercent = (done: number, all: number): string =>
  new Intl.NumberFormat(formats.value.dates, { style: 'percent' }).format(all === 0 ? 1 : Math.min(1, done / all))
