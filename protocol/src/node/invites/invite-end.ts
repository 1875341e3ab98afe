// How an own invite comes to its end (docs/protocol.md §3.6): its secrets go, and what is still needed of them is worked out before.

import { equalBytes, toHex } from '../../bytes/bytes.ts'
import { sign } from '../../crypto/sign.ts'
import { sealInviteEnd } from '../../invite/end.ts'
import { inviteSecretsOf, joinProof, packetRecordId } from '../../invite/secrets.ts'
import { INVITE_MS_MAX } from '../../limits.ts'
import { withoutOneTime } from '../../session/prekeys.ts'
import { recordEndStatement } from '../../wire/relay-proof.ts'
import { withConversation } from '../change.ts'
import { inviteExpiry, isOver } from '../clocks.ts'
import { found } from '../draft.ts'
import { otherThanFounder } from '../members.ts'
import type { AccountId, ConversationId, DeviceId } from '../../bytes/ids.ts'
import type { InviteEnd } from '../../invite/end.ts'
import type { Draft } from '../draft.ts'
import type { Conversation, NodeState, OwnInvite, SignedEnds } from '../state.ts'

/** `admitted`: the own seq that let somebody in. */
type InviteOutcome =
  | { readonly status: 'used'; readonly account: AccountId | undefined; readonly guest: DeviceId | undefined; readonly admitted: number }
  | { readonly status: 'revoked' | 'expired' }

/** Nobody can come by the invite of this conversation any more. Its prekey was for its guest alone. */
export function closeInvite(draft: Draft, id: ConversationId, over: InviteOutcome): void {
  const { invite, chains } = found(draft, id)
  if (invite === undefined) throw new RangeError('nobody was invited to this conversation')
  const prekeys = withoutOneTime(draft.state.prekeys, invite.bundle?.oneTime?.id)
  if (prekeys !== draft.state.prekeys) draft.state = { ...draft.state, prekeys }
  const ended = invite.ended || over.status === 'expired'
  const guest = over.status === 'used' ? { guest: over.guest, admitted: over.admitted, proof: proofOf(invite, over.account) } : {}
  const ends = ended ? undefined : signedEndsOf(invite)
  draft.state = withConversation(draft.state, {
    ...found(draft, id),
    // Where nobody came, nobody will read what was written.
    chains: over.status === 'used' ? chains : chains.with(draft.state.self.device.id, []),
    invite: { ...invite, ...guest, status: over.status, secret: undefined, bundle: undefined, handouts: [], ended, ends },
  })
}

const proofOf = ({ secret }: OwnInvite, account: AccountId | undefined): Uint8Array | undefined =>
  secret && account && joinProof(inviteSecretsOf(secret).token, account)

/** What ends the record of an invite, for each reason; undefined when nothing is left to end it with. */
export function signedEndsOf({ secret, ends }: OwnInvite): SignedEnds | undefined {
  if (secret === undefined) return ends
  const { token, key, ownerSeed } = inviteSecretsOf(secret)
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
  const kept = account === otherThanFounder(state, conversation) ? invite.proof : undefined
  const expected = invite.secret === undefined ? kept : proofOf(invite, account)
  return expected !== undefined && equalBytes(proof, expected)
}

/**
 * A relay has said its time. Invites that were made while theirs was out of reach learn it before anything is put there. Those that are over
 * are closed: by this device's clock, which may be wrong, and by the relay's; where theirs is another one, so long since that it cannot matter.
 */
export function timeInvites(draft: Draft, relay: string, ahead: number): void {
  const { now } = draft.env
  for (const conversation of draft.state.conversations.values()) {
    const { id, invite } = conversation
    if (invite?.secret === undefined) continue
    const isThere = toHex(invite.relay.key) === relay
    // Older versions kept the secrets.
    if (invite.status === 'used')
      closeInvite(draft, id, {
        status: 'used',
        account: otherThanFounder(draft.state, conversation),
        guest: invite.guest,
        admitted: invite.admitted,
      })
    else if (invite.status !== 'open') closeInvite(draft, id, { status: invite.status })
    else if (isOver(invite, now) && now + ahead >= invite.expires + (isThere ? 0 : INVITE_MS_MAX))
      closeInvite(draft, id, { status: 'expired' })
    else if (isThere && invite.through < 0) date(draft, conversation, inviteExpiry(invite.created, ahead))
  }
}

function date(draft: Draft, conversation: Conversation, expires: number): void {
  const { invite } = conversation
  if (invite !== undefined && invite.expires !== expires)
    draft.state = withConversation(draft.state, { ...conversation, invite: { ...invite, expires } })
}
