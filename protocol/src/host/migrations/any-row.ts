// How the engine's own records become the bytes of store rows: lib0's self-describing encoding, with Maps and Sets marked.
// Only bytes that this device wrote and sealed are read here; what comes from outside goes through the codecs of wire/.

import * as decoding from 'lib0/decoding'
import * as encoding from 'lib0/encoding'

const MAP = 'map'
const SET = 'set'

/** Bytes of plain data: objects, arrays, Maps, Sets, Uint8Arrays, texts, numbers, booleans, undefined. */
export const encodeRow = (value: unknown): Uint8Array => encoding.encode((encoder) => encoding.writeAny(encoder, mark(value)))

/** The value of {@link encodeRow}'s bytes. The caller vouches for the type: the row was written by this version or migrated to it. */
export const decodeRow = <T>(bytes: Uint8Array): T => unmark(decoding.readAny(decoding.createDecoder(bytes))) as T

type Any = Parameters<typeof encoding.writeAny>[1]

function mark(value: unknown): Any {
  if (value instanceof Uint8Array || value === null || typeof value !== 'object') return value as Any
  if (Array.isArray(value)) return value.map(mark) as Any
  if (value instanceof Map) return { $: MAP, v: Array.from(value, ([key, item]) => [mark(key), mark(item)]) } as Any
  if (value instanceof Set) return { $: SET, v: Array.from(value, mark) } as Any
  return mapFields(value, mark) as Any
}

function unmark(value: unknown): unknown {
  if (value instanceof Uint8Array || value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map(unmark)
  const record = value as { readonly $?: unknown; readonly v?: readonly unknown[] }
  if (record.$ === MAP)
    return new Map((record.v as readonly (readonly [unknown, unknown])[]).map(([key, item]) => [unmark(key), unmark(item)]))
  if (record.$ === SET) return new Set((record.v ?? []).map(unmark))
  return mapFields(value, unmark)
}

// A loop: rows are written with every commit, and pairs of names and values would cost more than all the rest.
function mapFields(value: object, change: (item: unknown) => unknown): Readonly<Record<string, unknown>> {
  const changed: Record<string, unknown> = {}
  for (const [key, item] of Object.entries(value)) changed[key] = change(item)
  return changed
}
