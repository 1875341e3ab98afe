// Multiples of public keys that are met again and again, for verification only: everything here is public, so no time has to be hidden.
// A key that comes a second time gets a table, which makes each later multiplication some four times cheaper.

import { Point } from '@noble/ed25519'
import { toHex } from '../bytes/bytes.ts'
import { KEY_TABLES_MAX } from '../limits.ts'

const WINDOW_BITS = 4n
const WINDOWS = 65
const HALF = 8

/** Multiples 1 to 8 of the key, times 16 to the power of the window. */
type Table = readonly (readonly Point[])[]

const known = new Map<string, Table | undefined>()

/** `scalar`·A for 0 ≤ scalar < L. Throws when `key` is not a canonical point. */
export function multiplyKey(key: Uint8Array, scalar: bigint): Point {
  const name = toHex(key)
  const isSecond = known.has(name)
  const point = known.get(name)?.[0]?.[0] ?? Point.fromBytes(key)
  const table = known.get(name) ?? (isSecond ? tableOf(point) : undefined)
  remember(name, table)
  return table === undefined ? point.multiply(scalar, false) : sumOf(table, scalar)
}

function remember(name: string, table: Table | undefined): void {
  known.delete(name)
  known.set(name, table)
  const [oldest] = known.keys()
  if (known.size > KEY_TABLES_MAX && oldest !== undefined) known.delete(oldest)
}

function tableOf(key: Point): Table {
  const table: Point[][] = []
  let base = key
  for (let window = 0; window < WINDOWS; window++) {
    const row = [base]
    let multiple = base
    for (let i = 1; i < HALF; i++) {
      multiple = multiple.add(base)
      row.push(multiple)
    }
    table.push(row)
    base = multiple.double()
  }
  return table
}

// Digits from −8 to 7 in base 16: one addition for each that is not zero.
function sumOf(table: Table, scalar: bigint): Point {
  let sum = Point.ZERO
  let rest = scalar
  for (let window = 0; rest > 0n; window++) {
    let digit = Number(rest & 15n)
    rest >>= WINDOW_BITS
    if (digit >= HALF) {
      digit -= 2 * HALF
      rest += 1n
    }
    const multiple = table[window]?.[Math.abs(digit) - 1]
    if (multiple !== undefined) sum = sum.add(digit < 0 ? multiple.negate() : multiple)
  }
  return sum
}
