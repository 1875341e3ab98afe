// How devices of a group come to write to each other (docs/protocol.md §12): each says in a card how it is reached, whoever reads a card of a member that it
// has no session with knocks at its door, and everybody is handed the chain from the first entry on that is for them.

import { grantOf, secondGrantOf } from '../../mailbox/keys.ts'
import { standingOf } from '../../membership/state.ts'
import { initiate } from '../../session/pairing.ts'
import { bundleOf } from '../../session/prekeys.ts'
import { lengthOf } from '../../log/log.ts'
import { signCard } from '../../group/card.ts'
import { blobKeyItems, freshPrekeys, handItems, write } from '../author.ts'
import { withConversation, withPeer } from '../change.ts'
import { sayFace } from '../face.ts'
import { endsOf } from '../incoming/ends.ts'
import { oweHave } from '../delivery/link.ts'
import { deliveryTo, withDelivery } from '../delivery/reach.ts'
import { createPeer } from '../invites/pair.ts'
import { ownLength } from '../state.ts'
import { foundGroup } from './entry.ts'
import { createInbox, isSameKey, wordsOf } from '../mailboxes/own.ts'
import type { ConversationId, DeviceId } from '../../bytes/ids.ts'
import type { SessionPayload } from '../../session/payload.ts'
import type { Draft } from '../draft.ts'
import type { Inbox } from '../mailboxes/inbox.ts'
import type { NodeState, Peer } from '../state.ts'
import type { Group } from './group.ts'

/** This device says how it is reached, once it knows a relay. */
export function ensureCard(draft: Draft, id: ConversationId): void {
  const { home, self } = draft.state
  const conversation = foundGroup(draft, id)
  const { asked } = conversation.group
  // Whoever was let in by a link has a door already, and has shown the card to one member alone.
  if (home === undefined || (conversation.group.door !== undefined && asked === undefined)) return
  const door = conversation.group.door ?? createInbox(draft, home)
  draft.state = withConversation(draft.state, { ...conversation, group: { ...conversation.group, door, asked: undefined } })
  write(draft, id, { kind: 'card', card: cardOf(draft.state, { id, door, issued: draft.env.now }) })
  if (self.name !== undefined) write(draft, id, { kind: 'profile', name: self.name })
  sayFace(draft, id)
}

type CardPlace = { readonly id: ConversationId; readonly door: Inbox; readonly issued: number }

/** The card of this device in a group. */
export function cardOf({ self, prekeys }: Pick<NodeState, 'self' | 'prekeys'>, { id, door, issued }: CardPlace): Uint8Array {
  const fields = {
    conversation: id,
    issued,
    list: self.list.signed,
    bundle: bundleOf(prekeys, { oneTime: undefined }),
    door: grantOf(door.keys),
    second: door.second?.relay,
  }
  return signCard(fields, self.device.signSeed)
}

/** Everybody who can be met and was not yet. */
export function meetAll(draft: Draft, id: ConversationId): void {
  for (const account of foundGroup(draft, id).group.unmet.keys()) {
    const devices = (foundGroup(draft, id).group.people.get(account)?.devices ?? []).filter(
      (device) => device.id !== draft.state.self.device.id,
    )
    const isMet = devices.map((device) => foundGroup(draft, id).group.met.has(device.id) || meet(draft, id, device.id))
    const { group } = foundGroup(draft, id)
    const isKnown = group.people.has(account) || account === draft.state.self.account
    if (!isKnown || isMet.includes(false)) continue
    const unmet = group.unmet.without(account)
    draft.state = withConversation(draft.state, {
      ...foundGroup(draft, id),
      group: { ...group, unmet, handouts: unmet.size === 0 ? [] : group.handouts },
    })
  }
}

