// What relays answer about mailboxes: hello, creating, opening, binding, and what has to happen when one was lost. Answers of a relay
// are trusted for nothing but progress.

import { toHex } from '../../bytes/bytes.ts'
import { untold } from '../../conversation/claim.ts'
import { isSameRelay } from '../../wire/capability.ts'
import { missingIn } from '../delivery/asking.ts'
import { inviting, withConversation, withItem, withNet, withPeer, withoutItem } from '../change.ts'
import { aheadBy } from '../clocks.ts'
import { found, refuse } from '../draft.ts'
import { bothOf } from './both.ts'
import { outboxesOf, outboxFor } from './inboxes.ts'
import { timeInvites } from '../invites/invite-end.ts'
import { changedAt } from '../invites/places.ts'
import { laterPart } from '../part.ts'
import { conversationsWith, partnersOf } from '../members.ts'
import { deliveryTo, depositedFor, envelopesAgain, setApart, withDelivery } from '../delivery/reach.ts'
import { refusedAgain } from './relay-duties.ts'
import { mayGoAgain } from '../delivery/serve.ts'
import type { MailboxId } from '../../bytes/ids.ts'
import type { RelayAnswer } from '../../wire/relay.ts'
import type { Draft } from '../draft.ts'
import type { InputOf, MailboxesProven } from '../input.ts'
import type { Inbox } from './inbox.ts'
import type { NodeState, PendingEnvelope } from '../state.ts'
import type { MailboxPlace, RelaySession } from '../net.ts'

export function visit(draft: Draft, { relay }: InputOf<'visit'>): void {
  draft.state = withNet(draft.state, { visited: [...draft.state.net.visited, relay] })
}

export function leave(draft: Draft, { relay }: InputOf<'leave'>): void {
  const { visited } = draft.state.net
  const at = visited.findIndex((other) => isSameRelay(other, relay))
  draft.state = withNet(draft.state, { visited: visited.filter((_, other) => other !== at) })
}

export function relayUp(draft: Draft, { relay }: InputOf<'relay-up'>): void {
  const serial = draft.state.net.serial + 1
  const sets = { opened: new Set<never>(), bound: new Set<never>(), checks: new Map(), refused: new Map() }
  const session = { serial, since: draft.env.now, challenge: undefined, ahead: 0, ...sets }
  const { relays, down } = draft.state.net
  draft.state = withNet(draft.state, { serial, relays: withItem(relays, relay, session), down: withoutItem(down, relay) })
}

export function relayDown(draft: Draft, { relay }: InputOf<'relay-down'>): void {
  const { relays, down } = draft.state.net
  draft.state = withNet(draft.state, { relays: withoutItem(relays, relay), down: withItem(down, relay, draft.env.now) })
}

export function welcomed(draft: Draft, { relay, session, answer }: InputOf<'welcomed'>): void {
  if (answer.kind !== 'welcome') return refusedBy(draft, 'hello', answer)
  const ahead = aheadBy(answer.time, draft.env.now)
  if (!withSession(draft, { relay, session }, (current) => ({ ...current, challenge: answer.challenge, ahead }))) return
  timeInvites(draft, relay, ahead)
  laterPart().rehome(draft)
}

export function mailboxCreated(draft: Draft, { mailbox, answer }: InputOf<'mailbox-created'>): void {
  if (answer.kind === 'done') withInbox(draft, mailbox, (inbox) => ({ ...inbox, registered: true }))
  else refusedBy(draft, 'mailbox', answer)
}

export function mailboxesOpened(draft: Draft, input: InputOf<'mailboxes-opened'>): void {
  const refused = noteProven(draft, 'opened', input)
  for (const mailbox of refused) withInbox(draft, mailbox, (inbox) => ({ ...inbox, registered: false }))
  if (refused.length > 0) recover(draft, input.relay, new Set(refused))
}

export function mailboxesBound(draft: Draft, input: InputOf<'mailboxes-bound'>): void {
  for (const mailbox of noteProven(draft, 'bound', input)) depositAgain(draft, mailbox)
}

