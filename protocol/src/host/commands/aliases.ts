// What a conversation is called in the addresses of this device's pages: a name that means nothing elsewhere and nothing once the device is erased, since
// addresses stay in a browser's history, and ids of conversations are the same for everybody in them.

import { fromHex, toBase64Url } from '../../bytes/bytes.ts'
import { labelMacsUnder } from '../../crypto/hash.ts'
import type { ConversationId } from '../../bytes/ids.ts'

const ALIAS_BYTES = 8

/** `seed`: a secret of this device. */
export function createAliases(seed: Uint8Array): (conversation: ConversationId) => string {
  const known = new Map<ConversationId, string>()
  const macOf = labelMacsUnder(seed, 'kith/1/alias')
  return (conversation) => {
    const alias = known.get(conversation) ?? toBase64Url(macOf(fromHex(conversation)).subarray(0, ALIAS_BYTES))
    known.set(conversation, alias)
    return alias
  }
}
