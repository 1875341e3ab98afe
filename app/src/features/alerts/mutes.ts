// For how long a chat can be muted by one choice.

export const MUTES = ['hour', 'eight', 'tomorrow'] as const
export type Mute = (typeof MUTES)[number]

const HOUR_MS = 3_600_000
/** When tomorrow begins, by the clock of the place. */
const MORNING = 8

/** Until when, ms. */
export const muteUntil = (mute: Mute, now: number): number => {
  if (mute !== 'tomorrow') return now + (mute === 'hour' ? 1 : 8) * HOUR_MS
  const morning = new Date(now)
  morning.setDate(morning.getDate() + 1)
  return morning.setHours(MORNING, 0, 0, 0)
}
