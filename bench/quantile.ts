// One number out of many, rounded for reading.

/** The value below which the share `part` of all values lies, in tenths. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  const value = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? NaN
  return Math.round(value * 10) / 10
}
