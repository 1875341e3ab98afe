// Reads a Yjs update (format v1) without trusting it (docs/protocol.md §10.1). Yjs's own decoder believes lengths and counts, and
// builds what it reads; this one only describes what is there, in time linear in the bytes, and knows one encoding for each number.

import { DecodeError, Reader } from '../bytes/codec.ts'
import { DOCUMENT_UPDATE_BYTES_MAX } from '../limits.ts'
import { CLIENT_MAX, DOCUMENT_CLOCK_MAX, KEY_LENGTH_MAX, VALUE_NESTING_MAX } from './limits.ts'
import { blockOf, clockOf, idOf, lengthOf, many, textOf, varUint } from './parts.ts'
import type { StructId } from './parts.ts'

export const CONTENTS = ['gc', 'deleted', 'json', 'binary', 'string', 'embed', 'format', 'type', 'any', 'doc', 'skip'] as const
export type ContentKind = (typeof CONTENTS)[number]

export type Struct = {
  readonly clock: number
  readonly length: number
  readonly content: ContentKind
  readonly origin: StructId | undefined
  readonly rightOrigin: StructId | undefined
  /** Where an item without origins belongs; undefined where that follows from the origins. */
  readonly parent: { readonly kind: 'root'; readonly name: string } | { readonly kind: 'type'; readonly id: StructId } | undefined
  /** Key, where the parent is a map. */
  readonly key: string | undefined
  /** What the plain values are. */
  readonly values: readonly Value[]
}

/** A plain value as far as admission asks: its type, and what it says where it is a text. */
export type Value =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'undefined' | 'null' | 'boolean' | 'number' | 'bigint' | 'object' | 'list' | 'bytes' }
export type ValueType = Value['type']

export type Deletion = StructId & { readonly length: number }

export type Update = {
  readonly structs: readonly { readonly client: number; readonly structs: readonly Struct[] }[]
  readonly deletions: readonly Deletion[]
}

/** What `bytes` say, or undefined when they are no update, or a longer or stranger one than anybody needs. `bytesMax`: of one that is whole. */
export function readUpdate(bytes: Uint8Array, bytesMax = DOCUMENT_UPDATE_BYTES_MAX): Update | undefined {
  if (bytes.length > bytesMax) return undefined
  const reader = new Reader(bytes)
  try {
    const structs = many(reader, () => readClient(reader))
    const deletions = many(reader, () => readDeletions(reader)).flat()
    return reader.at === bytes.length ? { structs, deletions } : undefined
  } catch (error) {
    if (error instanceof DecodeError) return undefined
    throw error
  }
}

const ORIGIN = 0x80
const RIGHT_ORIGIN = 0x40
const KEY = 0x20
const CONTENT = 0x1f

function readClient(reader: Reader): Update['structs'][number] {
  const count = varUint(reader, reader.bytes.length + 1)
  const client = varUint(reader, CLIENT_MAX)
  let clock = clockOf(reader)
  const structs: Struct[] = []
  for (let i = 0; i < count; i++) {
    const struct = readStruct(reader, clock)
    structs.push(struct)
    clock += struct.length
    if (clock >= DOCUMENT_CLOCK_MAX) throw new DecodeError('a clock out of range')
  }
  return { client, structs }
}

function readStruct(reader: Reader, clock: number): Struct {
  const flags = reader.uint(1)
  const content = CONTENTS[flags & CONTENT]
  if (content === undefined) throw new DecodeError('an unknown content')
  if (content === 'gc' || content === 'skip') {
    return {
      clock,
      length: lengthOf(reader),
      content,
      origin: undefined,
      rightOrigin: undefined,
      parent: undefined,
      key: undefined,
      values: [],
    }
  }
  const origin = (flags & ORIGIN) > 0 ? idOf(reader) : undefined
  const rightOrigin = (flags & RIGHT_ORIGIN) > 0 ? idOf(reader) : undefined
  const isPlaced = origin !== undefined || rightOrigin !== undefined
  const parent = isPlaced ? undefined : readParent(reader)
  const key = !isPlaced && (flags & KEY) > 0 ? textOf(reader) : undefined
  if (key !== undefined && key.length > KEY_LENGTH_MAX) throw new DecodeError('a key is too long')
  return { clock, content, origin, rightOrigin, parent, key, ...readContent(reader, content) }
}

