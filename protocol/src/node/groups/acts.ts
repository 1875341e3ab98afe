// What people do to a group: make it, add, remove, raise and lower members, and leave. Each is one control entry, and refused where it would have no effect.

import { fromHex } from '../../bytes/bytes.ts'
import { encode } from '../../bytes/codec.ts'
import { conversationIdOf, NO_CONVERSATION, NO_ENTRY } from '../../bytes/ids.ts'
import { createChain, nextKey } from '../../group/sender-chain.ts'
import { ADDED_AT_ONCE_MAX, MEMBERS_MAX } from '../../limits.ts'
import { createEntry, signRun } from '../../log/entry.ts'
import { appendOwn } from '../../log/log.ts'
import { act as actCodec } from '../../membership/act.ts'
import { isAbove } from '../../membership/grant.ts'
import { CUTS_PER_ACCOUNT_MAX } from '../../membership/limits.ts'
import { memberStateHash } from '../../membership/member-state.ts'
import { NO_PLACES } from '../../membership/past.ts'
import { write } from '../author.ts'
import { withConversation } from '../change.ts'
import { createDraft, found } from '../draft.ts'
import { entryRows, openedBody, reduceInto } from '../rows/record.ts'
import { writeSent } from '../rows/sent-row.ts'
import { foundGroup } from './entry.ts'
import { contactList } from './contacts.ts'
import { enter, noteOwn } from './receive.ts'
import { addPerson, isJoined, settle } from './settle.ts'
import type { AccountId, ConversationId } from '../../bytes/ids.ts'
import type { PinnedDeviceList } from '../../identity/device-list.ts'
import type { Act, Cut, Role } from '../../membership/types.ts'
import type { Answer, Draft } from '../draft.ts'
import type { InputOf } from '../input.ts'
import type { Group } from './group.ts'

type Refused = 'unknown-conversation' | 'no-contact' | 'not-allowed' | 'too-many' | 'no-relay-yet' | 'no-member'

function answer(draft: Draft, value: Answer): void {
  draft.effects.push({ kind: 'answer', answer: value })
}

const refuseFor = (draft: Draft, reason: Refused): void => answer(draft, { kind: 'refused', reason })

/** A group with these contacts. */
export function createGroup(draft: Draft, { members, ref }: InputOf<'create-group'>): void {
  const lists = members.map((account) => contactList(draft.state, account))
  if (draft.state.home === undefined) return refuseFor(draft, 'no-relay-yet')
  if (members.length > ADDED_AT_ONCE_MAX) return refuseFor(draft, 'too-many')
  if (lists.includes(undefined)) return refuseFor(draft, 'no-contact')
  const id = beginGroup(draft)
  settle(draft, id)
  if (members.length > 0)
    grantTo(
      draft,
      id,
      lists.flatMap((list) => list ?? []),
    )
  draft.writes.push(writeSent(ref, { kind: 'create-group', members }, id))
  answer(draft, { kind: 'created', conversation: id })
}

// The create entry names its conversation by its own id, so it is made before there is a record to write into.
function beginGroup(draft: Draft): ConversationId {
  const { self } = draft.state
  const content = actOf({ kind: 'create-group', account: self.account, deviceList: self.list.hash, nonce: draft.env.random(16) })
  const chain = createChain(draft.env)
  const { own, step, messageKey } = nextKey(chain)
  const created = createEntry({
    conversation: NO_CONVERSATION,
    device: self.device.id,
    seq: 0,
    prev: NO_ENTRY,
    deps: [],
    members: memberStateHash(NO_PLACES, NO_CONVERSATION, []),
    chain: own.chain,
    step,
    ttl: 0,
    time: draft.env.now,
    content,
    messageKey,
    random: draft.env.random,
  })
  const id = conversationIdOf(fromHex(created.id))
  enter(draft, { id, founder: self.account, chain })
  const signature = signRun(self.device.signSeed, { conversation: id, device: self.device.id, seq: 0, id: created.id })
  const { log, accepted } = appendOwn(found(draft, id).log, created, signature)
  draft.state = withConversation(draft.state, { ...found(draft, id), log, chain: own })
  draft.writes.push(...entryRows(id, accepted))
  const acted = noteOwn(draft, id, { ...created, content })
  reduceInto(draft, id, { entry: accepted, body: openedBody({ content, kept: created.kept }, found(draft, id).meta, acted) })
  return id
}

const actOf = (act: Act) => ({ kind: 'act', act: encode(actCodec, act) }) as const

function grantTo(draft: Draft, id: ConversationId, lists: readonly PinnedDeviceList[]): void {
  const items = lists
    .map(({ account, hash }) => ({ account, deviceList: hash, role: 'member' as const }))
    .toSorted((a, b) => (a.account < b.account ? -1 : 1))
  write(draft, id, actOf({ kind: 'grant', items }))
  for (const list of lists) addPerson(draft, id, list)
  settle(draft, id)
}

