import { describe, expect, it } from 'vitest'
import { bytesOfId, CONVERSATION, createAuthor, flipped, OTHER_CONVERSATION, write } from '../../test/fixtures/feeds.ts'
import { concatBytes } from '../bytes/bytes.ts'
import { encode } from '../bytes/codec.ts'
import { conversationIdOf, NO_CONVERSATION } from '../bytes/ids.ts'
import { seal } from '../crypto/aead.ts'
import { hash, labelHash } from '../crypto/hash.ts'
import { derive } from '../crypto/kdf.ts'
import { BODY_BUCKETS, HEADER_BYTES_MAX, TEXT_BYTES_MAX } from '../limits.ts'
import { content as contentCodec } from '../wire/content.ts'
import { entryHeader } from '../wire/entry.ts'
import { bucketFor, openBody } from './body.ts'
import { commitmentOf, contentKeptOf, isBodyKeptOf, SALT_BYTES } from './kept-body.ts'
import { entryIdOfHeader, readHeader, signRun, verifyRun } from './entry.ts'
import type { Content } from '../wire/content.ts'
import type { EntryHeader } from '../wire/entry.ts'

const alice = createAuthor('alice')
const bob = createAuthor('bob')

/** A body that only its author could have made, with any plaintext: what a hostile author can do. */
function forgeBody(
  header: EntryHeader,
  messageKey: Uint8Array,
  plaintext: Uint8Array,
): { readonly header: EntryHeader; readonly body: Uint8Array } {
  const key = derive(messageKey, concatBytes(header.random, bytesOfId(header.device)), 'kith/1/body', 44)
  const associated = labelHash('kith/1/body-ad', encode(entryHeader, { ...header, bodyHash: new Uint8Array(32) }))
  const body = seal(key.subarray(0, 32), key.subarray(32), plaintext, associated)
  return { header: { ...header, bodyHash: hash(body) }, body }
}

function plaintextOf(
  contentBytes: Uint8Array,
  size: number = BODY_BUCKETS[0],
): { readonly plaintext: Uint8Array; readonly commitment: Uint8Array } {
  const salt = hash(contentBytes)
  const plaintext = new Uint8Array(size)
  plaintext.set(concatBytes(salt, Uint8Array.of(contentBytes.length >> 8, contentBytes.length & 255), contentBytes))
  return { plaintext, commitment: commitmentOf(salt, contentBytes) }
}

const texts: Content = { kind: 'text', text: 'Tea at five?' }