// Notes what the relay said of the mailboxes that it was asked about, and returns those that it refused.
function noteProven(draft: Draft, what: 'opened' | 'bound', { relay, session, asked, answer }: MailboxesProven): readonly MailboxId[] {
  if (answer.kind !== 'mailboxes') {
    refusedBy(draft, what, answer)
    return []
  }
  const accepted = answer.accepted.filter((mailbox) => asked.includes(mailbox))
  const refused = answer.refused.filter((mailbox) => asked.includes(mailbox))
  const isCurrent = withSession(draft, { relay, session }, (current) => ({
    ...current,
    [what]: new Set([...current[what], ...accepted]),
    refused: new Map([
      ...current.refused,
      ...refused.map((mailbox) => [mailbox, refusedAgain(current.refused.get(mailbox), draft.env.now)] as const),
    ]),
  }))
  return isCurrent ? refused : []
}

/** The relay does not know a mailbox that was bound: it has to be bound anew, once its owner has made it again. */
export function unbind(draft: Draft, relay: string, mailbox: MailboxId): void {
  const session = draft.state.net.relays.get(relay)
  if (session === undefined) return
  const bound = new Set([...session.bound].filter((other) => other !== mailbox))
  draft.state = withNet(draft.state, {
    relays: withItem(draft.state.net.relays, relay, {
      ...session,
      bound,
      refused: withItem(session.refused, mailbox, refusedAgain(session.refused.get(mailbox), draft.env.now)),
    }),
  })
  depositAgain(draft, mailbox)
}

export function refusedBy(draft: Draft, what: string, answer: RelayAnswer): void {
  refuse(draft, what, answer.kind === 'refused' ? answer.reason : `unexpected ${answer.kind}`)
}

// Own mailboxes are gone from a relay, with all that waited in them. They are made again, their writers hear what this device has,
// and as the relay has probably lost the others too, what it was given is given again.
function recover(draft: Draft, relay: string, lost: ReadonlySet<MailboxId>): void {
  const { directory, conversations } = draft.state
  const given = outboxesOf(draft.state).flatMap(({ relay: { key }, mailbox }) => (toHex(key) === relay ? [mailbox] : []))
  const devices = [
    ...given.map((mailbox) => directory.outboxes.get(mailbox)),
    ...[...lost].map((mailbox) => directory.inboxes.get(mailbox)),
  ]
  const shared = devices.flatMap((some = []) => some.flatMap((device) => directory.shared.get(device) ?? []))
  const invited = [...lost].flatMap((mailbox) => directory.invites.get(mailbox) ?? [])
  // All at once, so that what rests is woken at once.
  const concerned = conversations.getAll([...new Set([...shared, ...invited])]).map(({ id }) => id)
  for (const mailbox of given) depositAgain(draft, mailbox)
  for (const id of concerned) {
    const conversation = found(draft, id)
    const { invite } = conversation
    const writers = partnersOf(draft.state, id).flatMap((device) => bothOf(draft.state.peers.get(device)?.inbox))
    const isDeaf = writers.some(({ keys }) => lost.has(keys.mailbox))
    const missing = isDeaf ? missingIn(conversation, draft.env.now) : conversation.missing
    const isPacketLost = bothOf(invite?.inbox).some(({ keys }) => lost.has(keys.mailbox))
    if (isDeaf || isPacketLost) {
      const found = { ...conversation, missing }
      const isOwn = invite !== undefined && isPacketLost
      draft.state = withConversation(draft.state, isOwn ? inviting(found, changedAt(invite, relay, { packet: undefined })) : found)
    }
  }
}

/** Nothing that was deposited before counts for this mailbox: what is not confirmed goes there again, at once or when it was not long ago that it did. */
export function depositAgain(draft: Draft, mailbox: MailboxId): void {
  const { outboxes, answers } = draft.state.directory
  const answered = (answers.get(mailbox) ?? []).flatMap((id) => partnersOf(draft.state, id).map((device) => ({ id, device })))
  const owned = (outboxes.get(mailbox) ?? []).flatMap((device) => conversationsWith(draft.state, device).map(({ id }) => ({ id, device })))
  for (const place of [...answered, ...owned]) depositAgainIn(draft, { ...place, mailbox })
}

