// The Yjs client under which a device writes (docs/protocol.md §10.3). It follows from the device, so nobody chooses it.

import { fromHex } from '../bytes/bytes.ts'
import { labelHash } from '../crypto/hash.ts'
import type { ConversationId, DeviceId } from '../bytes/ids.ts'

/** H("kith/1/client", device ‖ conversation), its first 32 bits; 1 where these are 0. */
export function clientOf(device: DeviceId, conversation: ConversationId): number {
  const digest = labelHash('kith/1/client', fromHex(device), fromHex(conversation))
  const number = new DataView(digest.buffer, digest.byteOffset).getUint32(0)
  return number === 0 ? 1 : number
}
