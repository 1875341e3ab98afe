// What follows for this device when something about a group has changed: whose entries it takes, who is written to, which chain may go on, and whom it
// has yet to meet (docs/protocol.md §12).

import { equalBytes } from '../../bytes/bytes.ts'
import { IdMap } from '../../bytes/id-map.ts'
import { acceptDeviceList } from '../../identity/device-list.ts'
import { addFeed } from '../../log/log.ts'
import { FEEDS_PER_CONVERSATION_MAX } from '../../limits.ts'
import { standingOf } from '../../membership/state.ts'
import { withConversation } from '../change.ts'
import { setApart } from '../delivery/reach.ts'
import { mayJudge } from '../incoming/effort.ts'
import { ownLength } from '../state.ts'
import { isContact } from './contacts.ts'
import { ensureCard, meetAll } from './meet.ts'
import { countedIn, roleIn } from './standing.ts'
import { foundGroup } from './entry.ts'
import { followLinks, listenAnew } from './desks.ts'
import { laterPart } from '../part.ts'
import type { AccountId, ConversationId, DeviceId } from '../../bytes/ids.ts'
import type { PinnedDeviceList } from '../../identity/device-list.ts'
import type { Draft } from '../draft.ts'
import type { Group } from './group.ts'

const NOTHING_COUNTED = { accounts: IdMap.empty<AccountId, true>(), spans: IdMap.empty<DeviceId, never>() }

/** Puts `group` in the place of what was known, with what of it counts: entries that come are shown by that. */
export function withGroup(draft: Draft, id: ConversationId, group: Group): void {
  const conversation = foundGroup(draft, id)
  const { view } = conversation
  const counted = countedIn(group, view.counted === undefined ? undefined : conversation.group, view.counted ?? NOTHING_COUNTED)
  if (group === conversation.group && counted === view.counted) return
  // Reactions of whoever is a member from now on, or never was, are counted anew.
  const isOther =
    counted.accounts !== view.counted?.accounts &&
    counted.accounts.changedSince(view.counted?.accounts ?? IdMap.empty()).some((account) => view.accounts.has(account))
  const pending = isOther ? [...view.pending, { kind: 'shown' } as const] : view.pending
  draft.state = withConversation(draft.state, { ...conversation, group, view: { ...view, counted, pending } })
}

/** True once this account is a member, as far as is known here. */
export const isJoined = ({ state }: Draft, { membership }: Group): boolean => membership.members.has(state.self.account)

export function settle(draft: Draft, id: ConversationId): void {
  learnPeople(draft, id)
  const { group } = foundGroup(draft, id)
  const { settled } = group
  if (settled?.membership === group.membership && settled.people === group.people && settled.cards === group.cards) return
  if (isJoined(draft, group)) followMembers(draft, id)
  else if (settled !== undefined && settled.membership.members.has(draft.state.self.account)) leaveAll(draft, id)
  followLinks(draft, id)
  const { membership, people, cards } = foundGroup(draft, id).group
  withGroup(draft, id, { ...foundGroup(draft, id).group, settled: { membership, people, cards } })
  if (!isJoined(draft, foundGroup(draft, id).group)) return
  ensureCard(draft, id)
  meetAll(draft, id)
  const wasJoined = settled?.membership.members.has(draft.state.self.account) === true
  if (!wasJoined) askNoMore(draft, id)
  if (!wasJoined && draft.state.circle !== undefined) laterPart().shareOpened(draft, id)
}

// What was to show this account as a member has come, so no member has to be asked for it.
function askNoMore(draft: Draft, id: ConversationId): void {
  const conversation = foundGroup(draft, id)
  const { missing } = conversation
  if (missing?.upTo.size === 0 && missing.shut.length === 0)
    draft.state = withConversation(draft.state, { ...conversation, missing: undefined })
}

/** Device lists that came along, of those whom somebody who might has given something. */
export function learnPeople(draft: Draft, id: ConversationId): void {
  for (const account of foundGroup(draft, id).group.pool.lists.keys()) {
    const { group } = foundGroup(draft, id)
    if ((group.named.get(account) ?? []).some((control) => isByAdmin(group, control))) takeHanded(draft, id, account)
  }
}

