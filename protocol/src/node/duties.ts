// What ought to be happening now, given the state: requests to relays, deposits, frames for links. Level-triggered: the host starts
// whatever is due and not under way, and every outcome comes back as an input. So a crash, a lost answer or a reconnect needs no case
// of its own: the duty is simply still there.

import { toHex } from '../bytes/bytes.ts'
import { partnersOf } from './draft.ts'
import { outboxFor } from './inboxes.ts'
import { isTooLate } from './invitee.ts'
import { isSpoken, leftFor, sentOn } from './reach.ts'
import { inviteDuties, relayDuties } from './relay-duties.ts'
import { hasPassed } from './state.ts'
import { ownTop } from './unsent.ts'
import type { ConversationId, DeviceId } from '../bytes/ids.ts'
import type { MailboxGrant } from '../wire/capability.ts'
import type { RelayAnswer, RelayRequest } from '../wire/relay.ts'
import type { NodeInput } from './input.ts'
import type { Conversation, DirectLink, NodeState, Peer } from './state.ts'

/** A direct link gets this long to confirm an entry before the relay gets it too, ms. */
export const UNCONFIRMED_MS = 3_000
/** Missing entries are asked for through the mailbox after this long, then after twice as long, and so on, ms. */
export const MISSING_MS = 10_000
const ASK_DOUBLINGS = 9

export type Duty = { readonly key: string } & (
  | {
      readonly kind: 'request'
      readonly relay: string
      readonly request: () => RelayRequest
      readonly settle: (answer: RelayAnswer) => NodeInput
    }
  /** Entries `from`…`to` of the own feed, and the envelopes they need, into the peer's mailbox. */
  | {
      readonly kind: 'deposit'
      readonly relay: string
      readonly device: DeviceId
      readonly conversation: ConversationId
      readonly from: number
      readonly to: number
    }
  /** Heads of a conversation with something missing, into the peer's mailbox. */
  | { readonly kind: 'ask'; readonly relay: string; readonly device: DeviceId; readonly conversation: ConversationId }
  /** The invite packet, with own entries 0…`to`. */
  | { readonly kind: 'packet'; readonly relay: string; readonly conversation: ConversationId; readonly to: number }
  /** The first `have` on a link, or later ones for single conversations. */
  | { readonly kind: 'greet'; readonly device: DeviceId; readonly link: number }
  | { readonly kind: 'have'; readonly device: DeviceId; readonly link: number; readonly conversations: readonly ConversationId[] }
  | {
      readonly kind: 'stream'
      readonly device: DeviceId
      readonly link: number
      readonly conversation: ConversationId
      readonly from: number
      readonly to: number
    }
)

export function dutiesOf(state: NodeState, now: number): readonly Duty[] {
  return [
    ...[...state.net.relays.keys()].flatMap((relay) => relayDuties(state, relay, now)),
    ...[...state.conversations.values()].flatMap((conversation) => [
      ...inviteDuties(state, conversation, now),
      ...deliveryDuties(state, conversation, now),
    ]),
    ...[...state.net.links].flatMap(([device, link]) => linkDuties(state, device, link)),
  ]
}

function deliveryDuties(state: NodeState, conversation: Conversation, now: number): readonly Duty[] {
  if (!isSpoken(conversation) || isTooLate(conversation, now)) return []
  return partnersOf(state, conversation.id).flatMap((device) => {
    const peer = state.peers.get(device)
    const grant = peer && outboxFor(conversation, peer)
    const relay = grant && boundRelay(state, grant)
    const wait = state.net.full.get(device)
    if (
      peer === undefined ||
      relay === undefined ||
      !mayAnswer(state, conversation, relay) ||
      (wait !== undefined && !hasPassed(wait, now))
    )
      return []
    const route = { state, conversation, peer, relay, now }
    return [...depositDuties(route), ...askDuties(route)]
  })
}

/** An answer to a link leaves once the relay was asked, on this connection, whether the invite stands: so late guests hear it at once. */
const mayAnswer = (state: NodeState, { id, phase }: Conversation, relay: string): boolean =>
  phase !== 'joining' || state.net.relays.get(relay)?.checks.has(id) === true

type Route = {
  readonly state: NodeState
  readonly conversation: Conversation
  readonly peer: Peer
  readonly relay: string
  readonly now: number
}

function depositDuties({ state, conversation, peer, relay, now }: Route): readonly Duty[] {
  const { id } = conversation
  const device = peer.device.id
  if (isTrusted(state.net.links.get(device), id, now)) return []
  const from = 1 + leftFor(conversation, state.self.device.id, device)
  const to = ownTop(state, conversation)
  return from <= to ? [{ kind: 'deposit', key: `deposit/${device}/${id}`, relay, device, conversation: id, from, to }] : []
}

function isTrusted(link: DirectLink | undefined, id: ConversationId, now: number): boolean {
  const since = link?.unconfirmed.get(id)
  return link !== undefined && (since === undefined || !hasPassed({ since, ms: UNCONFIRMED_MS }, now))
}

function askDuties({ state, conversation, peer, relay, now }: Route): readonly Duty[] {
  const { missing, id } = conversation
  const device = peer.device.id
  if (missing === undefined || state.net.links.has(device)) return []
  const ms = MISSING_MS * 2 ** Math.min(missing.asks, ASK_DOUBLINGS)
  return hasPassed({ since: missing.since, ms }, now) ? [{ kind: 'ask', key: `ask/${id}/${device}`, relay, device, conversation: id }] : []
}

function linkDuties(state: NodeState, device: DeviceId, link: DirectLink): readonly Duty[] {
  const key = `link/${device}`
  const at = { key, device, link: link.serial }
  if (!link.greeted) return [{ kind: 'greet', ...at }]
  if (link.haveDue.size > 0) return [{ kind: 'have', ...at, conversations: [...link.haveDue] }]
  for (const conversation of state.conversations.values()) {
    if (!isSpoken(conversation) || !partnersOf(state, conversation.id).includes(device)) continue
    const from = 1 + sentOn(link, conversation, { self: state.self.device.id, device })
    const to = ownTop(state, conversation)
    if (from <= to) return [{ kind: 'stream', ...at, conversation: conversation.id, from, to }]
  }
  return []
}

function boundRelay(state: NodeState, grant: MailboxGrant): string | undefined {
  const relay = toHex(grant.relay.key)
  return state.net.relays.get(relay)?.bound.has(grant.mailbox) === true ? relay : undefined
}
