// Where a device wants to be woken by its browser's push service (RFC 8030), as it tells its relay (docs/protocol.md §8.5).

import { fixed, struct, text } from '../bytes/codec.ts'
import { PUSH_ENDPOINT_BYTES_MAX } from '../limits.ts'
import type { Codec } from '../bytes/codec.ts'

/** `endpoint`: an https address at the push service. `key`: the browser's, P-256, uncompressed. `auth`: its secret for this subscription. */
export type PushSubscription = { readonly endpoint: string; readonly key: Uint8Array; readonly auth: Uint8Array }

export const PUSH_KEY_BYTES = 65
export const pushSubscription: Codec<PushSubscription> = struct({
  endpoint: text(PUSH_ENDPOINT_BYTES_MAX),
  key: fixed(PUSH_KEY_BYTES),
  auth: fixed(16),
})
