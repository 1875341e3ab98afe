// Where the record of an own invite lies: at one relay, or at two (docs/decisions/0076).

import { toHex } from '../../bytes/bytes.ts'
import type { InviteCopy, OwnInvite } from '../state.ts'

/** A record of an own invite at one relay; `registered`: and the mailbox that it leads to there. */
export type Place = InviteCopy & { readonly registered: boolean }

export function placesOf(invite: OwnInvite): readonly Place[] {
  const { relay, serial, packet, inbox, copy } = invite
  const ends = invite.status === 'open' ? undefined : invite.ends
  const first = { relay, serial, packet, ends, registered: inbox.registered }
  return copy === undefined ? [first] : [first, { ...copy, registered: inbox.second?.registered === true }]
}

/** An own invite of which this has changed at one of its relays. */
export const changedAt = (invite: OwnInvite, relay: string, change: Partial<InviteCopy>): OwnInvite =>
  invite.copy !== undefined && toHex(invite.copy.relay.key) === relay
    ? { ...invite, copy: { ...invite.copy, ...change } }
    : { ...invite, ...change }
