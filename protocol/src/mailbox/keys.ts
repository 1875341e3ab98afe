// A mailbox as its owner knows it, and the grant that its one writer gets (docs/protocol.md §7). What lies beside it at a second relay follows from
// it, so that nobody has to keep or to be told more than where that is.

import { mailboxIdOf } from '../bytes/ids.ts'
import { labelMac } from '../crypto/hash.ts'
import { isSameRelay } from '../wire/capability.ts'
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

/** The same writer's mailbox at a second relay. Neither relay can tell that the two belong together, and the writer cannot read there either. */
export const secondGrantOf = ({ mailbox: _, ...first }: MailboxGrant, relay: RelayAddress): MailboxGrant => ({
  relay,
  mailbox: secondMailbox(first, relay),
  sendSeed: labelMac(first.sendSeed, 'kith/1/second-send', relay.key),
  sealKey: labelMac(first.sealKey, 'kith/1/second-seal', relay.key),
})

const secondMailbox = ({ sealKey }: Pick<MailboxGrant, 'sealKey'>, { key }: RelayAddress): MailboxId =>
  mailboxIdOf(labelMac(sealKey, 'kith/1/second-mailbox', key))

/** Thousands of them are asked for whenever it is worked out what is due. */
const known = new WeakMap<MailboxKeys, MailboxKeys>()

/** {@link secondGrantOf}, as the owner of both knows it. */
export function secondKeysOf(first: MailboxKeys, relay: RelayAddress): MailboxKeys {
  const before = known.get(first)
  if (before !== undefined && isSameRelay(before.relay, relay)) return before
  const keys = new SecondKeys(first, relay)
  known.set(first, keys)
  return keys
}

/** Of most no more than the name is ever needed. */
class SecondKeys implements MailboxKeys {
  readonly relay: RelayAddress
  readonly mailbox: MailboxId
  readonly #first: MailboxKeys

  constructor(first: MailboxKeys, relay: RelayAddress) {
    this.relay = relay
    this.mailbox = secondMailbox(first, relay)
    this.#first = first
  }

  get readSeed(): Uint8Array {
    return labelMac(this.#first.readSeed, 'kith/1/second-read', this.relay.key)
  }

  get sendSeed(): Uint8Array {
    return labelMac(this.#first.sendSeed, 'kith/1/second-send', this.relay.key)
  }

  get sealKey(): Uint8Array {
    return labelMac(this.#first.sealKey, 'kith/1/second-seal', this.relay.key)
  }
}
