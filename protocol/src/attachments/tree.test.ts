import { describe, expect, it, test } from 'vitest'
import { toHex } from '../bytes/bytes.ts'
import { DecodeError, decode, encode, tryDecode } from '../bytes/codec.ts'
import { conversationIdOf, entryIdOf } from '../bytes/ids.ts'
import { CHUNK_BYTES, CHUNKS_PER_ATTACHMENT_MAX, TREE_DEPTH_MAX } from '../limits.ts'
import { openChunk, sealChunk } from './chunk.ts'
import { fileFrame } from './file-frame.ts'
import { leafOf, proofOf, provenLeaf, rootOf, treeOf } from './tree.ts'

const sealedOf = (index: number): Uint8Array => Uint8Array.of(index, 1, 2, 3)

function fileOf(count: number) {
  const size = count * CHUNK_BYTES - 5
  const tree = treeOf(Array.from({ length: count }, (_, index) => leafOf(index, sealedOf(index))))
  return { size, root: rootOf(size, tree), tree }
}

describe('a chunk and its proof', () => {
  it.each([1, 2, 3, 5, 8, 13])('belong to the root of %s chunks in their own place and in no other', (count) => {
    const { size, root, tree } = fileOf(count)
    for (let index = 0; index < count; index += 1) {
      const chunk = { index, sealed: sealedOf(index), proof: proofOf(tree, index) }
      expect(provenLeaf({ size, root }, chunk)).toEqual(leafOf(index, sealedOf(index)))
      for (let other = 0; other <= count; other += 1)
        if (other !== index) expect(provenLeaf({ size, root }, { ...chunk, index: other })).toBeUndefined()
    }
  })

  it('count for nothing once anything about them is another: a byte, a hash, one too many or too few, the size', () => {
    const { size, root, tree } = fileOf(6)
    const chunk = { index: 2, sealed: sealedOf(2), proof: proofOf(tree, 2) }
    const file = { size, root }
    expect(provenLeaf(file, chunk)).toBeDefined()
    expect(provenLeaf(file, { ...chunk, sealed: Uint8Array.of(9) })).toBeUndefined()
    expect(provenLeaf(file, { ...chunk, proof: chunk.proof.toReversed() })).toBeUndefined()
    expect(provenLeaf(file, { ...chunk, proof: chunk.proof.slice(1) })).toBeUndefined()
    expect(provenLeaf(file, { ...chunk, proof: [...chunk.proof, root] })).toBeUndefined()
    expect(provenLeaf({ root, size: size - 1 }, chunk)).toBeUndefined()
    expect(provenLeaf({ root, size: 12 * CHUNK_BYTES }, chunk)).toBeUndefined()
  })

  it('never need more hashes than a frame may hold', () => {
    expect(Math.ceil(Math.log2(CHUNKS_PER_ATTACHMENT_MAX))).toBe(TREE_DEPTH_MAX)
  })
})

test('a chunk opens with the key of its file in its own place only', () => {
  const key = new Uint8Array(32).fill(3)
  const sealed = sealChunk(key, 7, Uint8Array.of(1, 2))
  expect(openChunk(key, 7, sealed)).toEqual(Uint8Array.of(1, 2))
  expect(openChunk(key, 8, sealed)).toBeUndefined()
  expect(openChunk(new Uint8Array(32), 7, sealed)).toBeUndefined()
  expect(toHex(sealed), 'frozen').toBe(FROZEN_CHUNK)
})

test('frames are as they were frozen, and nothing else is one', () => {
  const place = { conversation: conversationIdOf(new Uint8Array(32).fill(1)), message: entryIdOf(new Uint8Array(32).fill(2)), item: 3 }
  const frames = [
    { kind: 'want', ...place, from: 5, count: 6 },
    { kind: 'chunk', ...place, index: 1, proof: [new Uint8Array(32).fill(4)], sealed: Uint8Array.of(9, 9) },
    { kind: 'none', ...place },
    { kind: 'done', ...place },
  ] as const
  const [ones, twos] = ['01'.repeat(32), '02'.repeat(32)]
  expect(frames.map((frame) => toHex(encode(fileFrame, frame)))).toEqual([
    `01${ones}${twos}03000000050006`,
    `02${ones}${twos}030000000101${'04'.repeat(32)}00020909`,
    `03${ones}${twos}03`,
    `04${ones}${twos}03`,
  ])
  for (const frame of frames) {
    const bytes = encode(fileFrame, frame)
    expect(decode(fileFrame, bytes)).toEqual(frame)
    for (let length = 0; length < bytes.length; length += 1) expect(tryDecode(fileFrame, bytes.subarray(0, length))).toBeUndefined()
  }
  const many = { ...frames[1], proof: Array<Uint8Array>(TREE_DEPTH_MAX + 1).fill(new Uint8Array(32)) }
  expect(() => encode(fileFrame, many)).toThrow(RangeError)
  expect(() => decode(fileFrame, Uint8Array.of(5))).toThrow(DecodeError)
})

const FROZEN_CHUNK = 'b9aad6aeef98f81ca7ff2a2e63b32cd94f21'
