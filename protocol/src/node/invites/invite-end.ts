// How an own invite comes to its end (docs/protocol.md §3.6): its secrets go, and what is still needed of them is worked out before.

import { equalBytes, toHex } from '../../bytes/bytes.ts'
import { sign } from '../../crypto/sign.ts'
import { sealInviteEnd } from '../../invite/end.ts'
import { inviteSecretsOf, joinProof, packetRecordId, secondSecretsOf } from '../../invite/secrets.ts'
import { INVITE_MS_MAX } from '../../limits.ts'
import { withoutOneTime } from '../../session/prekeys.ts'
import { recordEndStatement } from '../../wire/relay-proof.ts'
import { inviting, withConversation } from '../change.ts'
import { inviteExpiry, isOver } from '../clocks.ts'
import { found } from '../draft.ts'
import { otherThanFounder } from '../members.ts'
import type { AccountId, ConversationId, DeviceId } from '../../bytes/ids.ts'
import type { InviteEnd } from '../../invite/end.ts'
import type { InviteSecrets } from '../../invite/secrets.ts'
import type { Draft } from '../draft.ts'
import type { Conversation, NodeState, OpenInvite, OwnInvite, SignedEnds } from '../state.ts'

/** `admitted`: the own seq that let somebody in. */
type InviteOutcome =
  | { readonly status: 'used'; readonly account: AccountId; readonly guest: DeviceId; readonly admitted: number }
  | { readonly status: 'revoked' }
  | { readonly status: 'expired' }

/** Nobody can come by the invite of this conversation any more. Its prekey was for its guest alone. */
export function closeInvite(draft: Draft, id: ConversationId, outcome: InviteOutcome): void {
  const { invite } = found(draft, id)
  if (invite?.status !== 'open') throw new RangeError('this conversation has no open invite')
  const prekeys = withoutOneTime(draft.state.prekeys, invite.bundle.oneTime?.id)
  if (prekeys !== draft.state.prekeys) draft.state = { ...draft.state, prekeys }
  const conversation = found(draft, id)
  // Where nobody came, nobody will read what was written.
  const chains = outcome.status === 'used' ? conversation.chains : conversation.chains.with(draft.state.self.device.id, [])
  draft.state = withConversation(draft.state, inviting({ ...conversation, chains }, closed(invite, outcome)))
}

function closed(invite: OpenInvite, outcome: InviteOutcome): OwnInvite {
  const { relay, created, expires, inbox, serial, packet, isUntouched, copy: open } = invite
  const record = { relay, created, expires, inbox, serial, packet, isUntouched }
  if (outcome.status === 'expired') return { ...record, status: 'expired', ends: undefined }
  const ends = signedEndsOf(invite)
  const copy = open && { ...open, ends: copyEndsOf(invite) }
  if (outcome.status === 'revoked') return { ...record, copy, status: 'revoked', ends }
  const { guest, admitted, account } = outcome
  return { ...record, copy, status: 'used', ends, guest, admitted, proof: proofOf(invite, account) }
}

const proofOf = ({ secret }: OpenInvite, account: AccountId): Uint8Array => joinProof(inviteSecretsOf(secret).token, account)

/** True once no relay has anything to hear about the record of an invite any more. A second one that never had it needs to hear nothing. */
export const isEnded = (invite: OwnInvite): boolean =>
  invite.status !== 'open' && invite.ends === undefined && (invite.copy?.ends === undefined || invite.copy.serial === 0)

/** What ends the record of an invite, for each reason; undefined when nothing is left to end. */
export function signedEndsOf(invite: Pick<OpenInvite, 'status' | 'secret'> | Exclude<OwnInvite, OpenInvite>): SignedEnds | undefined {
  return invite.status === 'open' ? endsBy(inviteSecretsOf(invite.secret)) : invite.ends
}

/** {@link signedEndsOf}, of the record at the second relay. */
export function copyEndsOf(invite: OwnInvite): SignedEnds | undefined {
  const { copy } = invite
  if (copy === undefined || invite.status !== 'open') return copy?.ends
  return endsBy(secondSecretsOf(inviteSecretsOf(invite.secret), copy.relay))
}

function endsBy({ token, key, ownerSeed }: InviteSecrets): SignedEnds {
  const record = packetRecordId(token)
  const signed = (end: InviteEnd) => {
    const word = sealInviteEnd(end, { token, key })
    return { word, signature: sign(ownerSeed, recordEndStatement(record, word)) }
  }
  return { record, used: signed('used'), revoked: signed('revoked') }
}

/** True when `proof` shows that `account` came by this conversation's own invite. */
export function isJoinProven(
  state: NodeState,
  conversation: Conversation,
  { account, proof }: { readonly account: AccountId; readonly proof: Uint8Array },
): boolean {
  const { invite } = conversation
  if (invite === undefined) return false
  const expected = invite.status === 'open' ? proofOf(invite, account) : keptProofOf(state, conversation, account)
  return expected !== undefined && equalBytes(proof, expected)
}

const keptProofOf = (state: NodeState, conversation: Conversation, account: AccountId): Uint8Array | undefined =>
  conversation.invite?.status === 'used' && account === otherThanFounder(state, conversation) ? conversation.invite.proof : undefined

/**
 * A relay has said its time. Invites that were made while theirs was out of reach learn it before anything is put there. Those that are over
 * are closed: by this device's clock, which may be wrong, and by the relay's; where theirs is another one, so long since that it cannot matter.
 */
export function timeInvites(draft: Draft, relay: string, ahead: number): void {
  const { now } = draft.env
  for (const conversation of draft.state.conversations.awake.values()) {
    const { id, invite } = conversation
    if (invite?.status !== 'open') continue
    const isThere = toHex(invite.relay.key) === relay
    if (isOver(invite, now) && now + ahead >= invite.expires + (isThere ? 0 : INVITE_MS_MAX)) closeInvite(draft, id, { status: 'expired' })
    else if (isThere && invite.packet === undefined) date(draft, conversation, inviteExpiry(invite.created, ahead))
  }
}

function date(draft: Draft, conversation: Conversation, expires: number): void {
  const { invite } = conversation
  if (invite !== undefined && invite.expires !== expires)
    draft.state = withConversation(draft.state, inviting(conversation, { ...invite, expires }))
}