describe('a body', () => {
  it('opens with its message key and gives the content back', () => {
    const entry = write(alice, { content: texts })
    expect(openBody(entry.header, entry.body, entry.messageKey)).toMatchObject({ kind: 'opened', content: texts })
  })

  it.each([0, 1, 200, 222, 1_000, 4_000, TEXT_BYTES_MAX])('with a text of %i bytes has the length of a bucket and opens', (length) => {
    const content: Content = { kind: 'text', text: 'x'.repeat(length) }
    const entry = write(alice, { content })
    expect(BODY_BUCKETS.map((size) => size + 16)).toContain(entry.body.length)
    expect(openBody(entry.header, entry.body, entry.messageKey)).toMatchObject({ kind: 'opened', content })
  })

  it('takes the smallest bucket that holds it, to the byte', () => {
    expect(bucketFor(222)).toBe(0)
    expect(bucketFor(223)).toBe(1)
    expect(bucketFor(16_384 - 34)).toBe(3)
    expect(() => bucketFor(16_384 - 33)).toThrow(RangeError)
  })

  it('does not open with another key', () => {
    const entry = write(alice)
    expect(openBody(entry.header, entry.body, entry.messageKey).kind).toBe('opened')
    expect(openBody(entry.header, entry.body, flipped(entry.messageKey, 0))).toEqual({ kind: 'refused', reason: 'sealed' })
  })

  it('that hashes wrong is refused', () => {
    const entry = write(alice)
    expect(openBody(entry.header, flipped(entry.body, 40), entry.messageKey)).toEqual({ kind: 'refused', reason: 'hash' })
  })

  it('that was admitted opens by the bytes of its header alone, and no other body with it', () => {
    const entry = write(alice, { content: texts })
    expect(openBody(entry.header, entry.body, entry.messageKey, entry)).toEqual(openBody(entry.header, entry.body, entry.messageKey))
    for (const body of [flipped(entry.body, 40), write(alice, { content: texts, messageKey: entry.messageKey }).body])
      expect(openBody(entry.header, body, entry.messageKey, entry)).toEqual({ kind: 'refused', reason: 'sealed' })
    const other = write(alice, { content: texts })
    expect(openBody(entry.header, entry.body, entry.messageKey, other)).toEqual({ kind: 'refused', reason: 'sealed' })
  })

  it('whose length is not that of its bucket is refused', () => {
    const entry = write(alice)
    expect(openBody(entry.header, entry.body.subarray(1), entry.messageKey)).toEqual({ kind: 'refused', reason: 'length' })
    expect(openBody({ ...entry.header, bucket: 1 }, entry.body, entry.messageKey)).toEqual({ kind: 'refused', reason: 'length' })
    expect(openBody({ ...entry.header, bucket: 4 }, entry.body, entry.messageKey)).toEqual({ kind: 'refused', reason: 'length' })
  })

  it('that belongs to another entry is refused, even where both have the same key and the hash is made to fit', () => {
    const first = write(alice)
    const other = write(bob, { messageKey: first.messageKey })
    expect(openBody({ ...first.header, bodyHash: other.header.bodyHash }, other.body, first.messageKey)).toEqual({
      kind: 'refused',
      reason: 'sealed',
    })
  })

  it('is bound to every field of its header but its own hash', () => {
    const entry = write(alice)
    const altered: EntryHeader[] = [
      { ...entry.header, ttl: 1 },
      { ...entry.header, time: entry.header.time + 1 },
      { ...entry.header, seq: 9 },
      { ...entry.header, step: 9 },
      { ...entry.header, conversation: OTHER_CONVERSATION },
      { ...entry.header, members: flipped(entry.header.members, 3) },
      { ...entry.header, commitment: flipped(entry.header.commitment, 3) },
    ]
    for (const header of altered) expect(openBody(header, entry.body, entry.messageKey)).toEqual({ kind: 'refused', reason: 'sealed' })
  })

  it('whose padding is not zero is refused', () => {
    const { header, messageKey } = write(alice, { content: texts })
    const { plaintext, commitment } = plaintextOf(encode(contentCodec, texts))
    const right = forgeBody({ ...header, commitment }, messageKey, plaintext)
    expect(openBody(right.header, right.body, messageKey).kind).toBe('opened')
    const begin = SALT_BYTES + 2 + encode(contentCodec, texts).length
    for (const at of [begin, begin + 1, 254, 255]) {
      const wrong = forgeBody({ ...header, commitment }, messageKey, flipped(plaintext, at))
      expect(openBody(wrong.header, wrong.body, messageKey)).toEqual({ kind: 'refused', reason: 'padding' })
    }
  })

  it('in a larger bucket than it needs is refused', () => {
    const { header, messageKey } = write(alice, { content: texts })
    const { plaintext, commitment } = plaintextOf(encode(contentCodec, texts), BODY_BUCKETS[1])
    const wide = forgeBody({ ...header, commitment, bucket: 1 }, messageKey, plaintext)
    expect(openBody(wide.header, wide.body, messageKey)).toEqual({ kind: 'refused', reason: 'padding' })
  })

  it('whose length field points past its end is refused', () => {
    const { header, messageKey } = write(alice, { content: texts })
    const { plaintext, commitment } = plaintextOf(encode(contentCodec, texts))
    const forged = forgeBody({ ...header, commitment }, messageKey, flipped(plaintext, 32, 0xff))
    expect(openBody(forged.header, forged.body, messageKey)).toEqual({ kind: 'refused', reason: 'padding' })
  })

  it('that is not the plaintext its author committed to is refused', () => {
    const { header, messageKey } = write(alice, { content: texts })
    const { plaintext } = plaintextOf(encode(contentCodec, { kind: 'text', text: 'Something else' }))
    const forged = forgeBody(header, messageKey, plaintext)
    expect(openBody(forged.header, forged.body, messageKey)).toEqual({ kind: 'refused', reason: 'commitment' })
  })

  it('with content that this version does not know is told apart from content that says nothing', () => {
    const { header, messageKey } = write(alice)
    const opened = (contentBytes: Uint8Array) => {
      const { plaintext, commitment } = plaintextOf(contentBytes)
      const forged = forgeBody({ ...header, commitment }, messageKey, plaintext)
      return openBody(forged.header, forged.body, messageKey)
    }
    expect(opened(Uint8Array.of(250, 1, 2, 3))).toMatchObject({ kind: 'newer', kept: { content: Uint8Array.of(250, 1, 2, 3) } })
    expect(opened(Uint8Array.of(16, 1))).toEqual({ kind: 'refused', reason: 'content' })
    expect(opened(Uint8Array.of())).toEqual({ kind: 'refused', reason: 'content' })
  })

  it('whose content belongs to another kind of entry is refused', () => {
    const { header, messageKey } = write(alice, { content: texts })
    const { plaintext, commitment } = plaintextOf(encode(contentCodec, texts))
    const forged = forgeBody({ ...header, commitment, kind: 'control' }, messageKey, plaintext)
    expect(openBody(forged.header, forged.body, messageKey)).toEqual({ kind: 'refused', reason: 'kind' })
  })

  it('differs between two entries that say the same', () => {
    const first = write(alice, { content: texts })
    const second = write(alice, { content: texts })
    expect(first.body).not.toEqual(second.body)
    expect(first.header.commitment).not.toEqual(second.header.commitment)
  })
})