export function addMembers(draft: Draft, { conversation: id, members }: InputOf<'add-members'>): void {
  const group = groupOf(draft, id)
  if (group === undefined) return refuseFor(draft, 'unknown-conversation')
  const added = members.filter((account) => !group.membership.members.has(account))
  const lists = added.map((account) => contactList(draft.state, account))
  if (!mayChange(draft, group)) return refuseFor(draft, 'not-allowed')
  if (added.length > ADDED_AT_ONCE_MAX || group.membership.members.size + added.length > MEMBERS_MAX) return refuseFor(draft, 'too-many')
  if (lists.includes(undefined)) return refuseFor(draft, 'no-contact')
  if (added.length > 0)
    grantTo(
      draft,
      id,
      lists.flatMap((list) => list ?? []),
    )
  answer(draft, { kind: 'done' })
}

export function removeMember(draft: Draft, { conversation: id, account }: InputOf<'remove-member'>): void {
  const group = groupOf(draft, id)
  if (group === undefined) return refuseFor(draft, 'unknown-conversation')
  if (!group.membership.members.has(account) || account === draft.state.self.account) return refuseFor(draft, 'no-member')
  const act: Act = { kind: 'remove', items: [{ account, cuts: cutsOf(draft, id, account) }] }
  tryAct(draft, id, act, (after) => !after.membership.members.has(account))
}

/** Up to where what somebody wrote counts: as far as it is here. */
function cutsOf(draft: Draft, id: ConversationId, account: AccountId): readonly Cut[] {
  const { group, log } = foundGroup(draft, id)
  const devices = [...group.authors].flatMap(([device, author]) => (author === account ? [device] : []))
  return devices
    .flatMap((device) => (log.feeds.get(device)?.tips ?? []).map(({ seq, id: tip }) => ({ device, seq, id: tip })))
    .toSorted((a, b) => (a.device + a.id < b.device + b.id ? -1 : 1))
    .slice(0, CUTS_PER_ACCOUNT_MAX)
}

export function setRole(draft: Draft, { conversation: id, account, role }: InputOf<'set-role'>): void {
  const group = groupOf(draft, id)
  const before = group?.membership.members.get(account)
  if (group === undefined) return refuseFor(draft, 'unknown-conversation')
  if (before === undefined) return refuseFor(draft, 'no-member')
  if (before === role) return answer(draft, { kind: 'done' })
  const deviceList = group.people.get(account)?.hash ?? new Uint8Array(32)
  const act = roleAct({ account, deviceList, role, isLower: isAbove(before, role), isSelf: account === draft.state.self.account })
  if (act === undefined) return refuseFor(draft, 'not-allowed')
  tryAct(draft, id, act, (after) => after.membership.members.get(account) === role)
}

type RoleChange = {
  readonly account: AccountId
  readonly deviceList: Uint8Array
  readonly role: Role
  readonly isLower: boolean
  readonly isSelf: boolean
}

function roleAct({ account, deviceList, role, isLower, isSelf }: RoleChange): Act | undefined {
  if (!isLower) return { kind: 'grant', items: [{ account, deviceList, role }] }
  if (role === 'owner') return undefined
  return isSelf ? { kind: 'resign', role } : { kind: 'demote', account, deviceList, role }
}

export function setHistory(draft: Draft, { conversation: id, history }: InputOf<'set-history'>): void {
  const group = groupOf(draft, id)
  if (group === undefined) return refuseFor(draft, 'unknown-conversation')
  if (group.membership.history === history) return answer(draft, { kind: 'done' })
  if (!mayChange(draft, group)) return refuseFor(draft, 'not-allowed')
  tryAct(draft, id, { kind: 'set-history', history }, (after) => after.membership.history === history)
}

export function leaveGroup(draft: Draft, { conversation: id }: InputOf<'leave-group'>): void {
  if (groupOf(draft, id) === undefined) return refuseFor(draft, 'unknown-conversation')
  tryAct(draft, id, { kind: 'leave' }, () => true)
}

// What it comes to shows when it is written: where that is not what was wanted, nothing of it is part of this step.
function tryAct(draft: Draft, id: ConversationId, act: Act, isDone: (group: Group) => boolean): void {
  const attempt = createDraft(draft.state, draft.env)
  write(attempt, id, actOf(act))
  if (!isDone(foundGroup(attempt, id).group)) return refuseFor(draft, 'not-allowed')
  settle(attempt, id)
  draft.state = attempt.state
  draft.writes.push(...attempt.writes)
  draft.effects.push(...attempt.effects)
  answer(draft, { kind: 'done' })
}

/** A group in which this account is a member. */
function groupOf(draft: Draft, id: ConversationId): Group | undefined {
  const group = draft.state.conversations.get(id)?.group
  return group !== undefined && isJoined(draft, group) ? group : undefined
}

function mayChange({ state }: Draft, { membership }: Group): boolean {
  const role = membership.members.get(state.self.account)
  return role === 'owner' || role === 'admin'
}
