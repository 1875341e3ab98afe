// One seed, one world: every choice and every random byte of a simulation comes from here.

export type Seeded = {
  /** A number in [0, 1). */
  readonly next: () => number
  /** A whole number from `from` to `to`, both included. */
  readonly whole: (from: number, to: number) => number
  /** True with this probability. */
  readonly chance: (probability: number) => boolean
  readonly bytes: (length: number) => Uint8Array
  /** An independent stream, so that one part of the world does not shift another's luck. */
  readonly fork: () => Seeded
}

/** A small, fast generator (mulberry32); good enough for luck, never for keys outside a simulation. */
export function createSeeded(seed: number): Seeded {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  return {
    next,
    whole: (from, to) => from + Math.floor(next() * (to - from + 1)),
    chance: (probability) => next() < probability,
    bytes: (length) => Uint8Array.from({ length }, () => Math.floor(next() * 256)),
    fork: () => createSeeded(Math.floor(next() * 4_294_967_296)),
  }
}
