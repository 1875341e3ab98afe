// Codec combinators: the one way in which Kith turns typed values into bytes and back (docs/protocol.md §1).
// Integers are big-endian. Every encoding is canonical: decode(encode(v)) = v, and no other bytes decode to v.

import { WRITER_BYTES_KEPT } from '../limits.ts'
import { hexOf, parseUtf8, utf8ToBytes } from './bytes.ts'

/** Bytes from outside did not follow the grammar. The message names the place, never the content. */
export class DecodeError extends Error {
  override readonly name = 'DecodeError'
  readonly code = 'malformed'
}

/** Reads forward over one byte string; each read throws {@link DecodeError} at the end of the bytes. */
export class Reader {
  readonly bytes: Uint8Array
  at = 0

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
  }

  /** Goes on behind `length` bytes; the result is where they begin. */
  skip(length: number): number {
    const from = this.at
    if (from + length > this.bytes.length) throw new DecodeError('the bytes end too early')
    this.at = from + length
    return from
  }

  take(length: number): Uint8Array {
    const from = this.skip(length)
    return this.bytes.slice(from, from + length)
  }

  uint(size: number): number {
    let value = 0
    for (let at = this.skip(size); at < this.at; at += 1) value = value * 256 + (this.bytes[at] as number)
    return value
  }
}

/** What an encoding begins with. */
const WRITER_BYTES = 1_024

/** Collects an encoding; `bytes()` gives it, once. */
export class Writer {
  private buffer = new Uint8Array(WRITER_BYTES)
  private length = 0

  put(part: Uint8Array): void {
    const at = this.extend(part.length)
    this.buffer.set(part, at)
  }

  uint(size: number, value: number): void {
    if (!Number.isSafeInteger(value) || value < 0 || value >= 256 ** size) throw new RangeError(`${value} does not fit ${size} bytes`)
    const from = this.extend(size)
    let rest = value
    for (let at = from + size - 1; at >= from; at -= 1) {
      this.buffer[at] = rest % 256
      rest = Math.floor(rest / 256)
    }
  }

  /** The bytes of `length` that a hex text names. */
  hex(length: number, text: string): void {
    if (text.length !== 2 * length) throw new RangeError(`${text.length} digits where ${2 * length} belong`)
    let at = this.extend(length)
    for (let digit = 0; digit < text.length; digit += 2) this.buffer[at++] = digitAt(text, digit) * 16 + digitAt(text, digit + 1)
  }

  bytes(): Uint8Array {
    const all = this.buffer.slice(0, this.length)
    // Nothing of it stays here: what is written may be a secret.
    if (this.buffer.length > WRITER_BYTES_KEPT) this.buffer = new Uint8Array(WRITER_BYTES)
    else this.buffer.fill(0, 0, this.length)
    this.length = 0
    return all
  }

  private extend(by: number): number {
    const from = this.length
    this.length += by
    if (this.length > this.buffer.length) {
      const larger = new Uint8Array(Math.max(2 * this.buffer.length, this.length))
      larger.set(this.buffer)
      this.buffer = larger
    }
    return from
  }
}

/** The value of a lower-case hex digit. */
function digitAt(text: string, at: number): number {
  const code = text.charCodeAt(at)
  const value = code >= LETTER_A ? code - LETTER_A + 10 : code - DIGIT_ZERO
  if (!(value >= 0 && value < 16) || (code > DIGIT_NINE && code < LETTER_A)) throw new RangeError('not a hex text')
  return value
}
const DIGIT_ZERO = '0'.charCodeAt(0)
const DIGIT_NINE = '9'.charCodeAt(0)
const LETTER_A = 'a'.charCodeAt(0)

export type Codec<T> = {
  readonly write: (writer: Writer, value: T) => void
  readonly read: (reader: Reader) => T
}

/** The type that a codec carries. */
export type Decoded<C> = C extends Codec<infer T> ? T : never

/** One for each encoding that is made within another. One that was left halfway is not used again. */
const idle: Writer[] = []

export function encode<T>(codec: Pick<Codec<T>, 'write'>, value: T): Uint8Array {
  const writer = idle.pop() ?? new Writer()
  codec.write(writer, value)
  const encoded = writer.bytes()
  idle.push(writer)
  return encoded
}

