// Why an invite ended, left at the relay in the packet's place: sealed with the link's key, so that the relay can neither read nor invent
// it (docs/protocol.md §3.6).

import { fromHex } from '../bytes/bytes.ts'
import { encode, oneOf, tryDecode } from '../bytes/codec.ts'
import { NAMED_NONCE_BYTES, openNamed, sealNamed } from '../crypto/aead.ts'
import { labelHash, labelMac } from '../crypto/hash.ts'
import { packetRecordId } from './secrets.ts'
import type { LinkSecrets } from './secrets.ts'

/** `used`: somebody was let in. `revoked`: the inviter took the link back. */
export type InviteEnd = 'used' | 'revoked'

const inviteEnd = oneOf<InviteEnd>(['used', 'revoked'])
const contextOf = (token: Uint8Array): Uint8Array => labelHash('kith/1/invite-end', fromHex(packetRecordId(token)))

/** 41 bytes: nonce, one sealed byte, tag. The same word gives the same bytes, since the nonce is a MAC over it. */
export function sealInviteEnd(end: InviteEnd, { token, key }: LinkSecrets): Uint8Array {
  const plaintext = encode(inviteEnd, end)
  return sealNamed(key, labelMac(key, 'kith/1/invite-end-nonce', plaintext).subarray(0, NAMED_NONCE_BYTES), plaintext, contextOf(token))
}

/** Undefined when it was not sealed by somebody who has the link. */
export function openInviteEnd({ token, key }: LinkSecrets, sealed: Uint8Array): InviteEnd | undefined {
  const content = openNamed(key, sealed, contextOf(token))
  return content && tryDecode(inviteEnd, content)
}
