// Small numbers in few bytes: seven bits in each, the lowest first, and the high bit where another one follows. The codecs of what travels have fixed
// widths, and one way to say each thing; a block of the index is nobody's but this device's, and its size is what counts.

import { DecodeError } from '../bytes/codec.ts'

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

  take(length: number): Uint8Array {
    const end = this.at + length
    if (end > this.bytes.length) throw new DecodeError('a block ends too early')
    const part = this.bytes.subarray(this.at, end)
    this.at = end
    return part
  }
}