/** A list that was handed over is judged now that it is needed: it costs some verifications, so whoever hands on what nothing names makes nobody judge it. */
export function takeHanded(draft: Draft, id: ConversationId, account: AccountId): void {
  const { group } = foundGroup(draft, id)
  const handed = group.pool.lists.get(account)
  if (handed === undefined || (!group.people.has(account) && !mayJudge(draft, { id, device: handed.device, what: 'list' }))) return
  const acceptance = group.people.has(account) ? undefined : acceptDeviceList(undefined, handed.signed, account)
  if (acceptance?.kind === 'accepted') return addPerson(draft, id, acceptance.pinned)
  const lists = new Map(group.pool.lists)
  lists.delete(account)
  withGroup(draft, id, { ...group, pool: { ...group.pool, lists } })
}

function isByAdmin(group: Group, id: Parameters<Group['controls']['get']>[0]): boolean {
  const entry = group.controls.get(id)?.entry
  if (entry === undefined) return false
  return entry.act.kind !== 'grant' || ['owner', 'admin'].includes(roleIn(group, entry.author, entry.past) ?? '')
}

// Anybody can put somebody else's device into their own list: whose it is stays as it was, unless the device has said otherwise itself.
const isOwnedBy = ({ authors, cards }: Group, device: DeviceId, account: AccountId): boolean =>
  (cards.get(device)?.list.account ?? authors.get(device) ?? account) === account

/** From now on entries of this person's devices are taken. */
export function addPerson(draft: Draft, id: ConversationId, list: PinnedDeviceList): void {
  const conversation = foundGroup(draft, id)
  let { group, log } = conversation
  for (const device of list.devices) {
    if (!isOwnedBy(group, device.id, list.account)) continue
    if (!log.feeds.has(device.id) && log.feeds.size >= FEEDS_PER_CONVERSATION_MAX) continue
    log = addFeed(log, { device: device.id, signingKey: device.signingKey })
    group = { ...group, authors: group.authors.with(device.id, list.account) }
  }
  const lists = new Map(group.pool.lists)
  lists.delete(list.account)
  const known = group.people.get(list.account)
  const people = known === undefined || isLater(list, known) ? group.people.with(list.account, list) : group.people
  group = withUnmet(group, { known, list, length: ownLength(draft.state, conversation) })
  draft.state = withConversation(draft.state, { ...conversation, log })
  withGroup(draft, id, { ...group, people, pool: { ...group.pool, lists } })
}

// Of two with one number the one counts that counts everywhere.
const isLater = (list: PinnedDeviceList, known: PinnedDeviceList): boolean =>
  known.serial < list.serial ||
  (known.serial === list.serial && !equalBytes(known.hash, list.hash) && acceptDeviceList(known, list.signed).kind === 'accepted')

type NewList = { readonly known: PinnedDeviceList | undefined; readonly list: PinnedDeviceList; readonly length: number }

// Further devices of a member are met, and read what is written from here on.
function withUnmet(group: Group, { known, list, length }: NewList): Group {
  const isShrunk = known?.devices.some(({ id }) => !list.devices.some((still) => still.id === id)) === true
  if (isShrunk) return withUnmet({ ...group, isStale: true }, { known: undefined, list, length })
  const isGrown = known !== undefined && list.devices.some(({ id }) => !known.devices.some((before) => before.id === id))
  if (!isGrown || !group.membership.members.has(list.account)) return group
  return { ...group, isStale: true, unmet: group.unmet.with(list.account, Math.min(length, group.unmet.get(list.account) ?? length)) }
}