describe('what is kept of a body', () => {
  const entry = write(alice, { content: texts })
  const opened = openBody(entry.header, entry.body, entry.messageKey)
  const kept = opened.kind === 'opened' ? opened.kept : { salt: new Uint8Array(0), content: new Uint8Array(0) }

  it('says what its author committed to, and nothing else', () => {
    expect(isBodyKeptOf(entry.header, kept)).toBe(true)
    expect(contentKeptOf(entry.header, kept)).toEqual(texts)
    const others = [
      { ...kept, content: encode(contentCodec, { kind: 'text', text: 'Tea at six?' }) },
      { ...kept, salt: flipped(kept.salt, 0) },
    ]
    for (const other of others) {
      expect(isBodyKeptOf(entry.header, other)).toBe(false)
      expect(contentKeptOf(entry.header, other)).toBeUndefined()
    }
  })

  it('says nothing in an entry of another kind, nor where no content is known that it could be', () => {
    expect(contentKeptOf({ ...entry.header, kind: 'control' }, kept)).toBeUndefined()
    const strange = { ...kept, content: Uint8Array.of(250, 1) }
    const header = { ...entry.header, commitment: commitmentOf(strange.salt, strange.content) }
    expect(isBodyKeptOf(header, strange)).toBe(true)
    expect(contentKeptOf(header, strange)).toBeUndefined()
  })
})

describe('an entry', () => {
  it('gives the conversation its id when it creates it', () => {
    const created = write(alice, { conversation: NO_CONVERSATION })
    expect(conversationIdOf(labelHash('kith/1/entry', created.headerBytes))).toBe(entryIdOfHeader(created.headerBytes))
  })

  it('has the id of its header, which changes with every byte of it', () => {
    const { id, headerBytes } = write(alice)
    expect(entryIdOfHeader(headerBytes)).toBe(id)
    for (let at = 0; at < headerBytes.length; at++) expect(entryIdOfHeader(flipped(headerBytes, at))).not.toBe(id)
  })

  it('fits its bound with the most deps', () => {
    const deps = Array.from({ length: 16 }, (_, at) => ({ device: createAuthor(`d${at}`).device, seq: at, id: write(bob).id }))
    expect(write(alice, { deps }).headerBytes.length).toBeLessThanOrEqual(HEADER_BYTES_MAX)
  })
})

describe('a header', () => {
  it('is read once', () => {
    const { header, headerBytes, id } = write(createAuthor('alice'))
    const first = readHeader(headerBytes)
    expect(first).toEqual({ id, header })
    expect(readHeader(headerBytes)).toBe(first)
    expect(readHeader(headerBytes.slice())).not.toBe(first)
    expect(readHeader(headerBytes.slice())).toEqual(first)
  })

  it('that is none is not remembered as one', () => {
    const { headerBytes } = write(createAuthor('alice'))
    for (const bytes of [headerBytes.subarray(1), concatBytes(headerBytes, Uint8Array.of(0))]) {
      expect(readHeader(bytes)).toBeUndefined()
      expect(readHeader(bytes)).toBeUndefined()
    }
  })
})

describe('a run signature', () => {
  const entry = write(alice)
  const end = { conversation: CONVERSATION, device: alice.device, seq: 0, id: entry.id }
  const signature = signRun(alice.seed, end)

  it('holds for its own conversation, device, seq and id', () => {
    expect(verifyRun(alice.signingKey, end, signature)).toBe(true)
  })

  it.each([
    ['conversation', { ...end, conversation: OTHER_CONVERSATION }],
    ['device', { ...end, device: bob.device }],
    ['seq', { ...end, seq: 1 }],
    ['id', { ...end, id: write(alice).id }],
  ])('does not hold for another %s', (_, other) => {
    expect(verifyRun(alice.signingKey, other, signature)).toBe(false)
  })
})
