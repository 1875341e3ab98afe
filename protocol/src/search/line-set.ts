// Some of a segment's lines by their numbers, a bit for each: four kilobytes for the largest segment, whatever is looked for.

export class LineSet {
  private readonly bits: Uint8Array
  size = 0

  /** `lines`: how many numbers there are. */
  constructor(lines: number) {
    this.bits = new Uint8Array(Math.ceil(lines / 8))
  }

  /** Ascending, from `from` on and before `to`. */
  *between(from: number, to: number): Generator<number> {
    for (let number = from; number < Math.min(to, 8 * this.bits.length); number++) {
      if ((number & 7) === 0 && this.bits[number >> 3] === 0) number += 7
      else if (this.has(number)) yield number
    }
  }

  /** A number that is too large is none of this segment's, and is left out. */
  readonly add = (number: number): void => {
    if (this.has(number) || number >= 8 * this.bits.length) return
    this.bits[number >> 3] = (this.bits[number >> 3] ?? 0) | (1 << (number & 7))
    this.size += 1
  }

  readonly has = (number: number): boolean => ((this.bits[number >> 3] ?? 0) & (1 << (number & 7))) !== 0
}
