// What LevelDB puts away: tables of sorted rows, in blocks that may be packed with Snappy. Overwritten rows stay until tables are merged.

export type Put = { readonly key: Buffer; readonly value: Buffer }

const FOOTER_BYTES = 48
/** Behind each key: its sequence number and whether it was put or deleted. */
const KEY_END_BYTES = 8

export function putsInTable(table: Buffer): readonly Put[] {
  const footer = createReader(table, table.length - FOOTER_BYTES)
  footer.varint()
  footer.varint()
  const index = blockAt(table, { at: footer.varint(), length: footer.varint() })
  return rowsIn(index).flatMap(({ value }) => {
    const handle = createReader(value)
    return rowsIn(blockAt(table, { at: handle.varint(), length: handle.varint() })).flatMap(({ key, value: put }) => {
      const isPut = key.readUInt8(key.length - KEY_END_BYTES) === 1
      return isPut ? [{ key: key.subarray(0, key.length - KEY_END_BYTES), value: put }] : []
    })
  })
}

export function createReader(bytes: Buffer, from = 0) {
  let at = from
  const take = (length: number): Buffer => bytes.subarray(at, (at += length))
  const varint = (): number => {
    let value = 0
    for (let factor = 1; ; factor *= 128) {
      const byte = bytes.readUInt8(at++)
      value += (byte & 127) * factor
      if (byte < 128) return value
    }
  }
  return { take, varint, rest: () => bytes.subarray(at), isAtEnd: () => at >= bytes.length }
}

function blockAt(table: Buffer, { at, length }: { readonly at: number; readonly length: number }): Buffer {
  const block = table.subarray(at, at + length)
  return table.readUInt8(at + length) === 1 ? unpacked(block) : block
}

/** Keys share their beginnings with those before them. */
function rowsIn(block: Buffer): readonly Put[] {
  const restarts = block.readUInt32LE(block.length - 4)
  const reader = createReader(block.subarray(0, block.length - 4 * (restarts + 1)))
  const rows: Put[] = []
  for (let before = Buffer.alloc(0); !reader.isAtEnd();) {
    const [shared, own, length] = [reader.varint(), reader.varint(), reader.varint()]
    before = Buffer.concat([before.subarray(0, shared), reader.take(own)])
    rows.push({ key: before, value: reader.take(length) })
  }
  return rows
}

/** Snappy: pieces as they are, and copies of what came before. */
function unpacked(packed: Buffer): Buffer {
  const reader = createReader(packed)
  const bytes = Buffer.alloc(reader.varint())
  let at = 0
  while (!reader.isAtEnd()) {
    const tag = reader.take(1).readUInt8()
    const [kind, count] = [tag & 3, tag >> 2]
    if (kind === 0) {
      const length = 1 + (count < 60 ? count : reader.take(count - 59).readUIntLE(0, count - 59))
      at += reader.take(length).copy(bytes, at)
      continue
    }
    const length = kind === 1 ? 4 + (count & 7) : 1 + count
    const distance =
      kind === 1 ? ((count >> 3) << 8) + reader.take(1).readUInt8() : reader.take(kind === 2 ? 2 : 4).readUIntLE(0, kind === 2 ? 2 : 4)
    for (const end = at + length; at < end; at += 1) bytes[at] = bytes[at - distance] ?? 0
  }
  return bytes
}
