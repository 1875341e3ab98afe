// Where parcels of a file lie: with the mailboxes through which two devices write to each other anyway, so nobody needs any other right
// (docs/decisions/0061).

import { toHex } from '../../bytes/bytes.ts'
import { chunksOf } from '../../attachments/chunk.ts'
import { parcelNamesKey } from '../../attachments/parcel.ts'
import { RELAYED_FILE_BYTES_MAX } from '../../attachments/limits.ts'
import { bothOf } from '../../node/mailboxes/both.ts'
import type { DeviceId, MailboxId } from '../../bytes/ids.ts'
import type { NodeState } from '../../node/state.ts'
import type { Attachment } from '../../wire/attachment.ts'
import type { Leaving } from './rows.ts'

/** A mailbox at a relay with which there is a stream on which it was opened or bound. */
export type Shelf = { readonly relay: string; readonly mailbox: MailboxId }

/** Whether relays carry it at all. */
export const isRelayed = ({ size }: Pick<Attachment, 'size'>): boolean => size <= RELAYED_FILE_BYTES_MAX

export const parcelsOf = ({ key, size }: Attachment): Pick<Leaving, 'namesKey' | 'count'> => ({
  namesKey: parcelNamesKey(key),
  count: chunksOf(size),
})

export const ownMailboxFor = ({ peers }: NodeState, device: DeviceId): MailboxId | undefined => peers.look(device)?.inbox?.keys.mailbox
export const mailboxOf = ({ peers }: NodeState, device: DeviceId): MailboxId | undefined => peers.look(device)?.outbox?.mailbox

/** Where this device gets what another has left for it: while the first of two relays is not there, at the second. */
export function ownShelfFor({ peers, net }: NodeState, device: DeviceId): Shelf | undefined {
  for (const { keys } of bothOf(peers.look(device)?.inbox)) {
    const relay = toHex(keys.relay.key)
    if (net.relays.get(relay)?.opened.has(keys.mailbox) === true) return { relay, mailbox: keys.mailbox }
  }
  return undefined
}

/** Where this device leaves what is for another. */
export function shelfOf({ peers, net }: NodeState, device: DeviceId): Shelf | undefined {
  const grant = peers.look(device)?.outbox
  const relay = grant && toHex(grant.relay.key)
  return grant !== undefined && relay !== undefined && net.relays.get(relay)?.bound.has(grant.mailbox) === true
    ? { relay, mailbox: grant.mailbox }
    : undefined
}

/** The relay at which this mailbox was opened or bound. */
export function relayOf({ net }: NodeState, mailbox: MailboxId): string | undefined {
  for (const [relay, { opened, bound }] of net.relays) if (opened.has(mailbox) || bound.has(mailbox)) return relay
  return undefined
}

/** Whether streams to relays began or ended, or other mailboxes were opened or bound there. */
export function haveShelvesChanged({ net: before }: NodeState, { net: after }: NodeState): boolean {
  if (before.relays === after.relays) return false
  if (before.relays.size !== after.relays.size) return true
  return [...after.relays].some(([relay, { serial, opened, bound }]) => {
    const old = before.relays.get(relay)
    return old?.serial !== serial || old.opened !== opened || old.bound !== bound
  })
}
