import { describe, expect, test } from 'vitest'
import { conversationIdOf, deviceIdOf, mailboxIdOf } from '../bytes/ids.ts'
import { sealNamed } from '../crypto/aead.ts'
import { labelHash, labelMac } from '../crypto/hash.ts'
import { concatBytes, fromHex } from '../bytes/bytes.ts'
import { BLOB_BUCKETS, BLOB_BYTES_MAX } from '../limits.ts'
import { haveOf } from '../../test/fixtures/have.ts'
import { blobIdOfSealed, openBlob, paddedFrames, sealBlob } from './blob.ts'
import { isSealedWith, openJointBlob, sealJointBlob } from './joint-blob.ts'
import type { Frame } from '../wire/frame.ts'
import type { JointSeal } from './joint-blob.ts'

const bytes = (fill: number): Uint8Array => new Uint8Array(32).fill(fill)
const conversation = conversationIdOf(bytes(1))
const seal: JointSeal = { conversation, device: deviceIdOf(bytes(2)), key: bytes(3) }
const entriesOf = (header: number, id = conversation) => ({
  kind: 'entries' as const,
  conversation: id,
  entries: [{ header: bytes(header), signature: undefined, body: undefined }],
})
const entries = entriesOf(4)

/** A blob whose plaintext is exactly this, with a nonce that names the key. */
function sealedAs(plaintext: Uint8Array): Uint8Array {
  const content = bytes(9).subarray(0, 16)
  const nonce = concatBytes(content, labelMac(seal.key, 'kith/1/joint-key', content).subarray(0, 8))
  return sealNamed(seal.key, nonce, plaintext, labelHash('kith/1/joint-blob', fromHex(seal.conversation), fromHex(seal.device)))
}

describe('a joint blob', () => {
  test('is opened by whoever has the key, and holds the entries in their order', () => {
    expect(openJointBlob(seal, sealJointBlob(seal, []))).toEqual([])
    expect(openJointBlob(seal, sealJointBlob(seal, [entries, entriesOf(5)]))).toEqual([entries, entriesOf(5)])
  })

  test('has the size of any other, and the same frames are the same blob', () => {
    const blob = sealJointBlob(seal, [entries])
    expect(blob.length).toBe(BLOB_BUCKETS[0] + 40)
    expect(blob.length).toBe(sealBlob({ mailbox: mailboxIdOf(bytes(7)), sealKey: bytes(8) }, [entries]).length)
    expect(blobIdOfSealed(sealJointBlob(seal, [entries]))).toBe(blobIdOfSealed(blob))
    // The nonce as well: two plaintexts are never sealed under one.
    expect(sealJointBlob(seal, [entriesOf(5)]).subarray(0, 24)).not.toEqual(blob.subarray(0, 24))
  })

  test.each<readonly [string, JointSeal]>([
    ['another key', { ...seal, key: bytes(9) }],
    ['another device', { ...seal, device: deviceIdOf(bytes(9)) }],
    ['another conversation', { ...seal, conversation: conversationIdOf(bytes(9)) }],
  ])('opens for nobody who expects %s', (_what, other) => {
    const blob = sealJointBlob(seal, [])
    expect(openJointBlob(seal, blob)).toEqual([])
    expect(openJointBlob(other, blob)).toBeUndefined()
  })

  test('does not open when any of its parts was changed', () => {
    const blob = sealJointBlob(seal, [entries])
    expect(openJointBlob(seal, blob)).toEqual([entries])
    for (const at of [0, 15, 16, 23, 24, blob.length - 1]) expect(openJointBlob(seal, blob.with(at, (blob[at] ?? 0) ^ 1))).toBeUndefined()
    for (const length of [0, 23, 24, 39, blob.length - 1]) expect(openJointBlob(seal, blob.subarray(0, length))).toBeUndefined()
  })

  test('tells its key from others by its nonce alone', () => {
    const blob = sealJointBlob(seal, [entries])
    expect(isSealedWith(seal, blob.with(500, 1))).toBe(true)
    expect(isSealedWith({ ...seal, key: bytes(9) }, blob)).toBe(false)
    const [mailbox, sealKey] = [mailboxIdOf(bytes(7)), bytes(8)]
    expect(openBlob({ mailbox, sealKey }, sealBlob({ mailbox, sealKey }, [entries]))).toEqual([entries])
    expect(openBlob({ mailbox, sealKey }, blob)).toBeUndefined()
  })

  test.each<readonly [string, Frame]>([
    ['a question', { kind: 'have', have: [haveOf(conversation)] }],
    ['an envelope', { kind: 'envelope', from: seal.device, envelope: bytes(1) }],
    ['a device list', { kind: 'device-list', list: bytes(1) }],
    ['receipts', { kind: 'receipts', receipts: [] }],
    ['entries of another conversation', entriesOf(4, conversationIdOf(bytes(9)))],
  ])('with %s beside the entries holds nothing', (_what, frame) => {
    expect(openJointBlob(seal, sealedAs(paddedFrames([entries])))).toEqual([entries])
    expect(openJointBlob(seal, sealedAs(paddedFrames([entries, frame])))).toBeUndefined()
  })

  test('that is longer than a blob may be is not even opened', () => {
    const padded = (size: number): Uint8Array => {
      const plaintext = new Uint8Array(size)
      plaintext.set(paddedFrames([entries]).filter((_, at, all) => at <= all.lastIndexOf(0x80)))
      return plaintext
    }
    expect(openJointBlob(seal, sealedAs(padded(BLOB_BYTES_MAX - 40)))).toEqual([entries])
    expect(openJointBlob(seal, sealedAs(padded(BLOB_BYTES_MAX - 39)))).toBeUndefined()
  })
})
