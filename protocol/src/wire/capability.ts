// How to reach somebody: a relay's address and the right to write to one mailbox (docs/protocol.md §7).

import { DecodeError, fixed, mapped, struct, text } from '../bytes/codec.ts'
import { equalBytes } from '../bytes/bytes.ts'
import { mailboxId } from '../bytes/ids.ts'
import { RELAY_URL_BYTES_MAX } from '../limits.ts'
import type { Codec } from '../bytes/codec.ts'
import type { MailboxId } from '../bytes/ids.ts'

/** A relay: its Ed25519 key (which is its libp2p identity) and where it listens, e.g. `wss://chat.example.org` or `ws://127.0.0.1:8080`. */
export type RelayAddress = { readonly key: Uint8Array; readonly url: string }

export const isSameRelay = (a: RelayAddress, b: RelayAddress): boolean => a.url === b.url && equalBytes(a.key, b.key)

/** The right to deposit into one mailbox. `sendSeed`: Ed25519 seed of the send key. `sealKey`: seals every blob. */
export type MailboxGrant = {
  readonly relay: RelayAddress
  readonly mailbox: MailboxId
  readonly sendSeed: Uint8Array
  readonly sealKey: Uint8Array
}

const RELAY_URL = /^wss?:\/\/(?:[a-z0-9.-]{1,253}|\[[0-9a-f:.]{2,45}\])(?::[1-9][0-9]{0,4})?$/

/** A relay's URL in its one valid form: lower case, ws or wss, no path, no user. */
export const isRelayUrl = (value: string): boolean => RELAY_URL.test(value)

const relayUrl: Codec<string> = mapped(
  text(RELAY_URL_BYTES_MAX),
  (value) => {
    if (!isRelayUrl(value)) throw new DecodeError('not the address of a relay')
    return value
  },
  (value) => value,
)

export const relayAddress: Codec<RelayAddress> = struct({ key: fixed(32), url: relayUrl })

export const mailboxGrant: Codec<MailboxGrant> = struct({
  relay: relayAddress,
  mailbox: mailboxId,
  sendSeed: fixed(32),
  sealKey: fixed(32),
})
