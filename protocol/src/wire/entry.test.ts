import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { decode, encode, tryDecode } from '../bytes/codec.ts'
import { accountIdOf, chainIdOf, conversationIdOf, deviceIdOf, entryIdOf } from '../bytes/ids.ts'
import { BODY_BYTES_MAX, HEADER_BYTES_MAX } from '../limits.ts'
import { content, entryKindOf } from './content.ts'
import { ENTRY_KINDS, entryHeader, wireEntry } from './entry.ts'
import type { Content } from './content.ts'
import type { EntryHeader, WireEntry } from './entry.ts'

const bytesOf = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
const device = bytesOf(32).map(deviceIdOf)
const account = bytesOf(32).map(accountIdOf)
const u32 = fc.integer({ min: 0, max: 0xffff_ffff })
// The codec refuses what UTF-8 decoders may strip or replace, so only texts that survive a round trip are texts.
const words = fc.string({ unit: 'grapheme', maxLength: 60 }).filter((text) => !text.startsWith('\ufeff'))

const anyHeader: fc.Arbitrary<EntryHeader> = fc.record({
  version: fc.constant(1),
  suite: fc.constant(1),
  kind: fc.constantFrom(...ENTRY_KINDS),
  conversation: bytesOf(32).map(conversationIdOf),
  device,
  seq: u32,
  prev: bytesOf(32).map(entryIdOf),
  deps: fc.array(fc.record({ device, seq: u32, id: bytesOf(32).map(entryIdOf) }), { maxLength: 16 }),
  members: bytesOf(32),
  chain: bytesOf(16).map(chainIdOf),
  step: u32,
  random: bytesOf(16),
  bucket: fc.integer({ min: 0, max: 255 }),
  bodyHash: bytesOf(32),
  commitment: bytesOf(32),
  ttl: u32,
  time: fc.integer({ min: 0, max: 2 ** 48 - 1 }),
})

const anyContent: fc.Arbitrary<Content> = fc.oneof(
  fc.record({
    kind: fc.constant('create' as const),
    shape: fc.constant('pair' as const),
    founder: account,
    deviceList: bytesOf(32),
    nonce: bytesOf(16),
  }),
  fc.record({ kind: fc.constant('admit' as const), account, deviceList: bytesOf(32) }),
  fc.record({ kind: fc.constant('join' as const), account, deviceList: bytesOf(32), proof: bytesOf(32) }),
  fc.record({ kind: fc.constant('text' as const), text: words }),
  fc.record({ kind: fc.constant('profile' as const), name: fc.string({ maxLength: 30 }).filter((text) => !text.startsWith('\ufeff')) }),
  fc.record({ kind: fc.constant('face' as const), about: fc.string({ maxLength: 60 }), picture: fc.uint8Array({ maxLength: 300 }) }),
  fc.record({ kind: fc.constant('receipt' as const) }),
  fc.record({
    kind: fc.constant('document' as const),
    document: fc.integer({ min: 0, max: 255 }),
    update: fc.uint8Array({ maxLength: 300 }),
  }),
)

const anyWire: fc.Arbitrary<WireEntry> = fc.record({
  header: fc.uint8Array({ maxLength: 200 }),
  signature: fc.option(bytesOf(64), { nil: undefined }),
  body: fc.option(fc.uint8Array({ maxLength: 200 }), { nil: undefined }),
})

describe('the codecs of entries', () => {
  it('give every header, content and wire entry back', () => {
    fc.assert(
      fc.property(anyHeader, (value) => {
        expect(decode(entryHeader, encode(entryHeader, value))).toEqual(value)
      }),
    )
    fc.assert(
      fc.property(anyContent, (value) => {
        expect(decode(content, encode(content, value))).toEqual(value)
      }),
    )
    fc.assert(
      fc.property(anyWire, (value) => {
        expect(decode(wireEntry, encode(wireEntry, value))).toEqual(value)
      }),
    )
  })

  it('know one encoding for each value: whatever decodes is what would have been written', () => {
    const noise = fc.oneof(
      fc.uint8Array({ maxLength: 400 }),
      fc.tuple(anyContent, fc.nat(), fc.nat(255)).map(([value, at, byte]) => {
        const bytes = encode(content, value)
        bytes[at % bytes.length] = byte
        return bytes
      }),
    )
    fc.assert(
      fc.property(noise, (bytes) => {
        for (const codec of [entryHeader, content, wireEntry]) {
          const value = tryDecode(codec as typeof content, bytes)
          // What older versions wrote into receipts is not kept apart.
          if (value !== undefined && value.kind !== 'receipt') expect(encode(codec as typeof content, value)).toEqual(bytes)
        }
      }),
      { numRuns: 2_000 },
    )
  })

  it('answer any bytes with a value or a typed refusal', () => {
    const header = fc.tuple(anyHeader, fc.nat(), fc.nat(255), fc.nat(40)).map(([value, at, byte, cut]) => {
      const bytes = encode(entryHeader, value)
      bytes[at % bytes.length] = byte
      return bytes.subarray(0, bytes.length - (cut > 20 ? 0 : cut))
    })
    fc.assert(
      fc.property(header, (bytes) => {
        const value = tryDecode(entryHeader, bytes)
        if (value !== undefined) expect(encode(entryHeader, value)).toEqual(bytes)
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('the bounds of an entry', () => {
  it('hold for its header and its body on the wire', () => {
    const wire = { header: new Uint8Array(HEADER_BYTES_MAX), signature: undefined, body: new Uint8Array(BODY_BYTES_MAX) }
    expect(decode(wireEntry, encode(wireEntry, wire))).toEqual(wire)
    expect(() => encode(wireEntry, { ...wire, header: new Uint8Array(HEADER_BYTES_MAX + 1) })).toThrow(RangeError)
    expect(() => encode(wireEntry, { ...wire, body: new Uint8Array(BODY_BYTES_MAX + 1) })).toThrow(RangeError)
  })
})

describe('a receipt of an older version', () => {
  it('is one whatever it says', () => {
    const [tag = 0] = encode(content, { kind: 'receipt' })
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (rest) => {
        expect(decode(content, Uint8Array.of(tag, ...rest))).toEqual({ kind: 'receipt' })
      }),
    )
  })
})

describe('the kind of an entry', () => {
  it('follows from its content', () => {
    const kinds = fc.sample(anyContent, 200).map((value) => [value.kind, entryKindOf(value)] as const)
    expect(Object.fromEntries(kinds)).toMatchObject({
      create: 'control',
      admit: 'control',
      join: 'control',
      text: 'content',
      profile: 'content',
      receipt: 'receipt',
      document: 'content',
    })
  })
})
