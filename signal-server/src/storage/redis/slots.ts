// Where things lie: an id belongs to a bucket, and a bucket to one hash slot of a cluster, so that all of a mailbox is in one place.

import { REDIS_BUCKETS } from '../../limits.ts'

/** The bucket of an id, which is random: two bytes of it are as good as a hash. */
export const bucketOf = (id: Uint8Array): number => (((id[0] ?? 0) << 8) | (id[1] ?? 0)) % REDIS_BUCKETS

/** Only what is in the braces decides the slot. */
export const nameOf = (bucket: number): string => `kith:{${bucket}}`

export const SLOTS = 16_384

/** CRC-16/XMODEM, as the cluster specification has it. */
export function slotOf(tag: string): number {
  let crc = 0
  for (const byte of Buffer.from(tag)) {
    crc ^= byte << 8
    for (let bit = 0; bit < 8; bit++) crc = ((crc & 0x8000) === 0 ? crc << 1 : (crc << 1) ^ 0x1021) & 0xffff
  }
  return crc % SLOTS
}

export const SLOT_OF_BUCKET: readonly number[] = Array.from({ length: REDIS_BUCKETS }, (_, bucket) => slotOf(String(bucket)))
