// Hides the length of what is sealed: content is padded to one of a few sizes before sealing (docs/protocol.md §3.3).

import { decode, encode, u32 } from '../bytes/codec.ts'

const LENGTH_BYTES = 4

/** Length (u32), content, zeros, up to the smallest bucket that holds them. Throws RangeError when none does. */
export function pad(content: Uint8Array, buckets: readonly number[]): Uint8Array {
  const size = buckets.find((bucket) => bucket >= content.length + LENGTH_BYTES)
  if (size === undefined) throw new RangeError('the content does not fit into a bucket')
  const padded = new Uint8Array(size)
  padded.set(encode(u32, content.length))
  padded.set(content, LENGTH_BYTES)
  return padded
}

/** The content of {@link pad}'s bytes, or undefined when they are not the one padding of anything. */
export function unpad(padded: Uint8Array, buckets: readonly number[]): Uint8Array | undefined {
  if (!buckets.includes(padded.length)) return undefined
  const end = decode(u32, padded.subarray(0, LENGTH_BYTES)) + LENGTH_BYTES
  const isSmallest = buckets.find((bucket) => bucket >= end) === padded.length
  return isSmallest && padded.subarray(end).every((byte) => byte === 0) ? padded.slice(LENGTH_BYTES, end) : undefined
}
