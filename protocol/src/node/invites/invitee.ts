// How a pair comes to be, on the invited side (docs/protocol.md §3.5): answer, and find out when one came too late. Opening the link is in open.ts.

import { joinProof } from '../../invite/secrets.ts'
import { initiate } from '../../session/pairing.ts'
import { freshPrekeys, handChain, write } from '../author.ts'
import { withConversation, withNet, withoutItem, withPeer } from '../change.ts'
import { found } from '../draft.ts'
import { endsOf } from '../incoming/ends.ts'
import { createInbox, wordsOf } from '../mailboxes/own.ts'
import { hasPassed } from '../moment.ts'
import type { ConversationId } from '../../bytes/ids.ts'
import type { InvitePacket } from '../../invite/packet.ts'
import type { Draft } from '../draft.ts'
import type { Conversation, Peer } from '../state.ts'
import type { Moment } from '../moment.ts'

/** The invitee's first word: a session with the founder's device, a mailbox for its answers, and the join entry. */
export function join(draft: Draft, id: ConversationId): void {
  const { self } = draft.state
  const conversation = found(draft, id)
  const { invitation } = conversation
  const peer = invitation && draft.state.peers.get(invitation.founderDevice)
  if (invitation === undefined || peer === undefined) throw new RangeError('nobody was invited to this conversation')
  const inbox = peer.inbox ?? createInbox(draft, draft.state.home ?? invitation.grant.relay)
  draft.state = withPeer(draft.state, { ...withSession(draft, peer, invitation.bundle), inbox })
  draft.state = withConversation(draft.state, { ...conversation, phase: 'joining', invitation: { ...invitation, isClaimed: true } })
  askAnew(draft, id)
  handChain(draft, peer.device.id, id, [
    { kind: 'token', conversation: id, token: invitation.token },
    ...wordsOf(inbox),
    ...freshPrekeys(draft, peer.device.id),
  ])
  write(draft, id, { kind: 'join', account: self.account, deviceList: self.list.hash, proof: joinProof(invitation.token, self.account) })
  if (self.name !== undefined) write(draft, id, { kind: 'profile', name: self.name })
}

// Whatever a relay said of the invite while it was only read may be old by now: nothing leaves before it has said so again.
function askAnew(draft: Draft, id: ConversationId): void {
  const relays = [...draft.state.net.relays].map(
    ([relay, session]) => [relay, { ...session, checks: withoutItem(session.checks, id) }] as const,
  )
  draft.state = withNet(draft.state, { relays: new Map(relays) })
}

/** True when somebody else was let in, or was here first, or nobody can come in any more. Should the founder's word come after all, it counts. */
export function isTooLate({ phase, invitation }: Conversation, at: number | Moment): boolean {
  return (phase === 'joining' || phase === 'invited') && invitation?.late !== undefined && hasPassed(invitation.late, at)
}

// With somebody whom this device talks to already, the session that is there serves.
function withSession(draft: Draft, peer: Peer, bundle: InvitePacket['bundle']): Peer {
  if (peer.pairing !== undefined) return peer
  const initiation = initiate(undefined, endsOf(draft.state, peer), bundle, draft.env)
  if (initiation.kind === 'refused') throw new RangeError('the bundle of a packet does not serve')
  return { ...peer, pairing: initiation.pairing }
}