/** The value that `bytes` encode, all of them. Throws {@link DecodeError} only. */
export function decode<T>(codec: Codec<T>, bytes: Uint8Array): T {
  const reader = new Reader(bytes)
  const value = codec.read(reader)
  if (reader.at !== bytes.length) throw new DecodeError('bytes are left over')
  return value
}

/** Like {@link decode}, with undefined where the bytes do not follow the grammar. */
export function tryDecode<T>(codec: Codec<T>, bytes: Uint8Array): T | undefined {
  try {
    return decode(codec, bytes)
  } catch (error) {
    if (error instanceof DecodeError) return undefined
    throw error
  }
}

const uint = (size: number): Codec<number> => ({
  write: (writer, value) => writer.uint(size, value),
  read: (reader) => reader.uint(size),
})

export const u8 = uint(1)
export const u16 = uint(2)
export const u32 = uint(4)
/** Milliseconds since 1970 and other counts up to 2^48 − 1. */
export const u48 = uint(6)
/** Any whole number that JavaScript can tell from the next. */
export const u56: Codec<number> = {
  write: uint(7).write,
  read: (reader) => {
    const value = reader.uint(7)
    if (!Number.isSafeInteger(value)) throw new DecodeError('a number that JavaScript cannot tell from the next')
    return value
  },
}

/** Exactly `length` bytes. */
export const fixed = (length: number): Codec<Uint8Array> => ({
  write: (writer, value) => {
    if (value.length !== length) throw new RangeError(`${value.length} bytes where ${length} belong`)
    writer.put(value)
  },
  read: (reader) => reader.take(length),
})

/** Exactly `length` bytes as lower-case hex. */
export const hex = <T extends string = string>(length: number): Codec<T> => ({
  write: (writer, value) => writer.hex(length, value),
  read: (reader) => {
    const from = reader.skip(length)
    return hexOf(reader.bytes, from, from + length) as T
  },
})

/** The same, of what is often the very text that was read before: that one is given again. */
export const repeatedHex = <T extends string = string>(length: number): Codec<T> => {
  const { write, read } = hex<T>(length)
  const lastBytes = new Uint8Array(length)
  let last = '00'.repeat(length) as T
  return {
    write,
    read: (reader) => {
      const { bytes, at: from } = reader
      let at = 0
      while (at < length && bytes[from + at] === lastBytes[at]) at += 1
      if (at === length) {
        reader.skip(length)
        return last
      }
      last = read(reader)
      lastBytes.set(bytes.subarray(from, from + length))
      return last
    },
  }
}

const lengthCodec = (max: number): Codec<number> => (max < 256 ? u8 : max < 65_536 ? u16 : u32)

/** A length (u8, u16 or u32, the smallest that holds `max`), then at most `max` bytes. */
export const bytes = (max: number): Codec<Uint8Array> => {
  const length = lengthCodec(max)
  return {
    write: (writer, value) => {
      if (value.length > max) throw new RangeError(`${value.length} bytes where at most ${max} belong`)
      length.write(writer, value.length)
      writer.put(value)
    },
    read: (reader) => {
      const size = length.read(reader)
      if (size > max) throw new DecodeError(`more than ${max} bytes`)
      return reader.take(size)
    },
  }
}

/** The same bytes, read as a part of those that they came in, which must not change after that. */
export const sharedBytes = (max: number): Codec<Uint8Array> => ({
  write: bytes(max).write,
  read: (reader) => {
    const size = lengthCodec(max).read(reader)
    if (size > max) throw new DecodeError(`more than ${max} bytes`)
    const from = reader.skip(size)
    return reader.bytes.subarray(from, from + size)
  },
})

/** Well-formed UTF-8 of at most `max` bytes. */
export const text = (max: number): Codec<string> => {
  const inner = bytes(max)
  return {
    write: (writer, value) => inner.write(writer, utf8ToBytes(value)),
    read: (reader) => {
      const value = parseUtf8(inner.read(reader))
      if (value === undefined) throw new DecodeError('not a UTF-8 text')
      return value
    },
  }
}

