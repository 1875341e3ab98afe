// Copies of immutable records in which one thing is another.

import { followConversation, followPeer } from './directory.ts'
import type { ConversationId, DeviceId } from '../bytes/ids.ts'
import type { Conversation, NodeState, OwnInvite, Peer } from './state.ts'
import type { DirectLink, Net } from './net.ts'

/** A copy of `map` in which `key` has `value`. */
export const withItem = <K, V>(map: ReadonlyMap<K, V>, key: K, value: V): ReadonlyMap<K, V> => new Map(map).set(key, value)

/** A copy of `map` without `key`. */
export const withoutItem = <K, V>(map: ReadonlyMap<K, V>, key: K): ReadonlyMap<K, V> => {
  const copy = new Map(map)
  copy.delete(key)
  return copy
}

export const withConversation = (state: NodeState, conversation: Conversation): NodeState => ({
  ...state,
  conversations: state.conversations.with(conversation.id, conversation),
  directory: followConversation(state.directory, state.conversations.get(conversation.id), conversation),
})

/** A conversation whose own invite is another. Throws RangeError where somebody else's led here. */
export function inviting(conversation: Conversation, invite: OwnInvite): Conversation {
  if (conversation.invitation !== undefined || conversation.group !== undefined)
    throw new RangeError('nobody was invited to this conversation')
  return { ...conversation, invite }
}

export const withPeer = (state: NodeState, peer: Peer): NodeState => ({
  ...state,
  peers: state.peers.with(peer.device.id, peer),
  directory: followPeer(state.directory, state.peers.get(peer.device.id), peer),
})

export const withoutPeer = (state: NodeState, device: DeviceId): NodeState => ({
  ...state,
  peers: state.peers.without(device),
  directory: followPeer(state.directory, state.peers.get(device), undefined),
})

export const dropConversation = (state: NodeState, id: ConversationId): NodeState => ({
  ...state,
  conversations: state.conversations.without(id),
  directory: followConversation(state.directory, state.conversations.get(id), undefined),
})

export const withLink = (state: NodeState, device: DeviceId, link: DirectLink): NodeState =>
  withNet(state, { links: withItem(state.net.links, device, link) })

export const withNet = (state: NodeState, net: Partial<Net>): NodeState => ({ ...state, net: { ...state.net, ...net } })
