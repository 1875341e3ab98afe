// The little of Protocol Buffers that Signal and Olm messages need: varints and byte fields.

export type ProtobufFields = ReadonlyMap<number, number | Uint8Array>

export function writeProtobuf(fields: readonly (readonly [field: number, value: number | Uint8Array])[]): Uint8Array {
  const out: number[] = []
  for (const [field, value] of fields) {
    if (typeof value === 'number') out.push(field << 3, ...varint(value))
    else out.push((field << 3) | 2, ...varint(value.length), ...value)
  }
  return Uint8Array.from(out)
}

/** The fields, or undefined when the bytes are something else. */
export function readProtobuf(bytes: Uint8Array): ProtobufFields | undefined {
  const fields = new Map<number, number | Uint8Array>()
  let at = 0
  const readVarint = (): number => {
    let value = 0
    for (let factor = 1; ; factor *= 128) {
      const byte = bytes[at++]
      if (byte === undefined) throw new RangeError('a cut varint')
      value += (byte & 127) * factor
      if (byte < 128) return value
    }
  }
  while (at < bytes.length) {
    const tag = readVarint()
    if ((tag & 7) === 0) fields.set(tag >> 3, readVarint())
    else if ((tag & 7) === 2) {
      const length = readVarint()
      fields.set(tag >> 3, bytes.slice(at, at + length))
      at += length
    } else return undefined
  }
  return fields
}

export function bytesField(fields: ProtobufFields, field: number): Uint8Array {
  const value = fields.get(field)
  if (!(value instanceof Uint8Array)) throw new RangeError(`no bytes in field ${field}`)
  return value
}

/** A number field; those that are left out are 0. */
export function numberField(fields: ProtobufFields, field: number): number {
  const value = fields.get(field) ?? 0
  if (typeof value !== 'number') throw new RangeError(`no number in field ${field}`)
  return value
}

function varint(value: number): readonly number[] {
  const out: number[] = []
  let rest = value
  for (; rest >= 128; rest = Math.floor(rest / 128)) out.push((rest % 128) | 128)
  return [...out, rest]
}
