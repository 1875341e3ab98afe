// Every version of every row that Chromium's files still hold, those that were overwritten or deleted long ago included: LevelDB's log and tables,
// the batches in it, IndexedDB's keys in these, and the values as V8 wrote them.

import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { deserialize } from 'node:v8'
import { createReader, putsInTable } from './leveldb-table.ts'
import type { Put } from './leveldb-table.ts'
import type { Version } from '../src/adapters/testing/attacker.ts'

export type LoggedVersion = Version & { readonly database: string }

/** `folder`: that of a profile whose browser has ended. */
export async function versionsIn(folder: string): Promise<readonly LoggedVersion[]> {
  const files = (await readdir(folder, { recursive: true })).filter((file) => /\.indexeddb\.leveldb\/.*\.(?:log|ldb)$/.test(file))
  if (files.length === 0) throw new Error('the browser keeps no such files here')
  const contents = await Promise.all(files.map(async (file) => ({ file, content: await readFile(join(folder, file)) })))
  const puts = contents.flatMap(({ file, content }) => (file.endsWith('.ldb') ? putsInTable(content) : recordsIn(content).flatMap(putsIn)))
  const names = namesIn(puts)
  return puts.flatMap(({ key, value }) => {
    const { database, store, index, rest } = prefixOf(key)
    if (store === 0 || index !== DATA) return []
    return [
      { database: names.get(`${database}`) ?? '', store: names.get(`${database}/${store}`) ?? '', key: keyIn(rest), value: valueIn(value) },
    ]
  })
}

const BLOCK_BYTES = 32_768
const HEADER_BYTES = 7
const DATA = 1

/** What was written at once; a record that was cut off is left out. */
function recordsIn(log: Buffer): readonly Buffer[] {
  const records: Buffer[] = []
  let parts: Buffer[] = []
  for (let at = 0; at + HEADER_BYTES <= log.length;) {
    const left = BLOCK_BYTES - (at % BLOCK_BYTES)
    const length = log.readUInt16LE(at + 4)
    const type = log.readUInt8(at + 6)
    if (left < HEADER_BYTES || type === 0) {
      at += left
      continue
    }
    const [isFirst, isLast] = [type === 1 || type === 2, type === 1 || type === 4]
    if (isFirst) parts = []
    parts.push(log.subarray(at + HEADER_BYTES, at + HEADER_BYTES + length))
    if (isLast) records.push(Buffer.concat(parts))
    at += HEADER_BYTES + length
  }
  return records
}

function putsIn(batch: Buffer): readonly Put[] {
  const reader = createReader(batch, 12)
  const puts: Put[] = []
  for (let left = batch.readUInt32LE(8); left > 0; left -= 1) {
    const isPut = reader.take(1)[0] === 1
    const key = reader.take(reader.varint())
    if (isPut) puts.push({ key, value: reader.take(reader.varint()) })
  }
  return puts
}

function prefixOf(key: Buffer) {
  const lengths = key.readUInt8(0)
  const reader = createReader(key, 1)
  const [database = 0, store = 0, index = 0] = [(lengths >> 5) + 1, ((lengths >> 2) & 7) + 1, (lengths & 3) + 1].map((length) =>
    reader.take(length).readUIntLE(0, Math.min(6, length)),
  )
  return { database, store, index, rest: reader.rest() }
}

/** Of databases by their number, of stores by both numbers. */
function namesIn(puts: readonly Put[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>()
  for (const { key, value } of puts) {
    const { database, store, rest } = prefixOf(key)
    if (store !== 0) continue
    const reader = createReader(rest, 1)
    if (database === 0 && rest[0] === 201) {
      textIn(reader)
      names.set(`${value.readUIntLE(0, Math.min(6, value.length))}`, textIn(reader))
    } else if (database !== 0 && rest[0] === 50) {
      const number = reader.varint()
      if (reader.take(1)[0] === 0) names.set(`${database}/${number}`, utf16(value))
    }
  }
  return names
}

const textIn = (reader: ReturnType<typeof createReader>): string => utf16(reader.take(2 * reader.varint()))
const utf16 = (bigEndian: Buffer): string => Buffer.from(bigEndian).swap16().toString('utf16le')

function keyIn(encoded: Buffer): unknown {
  const reader = createReader(encoded, 1)
  if (encoded[0] === 1) return textIn(reader)
  return encoded[0] === 3 ? encoded.readDoubleLE(1) : undefined
}

/** Undefined for what V8 alone cannot read, such as a key of WebCrypto. */
function valueIn(value: Buffer): unknown {
  const reader = createReader(value)
  reader.varint()
  const wrapped = reader.rest()
  // The browser's own envelope, and then V8's: a mark, and a version that may be newer than this one's, which is the same for plain values.
  const start = wrapped[0] === 0xff && wrapped[2] === 0xfe ? ENVELOPE_BYTES : 2
  try {
    return deserialize(Buffer.concat([V8_MARK, wrapped.subarray(start + V8_MARK.length)])) as unknown
  } catch {
    return undefined
  }
}

const ENVELOPE_BYTES = 15
const V8_MARK = Uint8Array.of(0xff, 0x0f)