/** Members came, went, or have other devices. */
function followMembers(draft: Draft, id: ConversationId): void {
  const conversation = foundGroup(draft, id)
  const { self } = draft.state
  let { group } = conversation
  const known = group.settled?.membership.members
  // To whoever has just become a member, all others are new.
  const before = known?.has(self.account) === true ? known : IdMap.empty<AccountId, never>()
  const length = ownLength(draft.state, conversation)
  for (const account of group.membership.members.changedSince(before)) {
    const [was, is] = [before.has(account), group.membership.members.has(account)]
    if (was === is) continue
    const unmet = is ? group.unmet.with(account, sinceOf(group, account, length)) : group.unmet.without(account)
    group = { ...group, unmet, met: withoutDevicesOf(group, account), isStale: true }
  }
  const devices = devicesOf(group, self.device.id)
  const gone = [...group.devices.keys()].filter((device) => !devices.has(device))
  let { met, unmet, farewells } = group
  for (const device of met.keys()) if (!devices.has(device)) met = met.without(device)
  for (const account of unmet.keys()) if (!group.membership.members.has(account)) unmet = unmet.without(account)
  for (const device of gone) {
    const end = farewellTo(group, self.device.id, device)
    if (end !== undefined) farewells = farewells.with(device, end)
  }
  for (const device of devices.keys()) farewells = farewells.without(device)
  withGroup(draft, id, { ...group, devices, met, unmet, farewells })
  for (const device of gone) setApart(draft, id, device)
  if (gone.length > 0) listenAnew(draft, group)
}

// Whoever was a member before this account went, and is one when it comes back, may still lack what was written for it then.
const sinceOf = ({ unmet, met, people }: Group, account: AccountId, length: number): number =>
  Math.min(length, unmet.get(account) ?? length, ...(people.get(account)?.devices ?? []).map(({ id }) => met.get(id) ?? length))

const withoutDevicesOf = ({ met, people }: Group, account: AccountId): Group['met'] =>
  (people.get(account)?.devices ?? []).reduce((all, { id }) => all.without(id), met)

// As it was where it is the same, so that a card that comes writes no row that grows with the group.
function devicesOf(group: Group, self: DeviceId): Group['devices'] {
  const { membership, people, authors } = group
  const listed = [...membership.members.keys()].flatMap((account) =>
    (people.get(account)?.devices ?? []).flatMap(({ id }) => (id !== self && authors.get(id) === account ? [[id, true] as const] : [])),
  )
  const devices: Group['devices'] = IdMap.of(listed)
  const isSame = devices.size === group.devices.size && listed.every(([device]) => group.devices.has(device))
  return isSame ? group.devices : devices
}

/** How much of the own feed somebody gets who was removed by this device: up to the removal. */
function farewellTo(group: Group, self: DeviceId, device: DeviceId): number | undefined {
  const account = group.authors.get(device)
  const strikes = account === undefined ? [] : standingOf(group.membership, account).strikes.flatMap((line) => line.strikes)
  const own = strikes.flatMap(({ by }) => {
    const control = group.controls.get(by.id)
    return control?.entry.device === self ? [control.seq + 1] : []
  })
  return own.length === 0 ? undefined : Math.max(...own)
}

/** This account is no member any more: nobody is written to. Contacts are heard, since one of them may add it again. */
function leaveAll(draft: Draft, id: ConversationId): void {
  const { group } = foundGroup(draft, id)
  const self = draft.state.self.device.id
  const isOwnAct = [...group.controls.values()].some(({ entry }) => entry.device === self && entry.act.kind === 'leave')
  // Whoever leaves says so.
  const end = ownLength(draft.state, foundGroup(draft, id))
  const farewells = isOwnAct ? IdMap.of([...group.devices.keys()].map((device) => [device, end] as const)) : IdMap.empty<DeviceId, number>()
  for (const device of group.devices.keys()) setApart(draft, id, device)
  withGroup(draft, id, {
    ...foundGroup(draft, id).group,
    devices: isOwnAct ? IdMap.empty() : contactsAmong(draft, group),
    farewells,
  })
}

function contactsAmong({ state }: Draft, { devices }: Group): Group['devices'] {
  const heard = [...devices.keys()].filter((device) => {
    const peer = state.peers.get(device)
    return peer !== undefined && isContact(state, peer)
  })
  return IdMap.of(heard.map((device) => [device, true] as const))
}
