// How a device comes to count with those that get one blob together (docs/decisions/0040).

import { withConversation } from '../change.ts'
import { hasMany } from './blob-keys.ts'
import { deliveryTo, withDelivery } from './reach.ts'
import type { ConversationId, DeviceId } from '../../bytes/ids.ts'
import type { Draft } from '../draft.ts'

/** A deposit of its own was stored for `device`. Where it has what the others have, it goes on with them. */
export function joinOthers(
  draft: Draft,
  { id, device, relay }: { readonly id: ConversationId; readonly device: DeviceId; readonly relay: string },
): void {
  const conversation = draft.state.conversations.get(id)
  if (conversation?.phase !== 'open' || !hasMany(conversation) || !conversation.blobKeys.has(draft.state.self.device.id)) return
  const { atRelay, joint } = deliveryTo(conversation, device)
  const isLacking = draft.state.peers.get(device)?.envelopes.some((pending) => pending.conversation === id && !pending.deposited) === true
  const others = conversation.joint.get(relay)
  if (joint !== undefined || isLacking || atRelay < (others ?? 1)) return
  // Nobody is joint there yet.
  if (others === undefined) setJoint(draft, id, relay, atRelay)
  withDelivery(draft, id, device, { joint: relay })
}

/** So many own entries lie in the mailboxes of all who are joint at a relay. */
export function setJoint(draft: Draft, id: ConversationId, relay: string, entries: number): void {
  const conversation = draft.state.conversations.get(id)
  if (conversation === undefined) return
  draft.state = withConversation(draft.state, { ...conversation, joint: new Map(conversation.joint).set(relay, entries) })
}
