// Sound and film that a recorder wrote as it went do not say how long they are, and cannot be sought in until all of it was looked through.

/** Far behind any end. */
const BEYOND_S = 1e6

/** Resolves when it can be played from anywhere, or never can: `error` says so. */
export async function untilSeekable(media: HTMLMediaElement): Promise<void> {
  await heard(media, 'loadedmetadata', () => media.readyState > 0)
  if (Number.isFinite(media.duration) || media.error !== null) return
  const found = heard(media, 'durationchange', () => Number.isFinite(media.duration))
  media.currentTime = BEYOND_S
  await found
  const back = heard(media, 'seeked')
  media.currentTime = 0
  await back
}

/** Resolves with this event, or the next error; at once where it is so already. */
export const heard = (media: HTMLMediaElement, event: string, isSo = () => false): Promise<void> =>
  new Promise((resolve) => {
    if (isSo() || media.error !== null) return resolve()
    for (const name of [event, 'error']) media.addEventListener(name, () => resolve(), { once: true })
  })
