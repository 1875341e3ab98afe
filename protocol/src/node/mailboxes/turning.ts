// When a contact is written to at its other relay (docs/decisions/0076): the one in use does not answer, or does not know the mailbox. What the
// contact has not signed for goes there again, since nobody knows what is left where it lay.

import { toHex } from '../../bytes/bytes.ts'
import { RETURN_MS, SILENT_MS, TURNS_AT_ONCE_MAX } from '../../limits.ts'
import { withConversation, withNet, withPeer } from '../change.ts'
import { isMovedTooSoon } from '../delivery/serve.ts'
import { askElsewhere } from '../groups/asked.ts'
import { hasPassed } from '../moment.ts'
import { depositAgain } from './mailboxes.ts'
import { REFUSED_RETRY_MS } from './relay-duties.ts'
import { spreadOf } from './silence.ts'
import type { DeviceId, MailboxId } from '../../bytes/ids.ts'
import type { MailboxGrant, RelayAddress } from '../../wire/capability.ts'
import type { Draft } from '../draft.ts'
import type { RelaySession } from '../net.ts'
import type { Conversation, NodeState, Peer } from '../state.ts'

type Places = { readonly outbox: MailboxGrant; readonly spare: NonNullable<Peer['spare']> }
type Spared = Peer & Places
/** Of whoever has answered a link and was not let in yet. */
type Answering = Extract<Conversation, { readonly phase: 'invited' | 'joining' }>

const hasSpare = (peer: Peer): peer is Spared => peer.outbox !== undefined && peer.spare !== undefined

const keyOf = ({ relay }: MailboxGrant): string => toHex(relay.key)

/** Contacts at rest are owed nothing, so it is asked of those that are awake. */
export function turnToOthers(draft: Draft): void {
  const spared = [...draft.state.peers.awake.values()].filter(hasSpare)
  const answered = [...draft.state.directory.answers.values()].flatMap((ids) =>
    ids.flatMap((id) => draft.state.conversations.get(id) ?? []),
  )
  noteSilent(draft, [...spared.map(({ outbox }) => outbox), ...answered.flatMap((chat) => chat.invitation?.grant ?? [])])
  // What would be left again later only is not turned away from before that: a crash until then would forget that it was to be.
  const isNow = (peer: Spared): boolean => !isMovedTooSoon(draft.state, peer.device.id, draft.env.now)
  const turning = spared.filter((peer) => isToTurn(draft.state, peer, draft.env.now) && isNow(peer)).slice(0, TURNS_AT_ONCE_MAX)
  // What rests of all of them is named at once.
  const { conversations, directory } = draft.state
  conversations.getAll([...new Set(turning.flatMap(({ device }) => directory.shared.get(device.id) ?? []))])
  for (const { device } of turning) turn(draft, device.id)
  for (const chat of answered)
    if (chat.phase === 'joining') turnAnswer(draft, chat)
    else askElsewhere(draft, chat.id)
}

function noteSilent(draft: Draft, used: readonly MailboxGrant[]): void {
  const { net } = draft.state
  const { now } = draft.env
  const isOnline = [...net.relays.values()].some(({ since }) => hasPassed({ since, ms: SILENT_MS }, now))
  const isSilent = (relay: string): boolean => {
    const since = net.down.get(relay)
    return isOnline && !net.relays.has(relay) && (since === undefined || hasPassed({ since, ms: SILENT_MS }, now))
  }
  const silent = new Set(used.map(keyOf).filter(isSilent))
  if (silent.size !== net.silent.size || [...silent].some((relay) => !net.silent.has(relay))) draft.state = withNet(draft.state, { silent })
}

function isToTurn({ net, self }: NodeState, { outbox, spare }: Places, now: number): boolean {
  const [used, other] = [net.relays.get(keyOf(outbox)), net.relays.get(keyOf(spare.grant))]
  if (other?.challenge === undefined || isUnknownTo(other, spare.grant.mailbox)) return false
  if (used === undefined) return net.silent.has(keyOf(outbox))
  return isUnknownTo(used, outbox.mailbox) || (spare.isFirst && hasPassed({ since: other.since, ms: returnMs(self.device.id) }, now))
}

/** It has said so more than once: between a contact's word and its mailbox there may be a moment. */
const isUnknownTo = ({ bound, refused }: RelaySession, mailbox: MailboxId): boolean =>
  !bound.has(mailbox) && (refused.get(mailbox)?.ms ?? 0) > REFUSED_RETRY_MS

/** Not all at once: a relay that is back is given what it had before from device to device. */
const returnMs = (self: DeviceId): number => RETURN_MS * (1 + spreadOf(self))

function turn(draft: Draft, device: DeviceId): void {
  const peer = draft.state.peers.get(device)
  if (peer === undefined || !hasSpare(peer)) return
  const { outbox, spare } = peer
  draft.state = withPeer(draft.state, { ...peer, outbox: spare.grant, spare: { grant: outbox, isFirst: !spare.isFirst } })
  depositAgain(draft, spare.grant.mailbox)
}

/** An answer goes to the link's other mailbox as anything does to a contact's. */
function turnAnswer(draft: Draft, chat: Answering): void {
  const { invitation } = chat
  const { grant, spare, founderDevice } = invitation
  if (spare === undefined || isMovedTooSoon(draft.state, founderDevice, draft.env.now)) return
  if (!isToTurn(draft.state, { outbox: grant, spare }, draft.env.now)) return
  const turned = { ...invitation, grant: spare.grant, spare: { grant, isFirst: !spare.isFirst } }
  draft.state = withConversation(draft.state, { ...chat, invitation: turned })
  depositAgain(draft, spare.grant.mailbox)
}

/** Where a contact that is awake can be written to as well: a relay to be connected with while the other one does not answer, or did not. */
export function neededSpare({ peers, net }: Pick<NodeState, 'peers' | 'net'>, device: DeviceId): RelayAddress | undefined {
  const peer = peers.awake.get(device)
  return peer !== undefined && hasSpare(peer) && (peer.spare.isFirst || net.silent.has(keyOf(peer.outbox)))
    ? peer.spare.grant.relay
    : undefined
}