/** False when there is no way yet. */
function meet(draft: Draft, id: ConversationId, device: DeviceId): boolean {
  const peer = sessionWith(draft, id, device)
  const conversation = foundGroup(draft, id)
  const { group } = conversation
  const account = group.authors.get(device)
  if (peer === undefined || account === undefined) return false
  const isNew = peer.inbox === undefined
  const inbox = peer.inbox ?? createInbox(draft, draft.state.home ?? peer.outbox?.relay ?? NOWHERE)
  draft.state = withPeer(draft.state, { ...peer, inbox })
  const since = group.unmet.get(account) ?? 0
  const length = ownLength(draft.state, conversation)
  const greeting: SessionPayload = [
    { kind: 'welcome', conversation: id, founder: conversation.founder },
    ...(isNew ? [...wordsOf(inbox), ...freshPrekeys(draft, device)] : []),
    ...blobKeyItems(draft, id).slice(0, 1),
  ]
  handItems(draft, device, { conversation: id, from: 0, until: length, items: greeting })
  for (const { handout, from } of group.handouts)
    if (from >= since)
      handItems(draft, device, {
        conversation: id,
        from,
        until: Math.max(from, length),
        items: [{ kind: 'chain', conversation: id, handout }],
      })
  draft.state = withConversation(draft.state, {
    ...foundGroup(draft, id),
    group: { ...foundGroup(draft, id).group, met: group.met.with(device, since) },
  })
  if (isAddedBy(group, draft.state.self.account, account)) oweAll(draft, id, device)
  oweHave(draft, device, id)
  return true
}

const NOWHERE = { key: new Uint8Array(32), url: 'ws://127.0.0.1' }

/** A peer with whom there is a session, be it one that begins at its door. */
function sessionWith(draft: Draft, id: ConversationId, device: DeviceId): Peer | undefined {
  const { group } = foundGroup(draft, id)
  const known = draft.state.peers.get(device)
  const card = group.cards.get(device)
  if (known?.pairing !== undefined && known.outbox !== undefined) return known
  if (card === undefined) return undefined
  const peer = known ?? createPeer({ device: card.device, list: card.list, outbox: undefined })
  const initiation = initiate(peer.pairing, endsOf(draft.state, peer), card.bundle, draft.env)
  if (initiation.kind === 'refused') return undefined
  const { door, second } = card
  const spare = second && !isSameKey(second, door.relay) ? { grant: secondGrantOf(door, second), isFirst: false } : undefined
  return { ...peer, pairing: initiation.pairing, ...(peer.outbox === undefined && { outbox: door, spare }) }
}

const isAddedBy = ({ membership }: Group, self: string, account: Parameters<typeof standingOf>[1]): boolean =>
  standingOf(membership, account).live.some(({ maker }) => membership.entries.get(maker.id)?.entry.author === self)

/** Whoever was added by this account gets what the others wrote from here, without asking. */
export function oweAll(draft: Draft, id: ConversationId, device: DeviceId): void {
  const { log } = foundGroup(draft, id)
  const ranges = [...log.feeds.keys()].flatMap((feed) => {
    const to = lengthOf(log, feed) - 1
    return feed === draft.state.self.device.id || feed === device || to < 0 ? [] : [{ device: feed, from: 0, to }]
  })
  withDelivery(draft, id, device, { owed: ranges })
}

/** The card of somebody whom this account has added goes to all who may not have it, with the feed that it came in. */
export function oweCard(draft: Draft, id: ConversationId, feed: DeviceId): void {
  const { group, log } = foundGroup(draft, id)
  const account = group.authors.get(feed)
  if (account === undefined || !isAddedBy(group, draft.state.self.account, account)) return
  for (const device of group.devices.keys()) {
    if (device === feed) continue
    const { owed } = deliveryTo(foundGroup(draft, id), device)
    const range = { device: feed, from: 0, to: Math.max(0, lengthOf(log, feed) - 1) }
    withDelivery(draft, id, device, { owed: [...owed.filter((other) => other.device !== feed), range] })
    oweHave(draft, device, id)
  }
}
