// Small numbers in few bytes: seven bits in each, the lowest first, and the high bit where another one follows. The codecs of what travels have fixed
// widths, and one way to say each thing; a block of the index is nobody's but this device's, and its size is what counts.

import { DecodeError } from '../bytes/codec.ts'
import { RICE_WIDTH_MAX } from './limits.ts'

/** Grows as needed. */
export class PackedWriter {
  private room = new Uint8Array(1_024)
  length = 0

  byte(value: number): void {
    if (this.length === this.room.length) this.grow(1)
    this.room[this.length++] = value
  }

  /** A whole number from 0 on. */
  number(value: number): void {
    let rest = value
    while (rest >= 0x80) {
      this.byte((rest % 0x80) | 0x80)
      rest = Math.floor(rest / 0x80)
    }
    this.byte(rest)
  }

  /** A whole number, smaller ones of either sign in fewer bytes. */
  signed(value: number): void {
    this.number(value < 0 ? -2 * value - 1 : 2 * value)
  }

  /**
   * Whole numbers from 0 on, of which most are not far from the mean: of each the lowest bits, and before them the rest, counted in ones (Rice, 1979). Begins with a
   * byte that says how many bits are the lowest, and ends with its last byte filled up.
   */
  rice(values: readonly number[]): void {
    const width = riceWidth(values)
    this.byte(width)
    let [held, room] = [0, 8]
    const bit = (is: number): void => {
      held = held * 2 + is
      room -= 1
      if (room > 0) return
      this.byte(held)
      ;[held, room] = [0, 8]
    }
    for (const value of values) {
      for (let rest = value >>> width; rest > 0; rest -= 1) bit(1)
      bit(0)
      for (let at = width - 1; at >= 0; at -= 1) bit((value >>> at) & 1)
    }
    if (room < 8) this.byte(held << room)
  }

  put(part: Uint8Array): void {
    if (this.length + part.length > this.room.length) this.grow(part.length)
    this.room.set(part, this.length)
    this.length += part.length
  }

  bytes(): Uint8Array {
    return this.room.slice(0, this.length)
  }

  clear(): void {
    this.room.fill(0, 0, this.length)
    this.length = 0
  }

  private grow(by: number): void {
    const room = new Uint8Array(2 * this.room.length + by)
    room.set(this.room)
    this.room = room
  }
}

/** Bits with which all of it takes about the least: the mean, times the logarithm of two. */
function riceWidth(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  return Math.min(RICE_WIDTH_MAX, Math.max(0, Math.round(Math.log2(mean * Math.LN2))))
}

/** Each read throws {@link DecodeError} at the end of the bytes. */
export class PackedReader {
  private readonly bytes: Uint8Array
  at = 0

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
  }

  isAtEnd(): boolean {
    return this.at >= this.bytes.length
  }

  byte(): number {
    const value = this.bytes[this.at]
    if (value === undefined) throw new DecodeError('a block ends too early')
    this.at += 1
    return value
  }

  number(): number {
    let value = 0
    for (let scale = 1; scale <= 2 ** 49; scale *= 0x80) {
      const byte = this.byte()
      value += (byte & 0x7f) * scale
      if (byte < 0x80) return value
    }
    throw new DecodeError('a number is too long')
  }

  signed(): number {
    const value = this.number()
    return value % 2 === 1 ? -(value + 1) / 2 : value / 2
  }

  /** So many, as `rice` wrote them. */
  rice(count: number): readonly number[] {
    const width = this.byte()
    if (width > RICE_WIDTH_MAX) throw new DecodeError('a number is too wide')
    let [held, left] = [0, 0]
    const bit = (): number => {
      if (left === 0) [held, left] = [this.byte(), 8]
      left -= 1
      return (held >>> left) & 1
    }
    const values: number[] = []
    while (values.length < count) {
      let value = 0
      while (bit() === 1) value += 1
      for (let at = 0; at < width; at += 1) value = value * 2 + bit()
      values.push(value)
    }
    return values
  }

  take(length: number): Uint8Array {
    const end = this.at + length
    if (end > this.bytes.length) throw new DecodeError('a block ends too early')
    const part = this.bytes.subarray(this.at, end)
    this.at = end
    return part
  }
}
