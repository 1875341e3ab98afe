// How long a recording is, as the clocks of players show it.

/** Minutes and seconds, as clocks of players show them. */
export function toClockText(ms: number): string {
  const seconds = Math.floor(ms / 1_000)
  const rest = String(seconds % 60).padStart(2, '0')
  const minutes = Math.floor(seconds / 60)
  return minutes < 60 ? `${minutes}:${rest}` : `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}:${rest}`
}
