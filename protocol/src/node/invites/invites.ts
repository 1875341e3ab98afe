// The record of an invite at its relay (docs/protocol.md §3.5, §3.6): what either side has to ask of it, and what the answers change.

import { toHex } from '../../bytes/bytes.ts'
import { INVITE_MS_MAX } from '../../limits.ts'
import { verify } from '../../crypto/sign.ts'
import { openInviteEnd } from '../../invite/end.ts'
import { recordedStatement } from '../../wire/relay-proof.ts'
import { inviting, withConversation, withItem } from '../change.ts'
import { secondLinkOf } from '../../invite/secrets.ts'
import { claimantOf, claimRequest } from './claim.ts'
import { aheadOf } from '../clocks.ts'
import { refuse } from '../draft.ts'
import { isEnded } from './invite-end.ts'
import { changedAt, placesOf } from './places.ts'
import { depositAgain, refusedBy, withSession } from '../mailboxes/mailboxes.ts'
import { isGuestTold } from '../delivery/reach.ts'
import { hasPassed, isBefore } from '../moment.ts'
import { ownLength } from '../state.ts'
import { leaveUpTo } from '../delivery/unsent.ts'
import type { LateReason } from '../../views.ts'
import type { RelayAnswer, RelayAnswerOf } from '../../wire/relay.ts'
import type { Draft } from '../draft.ts'
import type { Duty } from '../duty.ts'
import type { InputOf } from '../input.ts'
import type { LinkSecrets } from '../../invite/secrets.ts'
import type { Conversation, Invitation, NodeState, OwnInvite } from '../state.ts'
import type { Place } from './places.ts'
import type { Moment } from '../moment.ts'

/** Who has answered an invite asks after it this long after the first time, then after twice as long, up to the other, ms. */
const CHECK_MS_FIRST = 10_000
const CHECK_MS_LAST = 120_000
/** The founder's word gets this long to be read before an answer counts as too late, ms. */
export const LATE_MS = 15_000

/** What an invite asks for, on either side. */
export function inviteDuties(state: NodeState, conversation: Conversation, at: Moment): readonly Duty[] {
  if (conversation.invitation !== undefined) return checkDuties(state, conversation, at)
  const { invite } = conversation
  if (invite === undefined || isEnded(invite)) return []
  return placesOf(invite).flatMap((place) => recordDuties(state, conversation, { invite, place, at }))
}

type RecordPlace = { readonly invite: OwnInvite; readonly place: Place; readonly at: Moment }

function recordDuties(state: NodeState, conversation: Conversation, { invite, place, at }: RecordPlace): readonly Duty[] {
  const { id } = conversation
  const { packet, serial, ends } = place
  const relay = toHex(place.relay.key)
  if (state.net.relays.get(relay)?.challenge === undefined) return []
  if (invite.status === 'open') {
    const upTo = ownLength(state, conversation)
    const hasMore = packet === undefined || (!packet.isFull && upTo > packet.upTo)
    const isDue = place.registered && hasMore && isBefore(invite.created + INVITE_MS_MAX, at)
    return isDue ? [{ kind: 'packet', key: `packet/${id}/${relay}`, aim: `${upTo}`, relay, conversation: id, upTo }] : []
  }
  // The relay may say that the invite is over once whoever was let in can know it; the others learn from it that they are too late.
  const isSettled = isGuestTold(state, conversation)
  if (serial === 0 || ends === undefined || invite.status === 'expired' || !isSettled) return []
  const { status } = invite
  const { record, [status]: end } = ends
  const request = () => ({ kind: 'end-record', record, ...end }) as const
  const toInput = (answer: RelayAnswer) => ({ kind: 'packet-ended', conversation: id, relay, answer }) as const
  return [{ kind: 'request', key: `end/${id}/${relay}`, aim: status, relay, request, toInput }]
}

// Whoever claims an invite asks whether it stands: on every connection, before an answer leaves, and after that less and less often.
function checkDuties(state: NodeState, { id, phase, invitation }: Conversation, at: Moment): readonly Duty[] {
  if (phase === 'open' || invitation?.isClaimed !== true || invitation.late !== undefined) return []
  const relay = toHex(invitation.grant.relay.key)
  const session = state.net.relays.get(relay)
  const next = session?.checks.get(id)
  if (session?.challenge === undefined || (next !== undefined && !hasPassed(next, at))) return []
  const { challenge } = session
  const request = () => claimRequest(state.self, linkAt(invitation).token, { relay, challenge })
  const toInput = (answer: RelayAnswer) => ({ kind: 'invite-checked', relay, session: session.serial, conversation: id, answer }) as const
  return [{ kind: 'request', key: `check/${id}`, relay, request, toInput }]
}

/** What the link says for the relay that is asked now. */
const linkAt = (invitation: Invitation): LinkSecrets =>
  invitation.spare?.isFirst === true ? secondLinkOf(invitation, invitation.grant.relay) : invitation

