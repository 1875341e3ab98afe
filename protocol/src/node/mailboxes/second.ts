// Where a contact's device says that it is written to: at one relay, and where it names a second one, at that when the first does not answer
// (docs/decisions/0076).

import { secondGrantOf } from '../../mailbox/keys.ts'
import { withPeer } from '../change.ts'
import { refuse } from '../draft.ts'
import { depositAgain } from './mailboxes.ts'
import { isSameKey } from './own.ts'
import type { PayloadItem } from '../../session/payload.ts'
import type { MailboxGrant } from '../../wire/capability.ts'
import type { Draft } from '../draft.ts'
import type { Peer } from '../state.ts'

/** Of the two, the one that it named first. */
const firstOf = ({ outbox, spare }: Peer): MailboxGrant | undefined => (spare?.isFirst === true ? spare.grant : outbox)

const isSameMailbox = (before: MailboxGrant | undefined, after: MailboxGrant): boolean =>
  before?.mailbox === after.mailbox && isSameKey(before.relay, after.relay)

/** Where it says again what it has said before, it may have found the relay at another address. */
export function takeGrant(draft: Draft, peer: Peer, grant: MailboxGrant): void {
  const { outbox, spare } = peer
  if (spare !== undefined && isSameMailbox(firstOf(peer), grant)) {
    draft.state = withPeer(draft.state, spare.isFirst ? { ...peer, spare: { ...spare, grant } } : { ...peer, outbox: grant })
    return
  }
  draft.state = withPeer(draft.state, { ...peer, outbox: grant, spare: undefined })
  if (!isSameMailbox(outbox, grant)) depositAgain(draft, grant.mailbox)
}

/** A second one is known of each, and no third. */
export function takeSecond(draft: Draft, peer: Peer, { mailbox, relay }: Extract<PayloadItem, { kind: 'second' }>): void {
  const first = firstOf(peer)
  if (first?.mailbox !== mailbox) return refuse(draft, 'second relay', 'unknown-mailbox')
  if (isSameKey(first.relay, relay)) return refuse(draft, 'second relay', 'same-relay')
  const grant = secondGrantOf(first, relay)
  if (peer.spare?.isFirst !== true) {
    draft.state = withPeer(draft.state, { ...peer, spare: { grant, isFirst: false } })
    return
  }
  draft.state = withPeer(draft.state, { ...peer, outbox: grant })
  if (!isSameMailbox(peer.outbox, grant)) depositAgain(draft, grant.mailbox)
}
