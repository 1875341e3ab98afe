// Keys of joint blobs, by the device that seals with them (docs/protocol.md §7.1).

import { equalBytes } from '../../bytes/bytes.ts'
import { BLOB_KEYS_PER_DEVICE_MAX, ONE_BY_ONE_MAILBOXES_MAX } from '../../limits.ts'
import type { IdMap } from '../../bytes/id-map.ts'
import type { DeviceId } from '../../bytes/ids.ts'
import type { Conversation } from '../state.ts'

type BlobKeys = IdMap<DeviceId, readonly Uint8Array[]>

/** True when a conversation has more other devices than are written to one by one. */
export const hasMany = ({ log }: Conversation): boolean => log.feeds.size - 1 > ONE_BY_ONE_MAILBOXES_MAX

/** `key` as the newest of a device; one that is known stays where it is. */
export function withBlobKey(keys: BlobKeys, device: DeviceId, key: Uint8Array): BlobKeys {
  const held = keys.get(device) ?? []
  return held.some((other) => equalBytes(other, key)) ? keys : keys.with(device, [key, ...held].slice(0, BLOB_KEYS_PER_DEVICE_MAX))
}
