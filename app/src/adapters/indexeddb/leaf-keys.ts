// Keys of which single ones can be forgotten: the leaves of a binary tree in which every key follows from the one above it. Whoever forgets a leaf
// keeps the keys beside the way down to it, from which all other leaves follow and that one does not (docs/decisions/0029-erasure.md).

import { concatBytes, fixed, hash, list, mapped, struct, u16, utf8ToBytes } from '@kith/protocol'
import type { Codec, Random } from '@kith/protocol'

export const LEAVES = 256
export const KEY_BYTES = 32

/** By node: 1 is the root, 2n and 2n + 1 are below n, and leaf i is LEAVES + i. Of what was not forgotten, each leaf is below exactly one. */
export type Seeds = ReadonlyMap<number, Uint8Array>

export const newSeeds = (random: Random): Seeds => new Map([[1, random(KEY_BYTES)]])

export type LeafKeys = {
  readonly seeds: Seeds
  /** Undefined for one that was forgotten. */
  keyOf(leaf: number): Uint8Array | undefined
}

/** `seeds`, with what was derived from them remembered: leaves are asked for one after the other. */
export function createLeafKeys(seeds: Seeds): LeafKeys {
  const derived = new Map(seeds)
  function keyAt(node: number): Uint8Array | undefined {
    const known = derived.get(node)
    if (known !== undefined || node <= 1) return known
    const above = keyAt(node >> 1)
    if (above === undefined) return undefined
    const key = below(above, node)
    derived.set(node, key)
    return key
  }
  return { seeds, keyOf: (leaf) => keyAt(LEAVES + leaf) }
}

/** Empty when every leaf is forgotten. */
export function withoutLeaves(seeds: Seeds, leaves: Iterable<number>): Seeds {
  const gone = new Set<number>()
  for (const leaf of leaves) for (let node = LEAVES + leaf; node > 0; node >>= 1) gone.add(node)
  const left = new Map<number, Uint8Array>()
  function keep(node: number, key: Uint8Array): void {
    if (!gone.has(node)) left.set(node, key)
    else if (node < LEAVES) for (const next of [2 * node, 2 * node + 1]) keep(next, below(key, next))
  }
  for (const [node, key] of seeds) keep(node, key)
  return left
}

const below = (key: Uint8Array, node: number): Uint8Array => hash(concatBytes(node % 2 === 0 ? LEFT : RIGHT, key))
// Made once, because two keys are derived for each row that is written.
const [LEFT, RIGHT] = [utf8ToBytes('kith/erase/left'), utf8ToBytes('kith/erase/right')]

type Seed = { readonly node: number; readonly key: Uint8Array }
const seedList: Codec<readonly Seed[]> = list(struct({ node: u16, key: fixed(KEY_BYTES) }), LEAVES)

export const seedsCodec: Codec<Seeds> = mapped(
  seedList,
  (seeds): Seeds => new Map(seeds.map(({ node, key }) => [node, key])),
  (seeds) => Array.from(seeds, ([node, key]) => ({ node, key })),
)
