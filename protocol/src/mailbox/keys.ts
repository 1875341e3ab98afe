// A mailbox as its owner knows it, and the grant that its one writer gets (docs/protocol.md §7).

import { mailboxIdOf } from '../bytes/ids.ts'
import type { MailboxId } from '../bytes/ids.ts'
import type { Random } from '../ports.ts'
import type { MailboxGrant, RelayAddress } from '../wire/capability.ts'

/** `readSeed` and `sendSeed` are Ed25519 seeds; the relay knows their public keys only. `sealKey` never reaches the relay. */
export type MailboxKeys = {
  readonly relay: RelayAddress
  readonly mailbox: MailboxId
  readonly readSeed: Uint8Array
  readonly sendSeed: Uint8Array
  readonly sealKey: Uint8Array
}

export const createMailboxKeys = (relay: RelayAddress, random: Random): MailboxKeys => ({
  relay,
  mailbox: mailboxIdOf(random(32)),
  readSeed: random(32),
  sendSeed: random(32),
  sealKey: random(32),
})

/** What the writer needs, and no more. */
export const grantOf = ({ relay, mailbox, sendSeed, sealKey }: MailboxKeys): MailboxGrant => ({ relay, mailbox, sendSeed, sealKey })