function readParent(reader: Reader): NonNullable<Struct['parent']> {
  return varUint(reader, 2) === 1 ? { kind: 'root', name: textOf(reader) } : { kind: 'type', id: idOf(reader) }
}

type Body = Pick<Struct, 'length' | 'values'>
const one: Body = { length: 1, values: [] }

function readContent(reader: Reader, content: Exclude<ContentKind, 'gc' | 'skip'>): Body {
  switch (content) {
    case 'deleted':
      return { length: lengthOf(reader), values: [] }
    case 'json':
      return { length: notEmpty(many(reader, () => skipJson(reader, 'undefined')).length), values: [] }
    case 'binary':
      blockOf(reader)
      return one
    case 'string':
      return { length: notEmpty(textOf(reader).length), values: [] }
    case 'embed':
      skipJson(reader)
      return one
    case 'format':
      textOf(reader)
      skipJson(reader)
      return one
    case 'type':
      varUint(reader, TYPES)
      return one
    case 'any': {
      const values = many(reader, () => readValue(reader, 0))
      return { length: notEmpty(values.length), values }
    }
    case 'doc':
      textOf(reader)
      readValue(reader, 0)
      return one
  }
}

const notEmpty = (length: number): number => {
  if (length === 0) throw new DecodeError('an empty struct')
  return length
}

/** Array, map and text. Those of XML are in no document of ours, and what ships of Yjs cannot read them. */
const TYPES = 3

// By these an object is taken for another kind of thing, by Yjs too.
const NO_KEYS: readonly string[] = ['__proto__', 'constructor']

/** Walks over one plain value and says what it is. */
function readValue(reader: Reader, nesting: number): Value {
  if (nesting > VALUE_NESTING_MAX) throw new DecodeError('a value is nested too deep')
  const kind = reader.uint(1)
  switch (kind) {
    case 127:
      return { type: 'undefined' }
    case 126:
      return { type: 'null' }
    case 125:
      skipInteger(reader)
      return { type: 'number' }
    case 124: // float32
      reader.take(4)
      return { type: 'number' }
    case 123: // float64
      reader.take(8)
      return { type: 'number' }
    case 122:
      reader.take(8)
      return { type: 'bigint' }
    case 121: // false
    case 120: // true
      return { type: 'boolean' }
    case 119:
      return { type: 'text', text: textOf(reader) }
    case 118:
      many(reader, () => {
        if (NO_KEYS.includes(textOf(reader))) throw new DecodeError('a key that is no key')
        readValue(reader, nesting + 1)
      })
      return { type: 'object' }
    case 117:
      many(reader, () => readValue(reader, nesting + 1))
      return { type: 'list' }
    case 116:
      blockOf(reader)
      return { type: 'bytes' }
    default:
      throw new DecodeError('an unknown value')
  }
}

// Yjs throws at what is no JSON, so it must not get that far.
function skipJson(reader: Reader, otherwise?: string): void {
  const text = textOf(reader)
  if (text === otherwise) return
  try {
    JSON.parse(text)
  } catch {
    throw new DecodeError('not a JSON text')
  }
}

// A signed integer: six bits in the first byte, seven in each other one. At most 53 bits.
function skipInteger(reader: Reader): void {
  for (let bytes = 1; reader.uint(1) >= 128; bytes++) if (bytes >= 8) throw new DecodeError('a number out of range')
}

function readDeletions(reader: Reader): readonly Deletion[] {
  const client = varUint(reader, CLIENT_MAX)
  return many(reader, () => {
    const clock = clockOf(reader)
    return { client, clock, length: lengthOf(reader) }
  })
}
