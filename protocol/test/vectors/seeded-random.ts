// Randomness from a seed, for tests and vectors: the same seed gives the same bytes in the same order.

import { encode, u32 } from '../../src/bytes/codec.ts'
import { utf8ToBytes } from '../../src/bytes/bytes.ts'
import { labelHash } from '../../src/crypto/hash.ts'
import type { Random } from '../../src/crypto/random.ts'

export function seededRandom(seed: string): Random {
  let counter = 0
  return (length) => {
    const out = new Uint8Array(length)
    for (let at = 0; at < length; at += 32) {
      out.set(labelHash('seeded-random', encode(u32, counter++), utf8ToBytes(seed)).subarray(0, length - at), at)
    }
    return out
  }
}
