// Every decoder that takes bytes from outside or from the disk: all codecs there are, and the functions that are named here.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fromHex } from '../../src/bytes/bytes.ts'
import { encode, tryDecode } from '../../src/bytes/codec.ts'
import { MIGRATIONS } from '../../src/host/migrations/index.ts'
import { migrate } from '../../src/host/migrations/format.ts'
import { invite } from '../../src/host/records/arrival.ts'
import { coreRow } from '../../src/host/records/conversation-rows.ts'
import { frame } from '../../src/wire/frame.ts'
import { relayCall, relayMessage } from '../../src/wire/relay.ts'
import { createMemoryStore } from '../contract/memory-store.ts'
import { storeOfFormat } from '../fixtures/stored.ts'
import { CALLS, FRAMES, MESSAGES } from '../vectors/wire.ts'
import { codecDecoders } from './codecs.ts'
import { documentDecoders } from './documents.ts'
import { functionDecoders, within } from './functions.ts'
import { pageDecoders } from './page.ts'
import { rowDecoders } from './rows.ts'
import type { Decoder } from './decoder.ts'

const VECTORS = join(import.meta.dirname, '../vectors')
/** A parcel is 256 kB: with longer ones each execution would be a copy of nothing but luck. */
const KNOWN_BYTES_MAX = 20_000

/** Functions of src/ that take bytes or texts and are not fuzzed here, and why. */
export const LEFT_OUT: Readonly<Record<string, string>> = {
  'crypto/aead.ts open': 'a cipher: what it opens is anything',
  'crypto/aead.ts openNamed': 'a cipher: what it opens is anything',
  'attachments/chunk.ts openChunk': 'a cipher: what it opens is a part of a file',
  'session/ratchet.ts openRatchet': 'by openFrom',
  'log/body.ts openBody': 'a cipher around content, which is fuzzed by itself',
  'log/body.ts openBodyWith': 'a cipher around content, which is fuzzed by itself',
  'linking/exchange.ts openHandover': 'a cipher around a handover, which is fuzzed by itself',
  'linking/exchange.ts openSaid': 'a cipher around a stage or an answer, which are fuzzed by themselves',
  'search/query.ts parseQuery': 'what its own user typed',
  'host/migrations/any-row.ts decodeRow': 'rows that this device wrote and sealed, before there were codecs for them',
  'log/incoming.ts readEntry': 'by admitEntries',
  'node/devices/lists.ts acceptList': 'by acceptDeviceList',
}

export async function allDecoders(): Promise<readonly Decoder[]> {
  return [...(await codecDecoders(await knownBytes())), ...documentDecoders, ...functionDecoders, ...pageDecoders, ...rowDecoders]
}

/** What was frozen, what travels, and rows of stores that older versions wrote. */
async function knownBytes(): Promise<readonly Uint8Array[]> {
  const frozen = readdirSync(VECTORS)
    .filter((file) => file.endsWith('.json'))
    .flatMap((file) => hexIn(JSON.parse(readFileSync(join(VECTORS, file), 'utf8'))))
  const travels = [
    ...Object.values(FRAMES).map((value) => encode(frame, value)),
    ...Object.values(CALLS).map((value) => encode(relayCall, value)),
    ...Object.values(MESSAGES).map((value) => encode(relayMessage, value)),
  ]
  const newest = createMemoryStore({ image: storeOfFormat(3).image })
  await migrate(newest, () => Promise.resolve(MIGRATIONS))
  const rows = [storeOfFormat(0).image, storeOfFormat(3).image, newest.image()].flatMap(({ tables }) =>
    [...tables.values()].flatMap((table) => [...table.values()].map(({ value }) => value)),
  )
  // What stands within another row alone.
  const invites = rows.flatMap((bytes) => {
    const own = tryDecode(coreRow, bytes)?.invite
    return own === undefined ? [] : [encode(invite, own)]
  })
  return [...frozen, ...travels, ...rows, ...invites, ...within].filter(({ length }) => length > 0 && length <= KNOWN_BYTES_MAX)
}

function hexIn(value: unknown): readonly Uint8Array[] {
  if (typeof value === 'string') return /^(?:[0-9a-f]{2})+$/.test(value) ? [fromHex(value)] : []
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(hexIn) : []
}
