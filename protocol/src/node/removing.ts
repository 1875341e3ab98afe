// Conversations leave this device: what the node knows of them at once, their rows when all else is gone (docs/decisions/0015). The other side is
// told nothing but that an open link is over; what it still writes meets a conversation that nobody knows.

import { toHex } from '../bytes/bytes.ts'
import { otherOf } from '../conversation/state.ts'
import { withoutConversation } from '../log/parking.ts'
import { INVITE_MS_MAX } from '../limits.ts'
import { dropConversation, withNet, withPeer, withoutItem, withoutPeer } from './change.ts'
import { aheadOf, isOver } from './clocks.ts'
import { waitingUpdates } from './incoming/document.ts'
import { copyEndsOf, signedEndsOf } from './invites/invite-end.ts'
import { refusedBy } from './mailboxes/mailboxes.ts'
import { conversationsWith } from './members.ts'
import { isGuestTold } from './delivery/reach.ts'
import { withRemovals } from './remove.ts'
import { isSpoken } from './state.ts'
import { closeMailbox, withTerms } from './terms/terms.ts'
import type { ConversationId, DeviceId } from '../bytes/ids.ts'
import type { StoreWrite } from '../ports.ts'
import type { Draft } from './draft.ts'
import type { Duty } from './duty.ts'
import type { InputOf } from './input.ts'
import type { RelayAddress } from '../wire/capability.ts'
import type { Conversation, Invitation, NodeState, Peer, RecordEnd, SignedEnds } from './state.ts'
import type { DirectLink } from './net.ts'

export function removeConversation(draft: Draft, { conversation: id, when }: InputOf<'remove'>): void {
  const conversation = draft.state.conversations.get(id)
  if (conversation !== undefined && (when === 'always' || conversation.phase === 'inviting')) forget(draft, conversation)
  draft.effects.push({ kind: 'answer', answer: { kind: 'done' } })
}

/** Nothing of a conversation is left here, and its rows go when all else has. */
export function forget(draft: Draft, conversation: Conversation): void {
  const { id } = conversation
  const { now } = draft.env
  const { removals, parking } = draft.state
  const ends = endsOfRecords(draft.state, conversation, now)
  const { invitation } = conversation
  const isAnswered = invitation !== undefined && isSpoken(conversation)
  draft.state = {
    ...dropConversation(draft.state, id),
    parking: withoutConversation(parking, id),
    removals: {
      erasing: new Map(removals.erasing).set(id, otherOf(conversation.view)),
      ends: [...removals.ends, ...ends],
      answered: isAnswered ? new Map(removals.answered).set(id, linkEnd(draft, invitation)) : removals.answered,
    },
  }
  const { circle } = draft.state
  if (circle !== undefined) draft.state = { ...draft.state, circle: { ...circle, removed: [...circle.removed, id] } }
  if (draft.state.terms.asked.has(id)) withTerms(draft, ({ asked }) => ({ asked: withoutItem(asked, id) }))
  for (const device of conversation.log.feeds.keys()) forgetPartner(draft, id, device)
  forgetOnNet(draft, id)
  draft.effects.push({ kind: 'removed', conversation: id })
}

// By this device's clock, and no earlier than the longest link that could have been made just now.
const linkEnd = ({ state, env }: Draft, { expires, grant }: Invitation): number =>
  Math.max(expires - aheadOf(state, grant.relay), env.now + INVITE_MS_MAX)

// With whom there is another conversation, all that serves it stays. Of the others only the session does: whoever meets them again by a new
// link could not read what they write in it otherwise.
function forgetPartner(draft: Draft, id: ConversationId, device: DeviceId): void {
  const peer = draft.state.peers.get(device)
  if (peer === undefined) return
  const envelopes = peer.envelopes.filter((pending) => pending.conversation !== id)
  const isShared = conversationsWith(draft.state, device).length > 0
  // What would come there wakes this device for nothing.
  if (!isShared) closeMailbox(draft, peer.inbox)
  const kept: Peer | undefined = isShared ? { ...peer, envelopes } : strangerOf(peer)
  draft.state = kept === undefined ? withoutPeer(draft.state, device) : withPeer(draft.state, kept)
}

