// What an old device hands a new one once the digits were compared (docs/protocol.md §13.3): the account, and how to reach the old one. Everything else
// follows from there, as it does between any two devices.

import { bytes, fixed, flag, list, optional, struct, text } from '../bytes/codec.ts'
import { conversationId, deviceId } from '../bytes/ids.ts'
import { DEVICES_PER_ACCOUNT_MAX, LISTS_HANDED_MAX, NAME_BYTES_MAX, REVOKED_DEVICES_MAX, SIGNED_DEVICE_LIST_BYTES_MAX } from '../limits.ts'
import { prekeyBundle } from '../session/prekey-bundle.ts'
import { mailboxGrant } from '../wire/capability.ts'
import type { Codec } from '../bytes/codec.ts'
import type { ConversationId, DeviceId } from '../bytes/ids.ts'
import type { DeviceKeys } from '../identity/device.ts'
import type { PrekeyBundle } from '../session/prekey-bundle.ts'
import type { MailboxGrant } from '../wire/capability.ts'

export type Handover = {
  readonly entropy: Uint8Array
  /** Signed device lists one after the other, the last one with the new device in it. */
  readonly lists: readonly Uint8Array[]
  /** Devices that have written in the circle and are revoked. */
  readonly former: readonly DeviceKeys[]
  /** The conversation of the person's own devices. */
  readonly circle: ConversationId
  /** Of the old device, for the new one alone. */
  readonly bundle: PrekeyBundle
  /** Where the new device writes to the old one. */
  readonly grant: MailboxGrant
  readonly name: string | undefined
  readonly readReceipts: boolean
  /** What the person's devices are called. */
  readonly names: readonly { readonly device: DeviceId; readonly name: string }[]
}

export const handover: Codec<Handover> = struct({
  entropy: fixed(32),
  lists: list(bytes(SIGNED_DEVICE_LIST_BYTES_MAX), LISTS_HANDED_MAX),
  former: list(struct({ signingKey: fixed(32), agreementKey: fixed(32) }), REVOKED_DEVICES_MAX),
  circle: conversationId,
  bundle: prekeyBundle,
  grant: mailboxGrant,
  name: optional(text(NAME_BYTES_MAX)),
  readReceipts: flag,
  names: list(struct({ device: deviceId, name: text(NAME_BYTES_MAX) }), DEVICES_PER_ACCOUNT_MAX),
})
