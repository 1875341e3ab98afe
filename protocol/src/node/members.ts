// Who takes part in a pair, as this device believes (docs/protocol.md §5.9).

import { membersAccepted, membersHash } from '../conversation/members.ts'
import type { AccountId, ConversationId, DeviceId } from '../bytes/ids.ts'
import type { Conversation, NodeState } from './state.ts'

/** Remote devices that take part in a conversation and may be written to. */
export const partnersOf = (state: NodeState, conversation: ConversationId): readonly DeviceId[] => {
  const found = state.conversations.get(conversation)
  return found === undefined ? [] : [...found.log.feeds.keys()].filter((device) => isPartner(state, found, device))
}

export const isPartner = ({ self, peers }: NodeState, { log }: Conversation, device: DeviceId): boolean =>
  device !== self.device.id && log.feeds.has(device) && peers.has(device)

/** The conversations in which a contact's device takes part. */
export const conversationsWith = (state: NodeState, device: DeviceId): readonly Conversation[] =>
  device === state.self.device.id || !state.peers.has(device) ? [] : state.conversations.getAll(state.directory.shared.get(device) ?? [])

/** The account that a device belongs to. */
export const accountOf = (state: NodeState, device: DeviceId): AccountId | undefined =>
  device === state.self.device.id ? state.self.account : state.peers.look(device)?.account

/** The account beside the founder: oneself where one was invited, else whoever was let in. */
export function otherThanFounder(state: NodeState, conversation: Conversation): AccountId | undefined {
  if (conversation.founder !== state.self.account) return state.self.account
  for (const device of conversation.log.feeds.keys()) {
    const account = accountOf(state, device)
    if (account !== undefined && account !== conversation.founder) return account
  }
  return undefined
}

/** What the next own entry names. */
export function memberStateOf(state: NodeState, conversation: Conversation): Uint8Array {
  const other = otherThanFounder(state, conversation)
  return membersHash(other === undefined ? [conversation.founder] : [conversation.founder, other])
}

/** Hex of each member state that an author may believe in. */
export const memberStatesOf = (state: NodeState, conversation: Conversation): ReadonlySet<string> =>
  membersAccepted({ founder: conversation.founder, admitted: otherThanFounder(state, conversation) })
