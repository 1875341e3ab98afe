// The parts of a Yjs update that have one form only here: numbers, ids, blocks and texts (docs/protocol.md §10.1).

import { parseUtf8 } from '../bytes/bytes.ts'
import { DecodeError } from '../bytes/codec.ts'
import { DOCUMENT_UPDATE_BYTES_MAX } from '../limits.ts'
import { CLIENT_MAX, DOCUMENT_CLOCK_MAX } from './limits.ts'
import type { Reader } from '../bytes/codec.ts'

/** A character, value or type in a document: the place of its birth. */
export type StructId = { readonly client: number; readonly clock: number }

/** A number in groups of seven bits, smallest first; the one shortest form only. */
export function varUint(reader: Reader, below: number): number {
  let value = 0
  for (let scale = 1; ; scale *= 128) {
    const byte = reader.uint(1)
    value += (byte & 127) * scale
    if (value >= below) throw new DecodeError('a number out of range')
    if (byte < 128) {
      if (byte === 0 && scale > 1) throw new DecodeError('a number in a longer form')
      return value
    }
    if (scale > below) throw new DecodeError('a number out of range')
  }
}

export const clockOf = (reader: Reader): number => varUint(reader, DOCUMENT_CLOCK_MAX)
export const lengthOf = (reader: Reader): number => {
  const length = varUint(reader, DOCUMENT_CLOCK_MAX)
  if (length === 0) throw new DecodeError('an empty struct')
  return length
}

export const idOf = (reader: Reader): StructId => ({ client: varUint(reader, CLIENT_MAX), clock: clockOf(reader) })

export const blockOf = (reader: Reader): Uint8Array => reader.take(varUint(reader, DOCUMENT_UPDATE_BYTES_MAX + 1))

export function textOf(reader: Reader): string {
  const text = parseUtf8(blockOf(reader))
  if (text === undefined) throw new DecodeError('not a UTF-8 text')
  return text
}

// Every item costs at least one byte, so the count cannot be larger than what is left.
export function many<T>(reader: Reader, one: () => T): readonly T[] {
  const count = varUint(reader, reader.bytes.length + 1)
  const items: T[] = []
  for (let i = 0; i < count; i++) items.push(one())
  return items
}