/** A count, then that many values. */
export const list = <T>(item: Codec<T>, max: number): Codec<readonly T[]> => {
  const count = lengthCodec(max)
  return {
    write: (writer, values) => {
      if (values.length > max) throw new RangeError(`${values.length} items where at most ${max} belong`)
      count.write(writer, values.length)
      for (const value of values) item.write(writer, value)
    },
    read: (reader) => {
      const size = count.read(reader)
      if (size > max) throw new DecodeError(`more than ${max} items`)
      const values: T[] = []
      for (let i = 0; i < size; i++) values.push(item.read(reader))
      return values
    },
  }
}

/** 0 for false, 1 for true. */
export const flag: Codec<boolean> = {
  write: (writer, value) => writer.uint(1, value ? 1 : 0),
  read: (reader) => {
    const value = reader.uint(1)
    if (value > 1) throw new DecodeError('a flag is neither 0 nor 1')
    return value === 1
  },
}

/** 0, or 1 and the value. */
export const optional = <T>(item: Codec<T>): Codec<T | undefined> => ({
  write: (writer, value) => {
    flag.write(writer, value !== undefined)
    if (value !== undefined) item.write(writer, value)
  },
  read: (reader) => (flag.read(reader) ? item.read(reader) : undefined),
})

/** A byte 1 behind everything else where `name` is true, and nothing where it is not: for rows that older versions wrote without it. */
export const marked = <T extends object, K extends string>(inner: Codec<T>, name: K): Codec<T & { readonly [key in K]?: boolean }> => ({
  write: (writer, value) => {
    inner.write(writer, value)
    if (value[name] === true) writer.uint(1, 1)
  },
  read: (reader) => {
    const value = inner.read(reader)
    if (reader.at === reader.bytes.length) return value
    if (reader.uint(1) !== 1) throw new DecodeError('a mark is not 1')
    return { ...value, [name]: true }
  },
})

/** Maps a codec to another type; `from` may throw {@link DecodeError}. */
export const mapped = <A, B>(inner: Codec<A>, from: (value: A) => B, to: (value: B) => A): Codec<B> => ({
  write: (writer, value) => inner.write(writer, to(value)),
  read: (reader) => from(inner.read(reader)),
})

/** One of a few words, as its place in the list (u8). */
export const oneOf = <T extends string>(words: readonly T[]): Codec<T> =>
  mapped(
    u8,
    (value) => {
      const word = words[value]
      if (word === undefined) throw new DecodeError('an unknown word')
      return word
    },
    (word) => words.indexOf(word),
  )

/** The fields in the order in which they are named. */
export const struct = <T extends Record<string, unknown>>(fields: { readonly [K in keyof T]: Codec<T[K]> }): Codec<T> => {
  const names: readonly (keyof T)[] = Object.keys(fields)
  const codecs = names.map((name) => fields[name])
  // Copied for each value, so that all of them are of one shape from the first field on.
  const blank: Partial<T> = {}
  for (const name of names) blank[name] = undefined
  return {
    write: (writer, value) => {
      for (let at = 0; at < names.length; at += 1) (codecs[at] as Codec<unknown>).write(writer, value[names[at] as keyof T])
    },
    read: (reader) => {
      const value: Partial<T> = { ...blank }
      for (let at = 0; at < names.length; at += 1) value[names[at] as keyof T] = (codecs[at] as Codec<T[keyof T]>).read(reader)
      return value as T
    },
  }
}

/** A tag byte, then the fields of that variant. Values are objects with `kind`. */
export const union = <T extends { readonly kind: string }>(variants: {
  readonly [K in T['kind']]: readonly [tag: number, codec: Codec<Omit<Extract<T, { kind: K }>, 'kind'>>]
}): Codec<T> => {
  const entries = Object.entries(variants) as [T['kind'], readonly [number, Codec<object>]][]
  const byTag = new Map(entries.map(([kind, [tag, codec]]) => [tag, { kind, codec }]))
  return {
    write: (writer, value) => {
      const [tag, codec] = (variants as unknown as Record<string, readonly [number, Codec<object>]>)[value.kind] as readonly [
        number,
        Codec<object>,
      ]
      writer.uint(1, tag)
      codec.write(writer, value)
    },
    read: (reader) => {
      const variant = byTag.get(reader.uint(1))
      if (variant === undefined) throw new DecodeError('an unknown kind')
      return { kind: variant.kind, ...variant.codec.read(reader) } as unknown as T
    },
  }
}

/** No bytes: a variant without fields. */
export const nothing: Codec<object> = { write: () => {}, read: () => ({}) }
