// Direct links: how they begin and end, and what became of the frames that were sent on them (docs/protocol.md §6).

import { joinClaims } from '../../conversation/claim.ts'
import { withItem, withLink, withNet, withoutItem, withPeer } from '../change.ts'
import { conversationsWith } from '../members.ts'
import { hasPassed } from '../moment.ts'
import { isSpoken } from '../state.ts'
import { laterPart } from '../part.ts'
import { leaveUpTo } from './unsent.ts'
import type { ConversationId, DeviceId } from '../../bytes/ids.ts'
import type { Log } from '../../log/log.ts'
import type { Draft } from '../draft.ts'
import type { InputOf } from '../input.ts'
import type { DirectLink } from '../net.ts'
import type { Moment } from '../moment.ts'
import type { NodeState } from '../state.ts'

/** A direct link gets this long to confirm an entry before the relay gets it too, ms. */
const UNCONFIRMED_MS = 3_000

/** True while a link is believed to carry what is sent on it. */
export function isTrusted(link: DirectLink | undefined, id: ConversationId, at: Moment): boolean {
  const since = link?.unconfirmed.get(id)
  return link !== undefined && (since === undefined || !hasPassed({ since, ms: UNCONFIRMED_MS }, at))
}

export function peerUp(draft: Draft, { device }: InputOf<'peer-up'>): void {
  const link = draft.state.net.links.get(device)
  // The far end may have been sure of the link first, and have spoken.
  if (link?.isAnnounced === false) draft.state = withLink(draft.state, device, { ...link, isAnnounced: true })
  else openDirectLink(draft, device, 'announced')
}

/** The state of a fresh link to a contact. */
export function openDirectLink(draft: Draft, device: DeviceId, how: 'announced' | 'heard'): void {
  const peer = draft.state.peers.get(device)
  if (peer === undefined) return
  const serial = draft.state.net.serial + 1
  const link = {
    serial,
    isAnnounced: how === 'announced',
    sent: new Map(),
    owed: new Map(),
    served: new Map(),
    haveDue: new Set(sharedWith(draft.state, device)),
    told: new Map(),
    receipts: new Map(),
    envelopes: new Set<never>(),
    unconfirmed: new Map(),
  }
  draft.state = withNet(draft.state, { serial })
  draft.state = withPeer(withLink(draft.state, device, link), { ...peer, lastHeard: draft.env.now })
  if (draft.state.circle?.accounts.has(device) === true) laterPart().accountUnsure(draft, device)
}

// Who has only opened a link does not take part yet, and nobody learns of it.
const sharedWith = (state: NodeState, device: DeviceId): readonly ConversationId[] =>
  conversationsWith(state, device)
    .filter(isSpoken)
    .map(({ id }) => id)

export function peerDown(draft: Draft, { device }: InputOf<'peer-down'>): void {
  const { links } = draft.state.net
  if (!links.has(device)) return
  draft.state = withNet(draft.state, { links: withoutItem(links, device) })
  if (draft.state.circle?.accounts.has(device) === true) laterPart().accountUnsure(draft, device)
}

export function haveSent(draft: Draft, { device, link: serial, told: said, receipts }: InputOf<'told'>): void {
  const link = directLinkTo(draft, device, serial)
  if (link === undefined) return
  const at = draft.env.now
  const told = receipts.filter(({ isOwn }) => isOwn === true)
  const ticks =
    told.length === 0
      ? link.ticks
      : new Map([...(link.ticks ?? []), ...told.map(({ conversation, claim }) => [conversation, claim] as const)])
  const sent = receipts
    .filter((receipt) => !told.includes(receipt))
    .map(({ conversation, claim }) => {
      const before = link.receipts.get(conversation)?.claim ?? claim
      return [conversation, { claim: joinClaims(before, claim), at }] as const
    })
  draft.state = withLink(draft.state, device, {
    ...link,
    haveDue: stillDue(draft, link, said),
    told: new Map([...link.told, ...said]),
    receipts: new Map([...link.receipts, ...sent]),
    ...(ticks === undefined ? {} : { ticks }),
  })
}

export function entriesSent(draft: Draft, { device, link: serial, conversation, upTo, envelopes }: InputOf<'streamed'>): void {
  const link = directLinkTo(draft, device, serial)
  if (link === undefined) return
  draft.state = withLink(draft.state, device, {
    ...link,
    sent: withItem(link.sent, conversation, Math.max(link.sent.get(conversation) ?? 0, upTo)),
    envelopes: new Set([...link.envelopes, ...envelopes.map((pending) => pending.envelope)]),
    unconfirmed: link.unconfirmed.has(conversation) ? link.unconfirmed : withItem(link.unconfirmed, conversation, draft.env.now),
  })
  leaveUpTo(draft, conversation, upTo)
}

/** The link that something was sent on; undefined once it is no more: what was sent there did not reach the one that followed it. */
export function directLinkTo(draft: Draft, device: DeviceId, serial: number): DirectLink | undefined {
  const link = draft.state.net.links.get(device)
  return link?.serial === serial ? link : undefined
}

/** They should hear what this device has of a conversation. Not before it was answered: nobody learns by asking that its link was opened. */
export function oweHave(draft: Draft, device: DeviceId, id: ConversationId): void {
  const link = draft.state.net.links.get(device)
  const conversation = draft.state.conversations.get(id)
  if (link !== undefined && conversation !== undefined && isSpoken(conversation))
    draft.state = withLink(draft.state, device, { ...link, haveDue: new Set([...link.haveDue, id]) })
}

/** The same, of all feeds: of one that this device has nothing of, a word about what has changed says nothing. */
export function oweWhole(draft: Draft, device: DeviceId, id: ConversationId): void {
  const link = draft.state.net.links.get(device)
  if (link !== undefined) draft.state = withLink(draft.state, device, { ...link, told: withoutItem(link.told, id) })
  oweHave(draft, device, id)
}

/** They have `upTo` own entries: the worry about those is over, and what is still under way gets its time anew. */
export function confirmOn(draft: Draft, device: DeviceId, { id, upTo }: { readonly id: ConversationId; readonly upTo: number }): void {
  const link = draft.state.net.links.get(device)
  if (link?.unconfirmed.has(id) !== true) return
  const isDone = upTo >= (link.sent.get(id) ?? 0)
  const unconfirmed = isDone ? withoutItem(link.unconfirmed, id) : withItem(link.unconfirmed, id, draft.env.now)
  draft.state = withLink(draft.state, device, { ...link, unconfirmed })
}

// What arrived while the frame was on its way has not been told.
function stillDue(draft: Draft, { haveDue }: DirectLink, said: ReadonlyMap<ConversationId, Log>): ReadonlySet<ConversationId> {
  const self = draft.state.self.device.id
  const isTold = (id: ConversationId): boolean => {
    const [before, now] = [said.get(id)?.feeds, draft.state.conversations.get(id)?.log.feeds]
    return before !== undefined && now?.changedSince(before).every((feed) => feed === self) !== false
  }
  return new Set([...haveDue].filter((id) => !isTold(id)))
}
