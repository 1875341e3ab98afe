// One thing plays at a time, wherever it is; and where each stopped is remembered for as long as the page lives.

type Playing = { readonly pause: () => void }

let now: Playing | undefined

/** Whatever plays falls silent, unless it is this. */
export function playAlone(one: Playing): void {
  if (now !== one) now?.pause()
  now = one
}

/** ms, by the place of the file. */
export const stoppedAt = new Map<string, number>()
