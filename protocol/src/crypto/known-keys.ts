// Public keys that are met again and again, as points. A key that comes a second time gets the library's table of multiples, which makes
// each later verification several times cheaper. Everything here is public, so no time has to be hidden.

import { ed25519 } from '@noble/curves/ed25519.js'
import { toHex } from '../bytes/bytes.ts'
import { KEY_TABLES_MAX } from '../limits.ts'

type Point = typeof ed25519.Point.BASE
type Known = { readonly point: Point; readonly hasTable: boolean }

/** A wider table serves faster and takes longer to make: docs/decisions/0032. */
const WINDOW_BITS = 4

const known = new Map<string, Known>()

/** The point of `key`. Throws when `key` is not a canonical point. */
export function pointOf(key: Uint8Array): Point {
  const name = toHex(key)
  const before = known.get(name)
  const point = before?.point ?? ed25519.Point.fromBytes(key)
  if (before?.hasTable === false) point.precompute(WINDOW_BITS)
  known.delete(name)
  known.set(name, { point, hasTable: before !== undefined })
  const [oldest] = known.keys()
  if (known.size > KEY_TABLES_MAX && oldest !== undefined) known.delete(oldest)
  return point
}