export function packetPut(draft: Draft, { conversation: id, relay, asked, upTo, put, answer }: InputOf<'packet-put'>): void {
  const conversation = draft.state.conversations.get(id)
  if (conversation?.invite === undefined) return
  const { invite } = conversation
  const { serial } = put
  const place = placesOf(invite).find(({ relay: { key } }) => toHex(key) === relay)
  if (place === undefined) return
  if (answer.kind === 'recorded') {
    if (!verify(place.relay.key, recordedStatement(put, answer.time), answer.signature)) return refuse(draft, 'packet', 'signature')
    const packet = { upTo: Math.max(place.packet?.upTo ?? 0, upTo), isFull: upTo < asked }
    draft.state = withConversation(draft.state, inviting(conversation, changedAt(invite, relay, { serial, packet })))
    leaveUpTo(draft, id, upTo)
  }
  // An answer was lost and the relay has this serial already: the next one is free.
  else if (answer.kind === 'refused' && answer.reason === 'stale')
    draft.state = withConversation(draft.state, inviting(conversation, changedAt(invite, relay, { serial })))
  else refusedBy(draft, 'packet', answer)
}

export function packetEnded(draft: Draft, { conversation: id, relay, answer }: InputOf<'packet-ended'>): void {
  const conversation = draft.state.conversations.get(id)
  if (conversation?.invite === undefined || conversation.invite.status === 'open') return
  if (answer.kind === 'done' || (answer.kind === 'refused' && answer.reason === 'unknown'))
    draft.state = withConversation(draft.state, inviting(conversation, changedAt(conversation.invite, relay, { ends: undefined })))
}

/** Somebody who claims or has answered a link learns whether its invite still stands. */
export function inviteChecked(draft: Draft, { relay, session, conversation: id, answer }: InputOf<'invite-checked'>): void {
  const conversation = draft.state.conversations.get(id)
  if (conversation?.invitation === undefined) return
  const { invitation, phase } = conversation
  // What it says of its own record counts where that is the one that was asked for, and this device has not turned to the other relay since.
  if (toHex(invitation.grant.relay.key) !== relay) return
  // A relay that is busy has said nothing about the invite.
  if (answer.kind === 'refused' && answer.reason !== 'unknown') return refusedBy(draft, 'invite', answer)
  const since = draft.env.now
  // What is claimed and not answered yet stays claimed as long as the relay remembers.
  const isKept = phase === 'invited' && answer.kind === 'record'
  const before = draft.state.net.relays.get(relay)?.checks.get(id)?.ms ?? CHECK_MS_FIRST / 2
  const ms = isKept ? INVITE_MS_MAX : Math.min(CHECK_MS_LAST, 2 * before)
  withSession(draft, { relay, session }, (current) => ({ ...current, checks: withItem(current.checks, id, { since, ms }) }))
  const reason = endOf(draft.state, invitation, answer, since + aheadOf(draft.state, relay))
  if (reason === 'not-authentic') return refuse(draft, 'invite', reason)
  // Who was let in finds the founder's word in its mailbox before the relay says that the invite is used, so it needs only to be read.
  const late = reason && { reason, since, ms: invitation.hasAnswered && reason !== 'revoked' ? LATE_MS : 0 }
  const serial = serialIn(answer, invitation)
  draft.state = withConversation(draft.state, { ...conversation, invitation: { ...invitation, serial, late } })
  // The relay does not have what it had, or the packet was put there anew: the answer may be lost as well. And at first the founder may have
  // been given too much at once to find it. Leaving it twice does no harm.
  if (invitation.hasAnswered && (serial !== invitation.serial || ms < CHECK_MS_LAST)) depositAgain(draft, invitation.grant.mailbox)
}

// Undefined where the relay has no packet.
function serialIn(answer: RelayAnswer, { serial }: Invitation): number | undefined {
  if (answer.kind === 'record') return answer.serial
  return answer.kind === 'refused' && answer.reason === 'unknown' ? undefined : serial
}

type CheckedEnd = LateReason | 'not-authentic' | undefined

/** `time`: by the relay's clock. */
function endOf(state: NodeState, invitation: Invitation, answer: RelayAnswer, time: number): CheckedEnd {
  if (answer.kind === 'ended') return openInviteEnd(linkAt(invitation), answer.word) ?? 'not-authentic'
  if (answer.kind === 'claimed') return claimedBy(state, invitation, answer)
  return answer.kind === 'refused' && answer.reason === 'unknown' && time >= invitation.expires ? 'expired' : undefined
}

// Whoever has answered waits for the founder's word all the same: only a relay that had lost the record can have kept it for another.
function claimedBy({ self }: NodeState, invitation: Invitation, answer: RelayAnswerOf<'claimed'>): CheckedEnd {
  if (claimantOf(self, linkAt(invitation).token, answer) !== 'other') return 'not-authentic'
  return invitation.hasAnswered ? undefined : 'claimed'
}
