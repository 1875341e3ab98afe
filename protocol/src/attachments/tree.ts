// The hash tree over the sealed chunks of an attachment (docs/protocol.md §5.15): with a few hashes, each chunk is checked by itself against the
// root that the message names, whoever it comes from and in whatever order.

import { equalBytes } from '../bytes/bytes.ts'
import { encode, u32, u48 } from '../bytes/codec.ts'
import { labelHash } from '../crypto/hash.ts'
import { chunksOf } from './chunk.ts'

export const HASH_BYTES = 32

/** H("kith/1/chunk", index as u32, sealed chunk). */
export const leafOf = (index: number, sealed: Uint8Array): Uint8Array => labelHash('kith/1/chunk', encode(u32, index), sealed)

const parentOf = (left: Uint8Array, right: Uint8Array): Uint8Array => labelHash('kith/1/chunks', left, right)

/** The size is part of it, so that it decides how many chunks there are. */
const rootFrom = (size: number, top: Uint8Array): Uint8Array => labelHash('kith/1/attachment', encode(u48, size), top)

/** All levels, the leaves first and a single hash last. One without a neighbour goes up as it is. */
export type Tree = readonly (readonly Uint8Array[])[]

export function treeOf(leaves: readonly Uint8Array[]): Tree {
  const levels = [leaves]
  for (let level = leaves; level.length > 1; levels.push(level)) {
    const below = level
    level = Array.from({ length: Math.ceil(below.length / 2) }, (_, at) => {
      const [left, right] = [below[2 * at], below[2 * at + 1]] as [Uint8Array, Uint8Array | undefined]
      return right === undefined ? left : parentOf(left, right)
    })
  }
  return levels
}

export function rootOf(size: number, tree: Tree): Uint8Array {
  const [top] = tree.at(-1) ?? []
  if (top === undefined || tree[0]?.length !== chunksOf(size)) throw new RangeError('a tree of another size')
  return rootFrom(size, top)
}

/** The neighbours on the way from a leaf to the top. */
export const proofOf = (tree: Tree, index: number): readonly Uint8Array[] =>
  tree.slice(0, -1).flatMap((level, height) => level[(index >> height) ^ 1] ?? [])

/** The leaf of a chunk that belongs to this root at this place; undefined for any other. */
export function provenLeaf(
  { size, root }: { readonly size: number; readonly root: Uint8Array },
  { index, sealed, proof }: { readonly index: number; readonly sealed: Uint8Array; readonly proof: readonly Uint8Array[] },
): Uint8Array | undefined {
  if (index >= chunksOf(size)) return undefined
  const leaf = leafOf(index, sealed)
  let [hash, at, used] = [leaf, index, 0]
  for (let width = chunksOf(size); width > 1; width = Math.ceil(width / 2), at >>= 1) {
    if (at === width - 1 && at % 2 === 0) continue
    const beside = proof[used++]
    if (beside === undefined) return undefined
    hash = at % 2 === 0 ? parentOf(hash, beside) : parentOf(beside, hash)
  }
  return used === proof.length && equalBytes(rootFrom(size, hash), root) ? leaf : undefined
}
