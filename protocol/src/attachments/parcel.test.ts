// Parcels: what opens them, what they are called, and what somebody who alters one gets.

import { describe, expect, it } from 'vitest'
import { PARCEL_BYTES } from './limits.ts'
import { CHUNK_BYTES, CHUNKS_PER_ATTACHMENT_MAX, TREE_DEPTH_MAX } from '../limits.ts'
import { sealChunk } from './chunk.ts'
import { openParcel, parcelNameAt, parcelNamesKey, sealParcel } from './parcel.ts'

const key = new Uint8Array(32).fill(5)
const other = new Uint8Array(32).fill(6)
const proof = Array.from({ length: TREE_DEPTH_MAX }, (_, at) => new Uint8Array(32).fill(at))
const sealed = sealChunk(key, 7, new Uint8Array(CHUNK_BYTES).fill(1))

describe('a parcel', () => {
  it.each([
    ['the largest chunk with the longest proof', { proof, sealed }],
    ['an empty chunk alone', { proof: [], sealed: sealChunk(key, 0, new Uint8Array(0)) }],
  ])('holds %s, and is as large as any', (_, content) => {
    const parcel = sealParcel(key, 7, content)
    expect(parcel.length).toBe(PARCEL_BYTES)
    expect(openParcel(key, 7, parcel)).toEqual(content)
  })

  it('is the same for the same chunk, so that no nonce stands for two plaintexts', () => {
    expect(sealParcel(key, 7, { proof, sealed })).toEqual(sealParcel(key, 7, { proof, sealed }))
  })

  it('opens nowhere else, and not when any part of it was altered', () => {
    const parcel = sealParcel(key, 7, { proof, sealed })
    expect([openParcel(key, 8, parcel), openParcel(other, 7, parcel)]).toEqual([undefined, undefined])
    for (const at of [0, 1_000, PARCEL_BYTES - 1]) {
      const altered = parcel.slice()
      altered[at] = (altered[at] ?? 0) ^ 1
      expect(openParcel(key, 7, altered)).toBeUndefined()
    }
    expect(openParcel(key, 7, parcel.subarray(1))).toBeUndefined()
    expect(openParcel(key, 7, new Uint8Array(0))).toBeUndefined()
  })

  it('has a name that no other has, of this file or of another', () => {
    const names = [key, other].flatMap((of) => [0, 1, 2, CHUNKS_PER_ATTACHMENT_MAX - 1].map((at) => parcelNameAt(parcelNamesKey(of), at)))
    expect(new Set(names).size).toBe(names.length)
  })
})
