// Points in time and what is waited for.

/** A time to wait for; see {@link hasPassed}. */
export type Wait = { readonly since: number; readonly ms: number }

/** A point in time that remembers what was asked of it: until then every answer stays as it was, ms. */
export type Moment = { readonly now: number; until: number }

export const momentAt = (now: number): Moment => ({ now, until: Infinity })

/** True once `ms` have gone by. A clock that was put back makes nobody wait for the old time to come again. */
export function hasPassed({ since, ms }: Wait, at: number | Moment): boolean {
  const now = typeof at === 'number' ? at : at.now
  if (now < since || now - since >= ms) return true
  if (typeof at !== 'number') at.until = Math.min(at.until, since + ms)
  return false
}

/** How often `ms` have gone by since then; a negative number where the clock was put back behind that. */
export function timesPassed({ since, ms }: Wait, at: Moment): number {
  const times = Math.floor((at.now - since) / ms)
  at.until = Math.min(at.until, since + (times + 1) * ms)
  return times
}

/** True before the time `end`, ms. */
export function isBefore(end: number, at: Moment): boolean {
  if (at.now >= end) return false
  at.until = Math.min(at.until, end)
  return true
}
