// What leaving a first word costs (docs/protocol.md §16.4): so many hashes on average, found for this blob, this mailbox, this relay and this hour alone.

import { concatBytes, fromHex } from '../bytes/bytes.ts'
import { encode, u32, u48 } from '../bytes/codec.ts'
import { hash as sha256, labelHash } from '../crypto/hash.ts'
import { HELLO_WORK_BITS, HELLO_WORK_MS } from './limits.ts'
import type { MailboxId } from '../bytes/ids.ts'

export type HelloWork = { readonly relayKey: Uint8Array; readonly mailbox: MailboxId; readonly hour: number; readonly blob: Uint8Array }

type Hash = (bytes: Uint8Array) => Uint8Array

/** Hashes between two pauses: some milliseconds. */
const HASHES_AT_ONCE = 2_048

export const workHourAt = (ms: number): number => Math.floor(ms / HELLO_WORK_MS)

/** What the hashes are about. With a number behind it, it fills one block. */
export const workStatement = ({ relayKey, mailbox, hour, blob }: HelloWork, hash: Hash = sha256): Uint8Array =>
  labelHash('kith/1/hello-work', relayKey, fromHex(mailbox), encode(u32, hour), hash(blob))

export function isWorkDone(statement: Uint8Array, nonce: number, hash: Hash = sha256): boolean {
  const [a = 255, b = 255, c = 255, d = 255] = hash(concatBytes(statement, encode(u48, nonce)))
  return Math.clz32(((a << 24) | (b << 16) | (c << 8) | d) >>> 0) >= HELLO_WORK_BITS
}

/** The first number that will do. `pause`: lets others have their turn. */
export async function doWork(statement: Uint8Array, pause: () => Promise<void>): Promise<number> {
  for (let nonce = 0; ; nonce += 1) {
    if (isWorkDone(statement, nonce)) return nonce
    if (nonce % HASHES_AT_ONCE === HASHES_AT_ONCE - 1) await pause()
  }
}
