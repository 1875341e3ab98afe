// How a device comes to count with those that get one blob together (docs/decisions/0040), and what these have together.

import { withConversation, withItem, withNet, withoutItem } from '../change.ts'
import { hasMany } from './blob-keys.ts'
import { isPartner } from '../members.ts'
import { deliveryTo, withDelivery } from './reach.ts'
import type { ConversationId, DeviceId } from '../../bytes/ids.ts'
import type { Draft } from '../draft.ts'
import type { Conversation, JointlyLeft, NodeState } from '../state.ts'
import type { PartlyLeft } from '../net.ts'

type JointPlace = { readonly id: ConversationId; readonly relay: string }

/** A deposit of its own was stored for `device`. Where it has what the others have, it goes on with them. */
export function joinOthers(draft: Draft, { id, device, relay }: JointPlace & { readonly device: DeviceId }): void {
  const conversation = draft.state.conversations.get(id)
  if (conversation?.phase !== 'open' || !hasMany(conversation) || !conversation.blobKeys.has(draft.state.self.device.id)) return
  const { atRelay, joint } = deliveryTo(conversation, device)
  const isLacking = draft.state.peers.get(device)?.envelopes.some((pending) => pending.conversation === id && !pending.deposited) === true
  const others = conversation.joint.get(relay)?.entries
  // Whoever was only told of its removal gets nothing with the others.
  if (joint !== undefined || isLacking || atRelay < (others ?? 1) || !isPartner(draft.state, conversation, device)) return
  // Nobody is joint there yet.
  if (others === undefined) setJoint(draft, { id, relay }, { entries: atRelay, waiting: [] })
  withDelivery(draft, id, device, { joint: relay, waiting: [] })
  // What it was left with others before may have gone with its mailbox.
  const partly = partlyAt(draft.state, conversation, relay)
  if (partly?.devices.has(device) === true)
    setPartly(draft, { id, relay }, { ...partly, devices: new Set([...partly.devices].filter((joined) => joined !== device)) })
}

/** What lies in the mailboxes of all who are joint at a relay. */
export function setJoint(draft: Draft, { id, relay }: JointPlace, left: JointlyLeft): void {
  const conversation = draft.state.conversations.get(id)
  if (conversation === undefined) return
  draft.state = withConversation(draft.state, { ...conversation, joint: new Map(conversation.joint).set(relay, left) })
}

/** What lies in the mailboxes of some who are joint at a relay, beyond what lies in those of all. */
export function partlyAt({ net }: NodeState, { id, joint }: Conversation, relay: string): PartlyLeft | undefined {
  const partly = net.partly.get(`${id}/${relay}`)
  return partly !== undefined && partly.upTo > (joint.get(relay)?.entries ?? Infinity) ? partly : undefined
}

export function setPartly(draft: Draft, { id, relay }: JointPlace, left: PartlyLeft | undefined): void {
  const { partly } = draft.state.net
  const key = `${id}/${relay}`
  if (left !== undefined) draft.state = withNet(draft.state, { partly: withItem(partly, key, left) })
  else if (partly.has(key)) draft.state = withNet(draft.state, { partly: withoutItem(partly, key) })
}