const strangerOf = (peer: Peer): Peer | undefined =>
  peer.pairing === undefined
    ? undefined
    : { ...peer, inbox: undefined, outbox: undefined, spare: undefined, envelopes: [], bundle: undefined, lastHeard: 0, taken: undefined }

// What connections remember of a conversation would make duties of it for ever.
function forgetOnNet(draft: Draft, id: ConversationId): void {
  const { links, relays } = draft.state.net
  const linkWithout = (link: DirectLink): DirectLink => ({
    ...link,
    sent: withoutItem(link.sent, id),
    owed: withoutItem(link.owed, id),
    served: withoutItem(link.served, id),
    unconfirmed: withoutItem(link.unconfirmed, id),
    told: withoutItem(link.told, id),
    receipts: withoutItem(link.receipts, id),
    haveDue: new Set([...link.haveDue].filter((due) => due !== id)),
  })
  draft.state = withNet(draft.state, {
    links: new Map([...links].map(([device, link]) => [device, linkWithout(link)])),
    relays: new Map([...relays].map(([relay, session]) => [relay, { ...session, checks: withoutItem(session.checks, id) }])),
  })
}

// Whoever was let in and cannot know it hears that the link was taken back: nobody will answer it here.
function endsOfRecords(state: NodeState, conversation: Conversation, now: number): readonly RecordEnd[] {
  const { invite } = conversation
  if (invite === undefined || isOver(invite, now)) return []
  const isTold = invite.status === 'used' && isGuestTold(state, conversation)
  const endAt = (relay: RelayAddress, ends: SignedEnds | undefined): readonly RecordEnd[] =>
    ends === undefined
      ? []
      : [{ relay, record: ends.record, ...ends[isTold ? 'used' : 'revoked'], expires: invite.created + INVITE_MS_MAX }]
  const { copy } = invite
  return [...endAt(invite.relay, signedEndsOf(invite)), ...(copy === undefined ? [] : endAt(copy.relay, copyEndsOf(invite)))]
}

/** Records of removed invites are ended as those of others are. */
export function removalDuties({ removals, net }: NodeState, now: number): readonly Duty[] {
  return removals.ends.flatMap(({ relay: { key: relayKey }, record, word, signature, expires }): readonly Duty[] => {
    const relay = toHex(relayKey)
    if (net.relays.get(relay)?.challenge === undefined || now >= expires) return []
    const request = () => ({ kind: 'end-record', record, word, signature }) as const
    const toInput = (answer: Parameters<Extract<Duty, { kind: 'request' }>['toInput']>[0]) =>
      ({ kind: 'removed-ended', record, answer }) as const
    return [{ kind: 'request', key: `end/${record}`, aim: record, relay, request, toInput }]
  })
}

export function removedEnded(draft: Draft, { record, answer }: InputOf<'removed-ended'>): void {
  if (answer.kind !== 'done' && !(answer.kind === 'refused' && answer.reason === 'unknown')) return refusedBy(draft, 'end', answer)
  withRemovals(draft, ({ ends }) => ({ ends: ends.filter((end) => end.record !== record) }))
}

export function erase(draft: Draft, { conversation: id, refs, rows }: InputOf<'erase'>): void {
  if (draft.state.removals.erasing.has(id)) {
    const goes = (table: 'sent' | 'state') => (key: string) => ({ kind: 'delete', table, key }) as const
    draft.writes.push(...rowsOf(id), ...refs.map(goes('sent')), ...rows.map(goes('state')))
    withRemovals(draft, ({ erasing }) => ({ erasing: withoutItem(erasing, id) }))
  }
  draft.effects.push({ kind: 'answer', answer: { kind: 'done' } })
}

function rowsOf(id: ConversationId): readonly StoreWrite[] {
  const all = { from: `${id}/`, to: `${id}/~` }
  const { from, to } = waitingUpdates(id)
  const ranges = [
    { table: 'entries', ...all },
    { table: 'bodies', ...all },
    { table: 'timeline', ...all },
    { table: 'index', ...all },
    { table: 'relations', ...all },
    { table: 'state', from, to },
    { table: 'state', from: `aside/${from}`, to: `aside/${to}` },
  ] as const
  return [...ranges.map((range) => ({ kind: 'delete-range', ...range }) as const), { kind: 'shred-range', ...all }]
}
