// Who takes part in a pair, as this device believes (docs/protocol.md §5.9).

import { laterPart } from './part.ts'
import { otherOf } from '../conversation/state.ts'
import { membersAccepted, membersHash } from '../conversation/members.ts'
import { LIST_MS_MAX } from '../limits.ts'
import { isBefore } from './moment.ts'
import type { AccountId, ConversationId, DeviceId } from '../bytes/ids.ts'
import type { Moment } from './moment.ts'
import type { Conversation, NodeState, Peer } from './state.ts'

/** Remote devices that take part in a conversation and may be written to. */
export const partnersOf = (state: NodeState, conversation: ConversationId): readonly DeviceId[] => {
  const found = state.conversations.get(conversation)
  return found === undefined ? [] : [...found.log.feeds.keys()].filter((device) => isPartner(state, found, device))
}

export const isPartner = (state: NodeState, { log, group }: Conversation, device: DeviceId): boolean =>
  device !== state.self.device.id &&
  log.feeds.has(device) &&
  state.peers.has(device) &&
  !isRevoked(state, device) &&
  (group === undefined ? !isOfBlocked(state, device) : group.devices.has(device))

/** True once this device is none of its person's any more. */
export const isTakenOut = ({ self, circle }: NodeState): boolean =>
  circle !== undefined && !self.list.devices.some(({ id }) => id === self.device.id)

/** True for a device that its account has taken out of its list. Such a one never rests. */
export const isRevoked = ({ peers }: Pick<NodeState, 'peers'>, device: DeviceId): boolean =>
  peers.awake.get(device)?.end?.isRevoked === true

/**
 * True where the newest list that is known of a device's account is so old that nobody can tell whether the device is still theirs: own words wait. What it
 * says itself is taken, or a newer list would never come. By this device's own clock: a relay that says another time ends no list, and prolongs none.
 */
export const isHeldBack = ({ self }: NodeState, { account, list }: Pick<Peer, 'account' | 'list'>, at: Moment): boolean =>
  account !== self.account && !isBefore(list.issued + LIST_MS_MAX, at)

/** Whoever is blocked stays a member of groups, and is nobody else. */
export const isOfBlocked = ({ terms, peers }: NodeState, device: DeviceId): boolean => {
  const account = terms.blocked.size === 0 ? undefined : peers.look(device)?.account
  return account !== undefined && terms.blocked.has(account)
}

/** True for a chat of two with somebody who is blocked. */
export const isWithBlocked = ({ terms }: NodeState, { group, view }: Conversation): boolean => {
  const other = terms.blocked.size === 0 || group !== undefined ? undefined : otherOf(view)
  return other !== undefined && terms.blocked.has(other)
}

/** Whether an own invite lets this account in: the one that it was made for, and nobody who is blocked. */
export const mayComeIn = ({ terms }: NodeState, id: ConversationId, account: AccountId): boolean =>
  !terms.blocked.has(account) && (terms.asked.get(id)?.account ?? account) === account

/** The conversations in which a contact's device takes part. */
export const conversationsWith = (state: NodeState, device: DeviceId): readonly Conversation[] =>
  state.conversations
    .getAll(device === state.self.device.id || !state.peers.has(device) ? [] : (state.directory.shared.get(device) ?? []))
    .filter((conversation) => isPartner(state, conversation, device))

/** True where this person has no other device that could have what this one lacks. */
export const isAlone = ({ self }: NodeState): boolean => self.list.devices.length < 2

/** True for another device of this person that is none of the revoked ones. */
export const isOwnOther = (state: NodeState, device: DeviceId): boolean =>
  state.circle !== undefined && accountOf(state, device) === state.self.account && !isRevoked(state, device)

/** The account that a device belongs to. */
export const accountOf = (state: NodeState, device: DeviceId): AccountId | undefined =>
  device === state.self.device.id ? state.self.account : state.peers.look(device)?.account

/** The account of a device with a feed in a conversation; in a group nobody has to have met it. */
export const authorOf = (state: NodeState, { group }: Conversation, device: DeviceId): AccountId | undefined =>
  group?.authors.get(device) ?? accountOf(state, device)

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
  if (conversation.group !== undefined) return laterPart().memberStateOf(state, conversation)
  const other = otherThanFounder(state, conversation)
  return membersHash(other === undefined ? [conversation.founder] : [conversation.founder, other])
}

/** Hex of each member state that an author may believe in; of a group that follows from the past of each entry. */
export const memberStatesOf = (state: NodeState, conversation: Conversation): ReadonlySet<string> | undefined =>
  conversation.group === undefined
    ? membersAccepted({ founder: conversation.founder, admitted: otherThanFounder(state, conversation) })
    : undefined
