import { describe, expect, test } from 'vitest'
import { conversationIdOf, deviceIdOf, mailboxIdOf } from '../bytes/ids.ts'
import { encode, list } from '../bytes/codec.ts'
import { sealNamed } from '../crypto/aead.ts'
import { fromHex } from '../bytes/bytes.ts'
import { BLOB_BUCKETS, BLOB_BYTES_MAX, BLOB_CONTENT_BYTES_MAX, FRAMES_PER_BLOB_MAX } from '../limits.ts'
import { haveOf } from '../../test/fixtures/have.ts'
import { frame } from '../wire/frame.ts'
import { blobIdOfSealed, openBlob, sealBlob } from './blob.ts'
import type { Frame } from '../wire/frame.ts'

const seal = { mailbox: mailboxIdOf(new Uint8Array(32).fill(1)), sealKey: new Uint8Array(32).fill(2) }
const have: Frame = { kind: 'have', have: [haveOf(conversationIdOf(new Uint8Array(32).fill(3)))] }
const SEAL_BYTES = 40

const lengthOf = (frames: readonly Frame[]): number => encode(list(frame, FRAMES_PER_BLOB_MAX), frames).length

/** Envelopes that together take `bytes` as the content of a blob. */
function framesOf(bytes: number): readonly Frame[] {
  const envelopes = (size: number, count: number): readonly Frame[] =>
    Array.from({ length: count }, () => ({
      kind: 'envelope',
      from: deviceIdOf(new Uint8Array(32)),
      envelope: new Uint8Array(size).fill(7),
    }))
  const count = Math.max(1, Math.ceil(bytes / 16_000))
  const each = Math.floor((bytes - lengthOf(envelopes(0, count))) / count)
  const rest = bytes - lengthOf(envelopes(each, count))
  return [...envelopes(each, count - 1), ...envelopes(each + rest, 1)]
}

/** A blob whose plaintext is exactly this. */
const sealedAs = (plaintext: Uint8Array): Uint8Array => sealNamed(seal.sealKey, new Uint8Array(24), plaintext, fromHex(seal.mailbox))

describe('a blob', () => {
  test('is opened by whoever has the mailbox, and holds the frames in their order', () => {
    expect(openBlob(seal, sealBlob(seal, []))).toEqual([])
    expect(openBlob(seal, sealBlob(seal, [have, ...framesOf(500)]))).toEqual([have, ...framesOf(500)])
  })

  test('of the same frames is the same blob, of others another one', () => {
    expect(blobIdOfSealed(sealBlob(seal, [have]))).toBe(blobIdOfSealed(sealBlob(seal, [have])))
    expect(blobIdOfSealed(sealBlob(seal, [have, have]))).not.toBe(blobIdOfSealed(sealBlob(seal, [have])))
    // The nonce as well: two plaintexts are never sealed under one.
    expect(sealBlob(seal, [have, have]).subarray(0, 24)).not.toEqual(sealBlob(seal, [have]).subarray(0, 24))
  })

  test('opens for no other mailbox or key, and not when a byte was changed', () => {
    const blob = sealBlob(seal, [have])
    expect(openBlob({ ...seal, mailbox: mailboxIdOf(new Uint8Array(32).fill(9)) }, blob)).toBeUndefined()
    expect(openBlob({ ...seal, sealKey: new Uint8Array(32).fill(9) }, blob)).toBeUndefined()
    for (const at of [0, 23, 24, blob.length - 1])
      expect(
        openBlob(
          seal,
          blob.map((byte, index) => (index === at ? byte ^ 1 : byte)),
        ),
      ).toBeUndefined()
  })

  test.each(BLOB_BUCKETS.map((bucket, at) => [bucket, BLOB_BUCKETS[at + 1]] as const))(
    'of less than %i bytes has that size, and with one byte more the next',
    (bucket, next) => {
      const frames = framesOf(bucket - 1)
      expect(lengthOf(frames)).toBe(bucket - 1)
      const blob = sealBlob(seal, frames)
      expect(blob.length).toBe(bucket + SEAL_BYTES)
      expect(openBlob(seal, blob)).toEqual(frames)
      if (next !== undefined) expect(sealBlob(seal, framesOf(bucket)).length).toBe(next + SEAL_BYTES)
    },
  )

  test('takes as many bytes of frames as the bound says, and not one more', () => {
    expect(sealBlob(seal, framesOf(BLOB_CONTENT_BYTES_MAX)).length).toBe(BLOB_BYTES_MAX)
    expect(() => sealBlob(seal, framesOf(BLOB_CONTENT_BYTES_MAX + 1))).toThrow(RangeError)
  })

  test('takes as many frames as the bound says, and not one more', () => {
    const frames = Array.from({ length: FRAMES_PER_BLOB_MAX }, () => have)
    expect(openBlob(seal, sealBlob(seal, frames))).toEqual(frames)
    expect(() => sealBlob(seal, [...frames, have])).toThrow(RangeError)
    const tooMany = Uint8Array.of(
      FRAMES_PER_BLOB_MAX + 1,
      ...frames.flatMap((one) => [...encode(frame, one)]),
      ...encode(frame, have),
      0x80,
    )
    expect(openBlob(seal, sealedAs(tooMany))).toBeUndefined()
  })

  test('that is longer than a blob may be is not even opened', () => {
    const content = encode(list(frame, FRAMES_PER_BLOB_MAX), [have])
    const padded = (size: number): Uint8Array => {
      const plaintext = new Uint8Array(size)
      plaintext.set([...content, 0x80])
      return plaintext
    }
    expect(openBlob(seal, sealedAs(padded(BLOB_BYTES_MAX - SEAL_BYTES)))).toEqual([have])
    expect(openBlob(seal, sealedAs(padded(BLOB_BYTES_MAX - SEAL_BYTES + 1)))).toBeUndefined()
  })

  test.each([
    ['no mark at the end of the content', [0, 0, 0]],
    ['another mark', [0, 0x81, 0]],
    ['something behind the mark', [0, 0x80, 1]],
    ['nothing at all', []],
    ['a mark and no frames before it', [0x80]],
    ['left-over bytes', [0, 0, 0x80]],
  ])('with %s is no blob', (_what, plaintext) => {
    expect(openBlob(seal, sealedAs(Uint8Array.of(0, 0x80, 0)))).toEqual([])
    expect(openBlob(seal, sealedAs(Uint8Array.from(plaintext)))).toBeUndefined()
  })
})