/** What had to wait goes there again when its time has come. */
export function depositPostponed(draft: Draft): void {
  for (const place of draft.state.net.postponed.values()) depositAgainIn(draft, place)
}

function depositAgainIn(draft: Draft, place: MailboxPlace): void {
  const { id, device, mailbox } = place
  const key = `${device}/${id}`
  const { postponed } = draft.state.net
  const isDue = isDeposited(draft.state, place)
  const mayGo = isDue && mayGoAgain(draft, { device, id, why: 'moved' })
  if (isDue && !mayGo) {
    if (postponed.get(key)?.mailbox !== mailbox) draft.state = withNet(draft.state, { postponed: withItem(postponed, key, place) })
    // Until then it gets what comes after that: what the others are given where they are never comes here.
    return setApart(draft, id, device)
  }
  if (postponed.has(key)) draft.state = withNet(draft.state, { postponed: withoutItem(postponed, key) })
  if (!mayGo) return
  const conversation = found(draft, id)
  withDelivery(draft, id, device, {
    atRelay: 0,
    joint: undefined,
    told: untold(deliveryTo(conversation, device).told, conversation.view.feeds.get(device)),
  })
  envelopesAgain(draft, device, id)
}

// True when something was deposited for whoever has this mailbox, there or elsewhere.
function isDeposited({ conversations, peers }: NodeState, { id, device, mailbox }: MailboxPlace): boolean {
  const conversation = conversations.get(id)
  const peer = peers.get(device)
  if (conversation === undefined || peer === undefined || outboxFor(conversation, peer)?.mailbox !== mailbox) return false
  const isThere = (pending: PendingEnvelope): boolean => pending.deposited && pending.conversation === id
  const { told } = deliveryTo(conversation, device)
  return depositedFor(conversation, device) > 0 || told.delivered > 0 || peer.envelopes.some(isThere)
}

// False for an answer that came on a stream before this one.
export function withSession(
  draft: Draft,
  at: { readonly relay: string; readonly session: number },
  change: (session: RelaySession) => RelaySession,
): boolean {
  const current = draft.state.net.relays.get(at.relay)
  if (current?.serial !== at.session) return false
  draft.state = withNet(draft.state, { relays: withItem(draft.state.net.relays, at.relay, change(current)) })
  return true
}

function withInbox(draft: Draft, mailbox: MailboxId, change: (inbox: Inbox) => Inbox): void {
  const { inboxes, invites } = draft.state.directory
  for (const device of inboxes.get(mailbox) ?? []) {
    const peer = draft.state.peers.get(device)
    if (peer?.inbox !== undefined) draft.state = withPeer(draft.state, { ...peer, inbox: changed(peer.inbox, mailbox, change) })
  }
  for (const id of invites.get(mailbox) ?? []) {
    const conversation = draft.state.conversations.get(id)
    const invite = conversation?.invite
    if (conversation?.group !== undefined) {
      const { group } = conversation
      const desks = group.desks.map((desk) => ({ ...desk, ...changed(desk, mailbox, change) }))
      const door = group.door && changed(group.door, mailbox, change)
      draft.state = withConversation(draft.state, { ...conversation, group: { ...group, door, desks } })
    }
    if (conversation !== undefined && invite !== undefined)
      draft.state = withConversation(draft.state, inviting(conversation, { ...invite, inbox: changed(invite.inbox, mailbox, change) }))
  }
}

function changed(inbox: Inbox, mailbox: MailboxId, change: (inbox: Inbox) => Inbox): Inbox {
  const { second } = inbox
  if (inbox.keys.mailbox === mailbox) return change(inbox)
  if (second === undefined || !bothOf(inbox).some(({ keys }) => keys.mailbox === mailbox)) return inbox
  return { ...inbox, second: { ...second, registered: change({ ...inbox, registered: second.registered }).registered } }
}
