// The number that two people read to each other to learn that nobody stands between them (docs/protocol.md §2.4).

import { concatBytes, fromHex } from '../bytes/bytes.ts'
import { derive } from '../crypto/kdf.ts'
import type { AccountId } from '../bytes/ids.ts'

const GROUPS = 12
const GROUP_BYTES = 5

/** 60 digits, the same whichever account is named first. */
export function safetyNumberOf(accounts: readonly [AccountId, AccountId]): string {
  const both = concatBytes(...[...accounts].sort().map(fromHex))
  const stream = derive(both, new Uint8Array(0), 'kith/1/safety-number', GROUPS * GROUP_BYTES)
  let digits = ''
  for (let group = 0; group < GROUPS; group++) digits += digitsOf(stream.subarray(group * GROUP_BYTES, (group + 1) * GROUP_BYTES))
  return digits
}

// 40 bits make the bias of the remainder smaller than one in ten million.
function digitsOf(part: Uint8Array): string {
  const value = part.reduce((sum, byte) => sum * 256 + byte, 0)
  return String(value % 100_000).padStart(5, '0')
}
