// Every codec that any file of the protocol exports, found by loading all of them: so none can be forgotten here.

import { readdirSync } from 'node:fs'
import { join, relative } from 'node:path'
import { equalBytes } from '../../src/bytes/bytes.ts'
import { decode, DecodeError, encode } from '../../src/bytes/codec.ts'
import { createSeeded } from '../simulation/seeded.ts'
import { invent } from './invent.ts'
import type { Codec } from '../../src/bytes/codec.ts'
import type { Decoder } from './decoder.ts'

export const SOURCE = join(import.meta.dirname, '../../src')
const INVENTED = 24

/** Rows that this device wrote itself, perhaps in an older version: they are read in each form that they ever had, and written in the newest. */
const OWN_ROWS = /^(?:host|node|conversation|search)\//
/** Of an invite that is over, which an older version left with its secret, reading signs the end. */
const CALCULATING = new Set(['host/records/arrival.ts invite', 'host/records/conversation-rows.ts coreRow'])
/** What all others are made of. */
const PARTS = /^bytes\/(?:codec|ids)\.ts$/
/** They only hand on what other files export. */
const DOORS = /(?:^|\/)(?:index|later)\.ts$/

/** Nothing of what an older version's receipts said in a feed is read, and so nothing of it is written. */
const isUnread = (name: string, bytes: Uint8Array): boolean => name === 'wire/content.ts content' && bytes[0] === FORMER_RECEIPT
const FORMER_RECEIPT = 18

export const sourceFiles = (): readonly string[] =>
  readdirSync(SOURCE, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.name.endsWith('.test.ts'))
    .map((entry) => relative(SOURCE, join(entry.parentPath, entry.name)))
    .toSorted()

const isCodec = (value: unknown): value is Codec<unknown> =>
  typeof value === 'object' &&
  value !== null &&
  typeof Reflect.get(value, 'read') === 'function' &&
  typeof Reflect.get(value, 'write') === 'function' &&
  Object.keys(value).length === 2

/** `known`: bytes that were frozen or made elsewhere; those that a codec reads are among its seeds. */
export async function codecDecoders(known: readonly Uint8Array[]): Promise<readonly Decoder[]> {
  const decoders: Decoder[] = []
  const seen = new Set<unknown>()
  for (const file of sourceFiles().filter((path) => !PARTS.test(path) && !DOORS.test(path))) {
    const exported = (await import(join(SOURCE, file))) as Readonly<Record<string, unknown>>
    for (const [name, codec] of Object.entries(exported)) {
      if (!isCodec(codec) || seen.has(codec)) continue
      seen.add(codec)
      decoders.push(decoderOf(`${file} ${name}`, codec, known))
    }
  }
  return decoders
}

/** A value may be undefined, which is none of those that say that there is none. */
function readWith(codec: Codec<unknown>, bytes: Uint8Array): { readonly value: unknown } | undefined {
  try {
    return { value: decode(codec, bytes) }
  } catch (error) {
    if (error instanceof DecodeError) return undefined
    throw error
  }
}

function decoderOf(name: string, codec: Codec<unknown>, known: readonly Uint8Array[]): Decoder {
  const luck = createSeeded(name.length)
  const invented = invent(codec, INVENTED, luck)
  const isOwn = OWN_ROWS.test(name)
  return {
    name,
    isCalculating: CALCULATING.has(name),
    seeds: [...known.filter((bytes) => readWith(codec, bytes) !== undefined), ...invented],
    read(bytes) {
      const found = readWith(codec, bytes)
      if (found === undefined) return { kind: 'refused' }
      const again = encode(codec, found.value)
      if (isUnread(name, bytes)) return { kind: 'read' }
      if (!isOwn || equalBytes(again, bytes)) return { kind: 'read', again }
      const newest = readWith(codec, again)
      if (newest === undefined) throw new Error('what it writes it does not read')
      if (!equalBytes(encode(codec, newest.value), again)) throw new Error('what it writes is written otherwise again')
      return { kind: 'read' }
    },
  }
}
