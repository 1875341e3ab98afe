// The Yjs client under which a device writes (docs/protocol.md §10.3, §5.15). It follows from the device, so nobody chooses it.

import { fromHex } from '../bytes/bytes.ts'
import { labelHash } from '../crypto/hash.ts'
import type { ConversationId, DeviceId } from '../bytes/ids.ts'

/** H("kith/1/client", device ‖ conversation), its first 32 bits; 1 where these are 0. */
export function clientOf(device: DeviceId, conversation: ConversationId): number {
  const digest = labelHash('kith/1/client', fromHex(device), fromHex(conversation))
  const number = new DataView(digest.buffer, digest.byteOffset).getUint32(0)
  return number === 0 ? 1 : number
}

const HIGH_BITS = 21

/**
 * In a living message, H("kith/1/living-client", device ‖ conversation), its first 53 bits; 1 where these are 0. There a client is a name to speak in:
 * of 32 bits whoever makes keys for a day has one with somebody else's.
 */
export function livingClientOf(device: DeviceId, conversation: ConversationId): number {
  const digest = labelHash('kith/1/living-client', fromHex(device), fromHex(conversation))
  const view = new DataView(digest.buffer, digest.byteOffset)
  const number = (view.getUint32(0) >>> (32 - HIGH_BITS)) * 2 ** 32 + view.getUint32(4)
  return number === 0 ? 1 : number
}
