// What comes of a group beside its entries: a welcome, opened bodies, and first words at the door (docs/protocol.md §12).

import { IdMap } from '../../bytes/id-map.ts'
import { tryDecode } from '../../bytes/codec.ts'
import { createConversation } from '../../conversation/state.ts'
import { createChain, keptOf } from '../../group/sender-chain.ts'
import { parseCard } from '../../group/card.ts'
import { accountIdFromKey } from '../../identity/account.ts'
import { parseDeviceList } from '../../identity/device-list.ts'
import {
  KEPT_HANDOUTS_MAX,
  LINK_HOSTS_MAX,
  OPENED_PER_FRAME_MAX,
  OPENED_POOL_BYTES_MAX,
  UNPROVEN_GROUPS_MAX,
  UNPROVEN_GROUPS_OF_ONE_MAX,
} from '../../limits.ts'
import { addFeed, createLog } from '../../log/log.ts'
import { act as actCodec } from '../../membership/act.ts'
import { createMembership } from '../../membership/state.ts'
import { content as contentCodec, isShared } from '../../wire/content.ts'
import { withConversation, withPeer } from '../change.ts'
import { refuse } from '../draft.ts'
import { mayJudge } from '../incoming/effort.ts'
import { isPartner } from '../members.ts'
import { NOTHING_YET } from '../state.ts'
import { actedBy } from './acted.ts'
import { foundGroup, noteOwnEntry, pooled, isForUs, withNamed } from './entry.ts'
import { isContact } from './contacts.ts'
import { oweCard } from './meet.ts'
import { addPerson, isJoined, learnPeople, takeHanded, withGroup } from './settle.ts'
import { isForLater } from './standing.ts'
import type { AccountId, ConversationId, DeviceId, EntryId } from '../../bytes/ids.ts'
import type { Acted } from '../../conversation/timeline-row.ts'
import type { Card } from '../../group/card.ts'
import type { OwnChain } from '../../group/sender-chain.ts'
import type { OpenedBody } from '../../log/body.ts'
import type { KeptBody } from '../../log/kept-body.ts'
import type { CreatedEntry } from '../../log/entry.ts'
import type { AcceptedEntry } from '../../log/log.ts'
import type { Content } from '../../wire/content.ts'
import type { EntryHeader } from '../../wire/entry.ts'
import type { Frame } from '../../wire/frame.ts'
import type { Draft } from '../draft.ts'
import type { Conversation, InviteHandout, Peer, PendingEnvelope } from '../state.ts'
import type { Group } from './group.ts'
import { toHex } from '../../bytes/bytes.ts'

/** Salt and framing of an opened body, and the place in memory that it takes. */
const BODY_OVERHEAD_BYTES = 128

/** A group of which nothing is known. */
export const emptyGroup = (id: ConversationId): Group => ({
  membership: createMembership(id),
  controls: IdMap.empty(),
  named: IdMap.empty(),
  states: IdMap.empty(),
  feeds: IdMap.empty(),
  people: IdMap.empty(),
  authors: IdMap.empty(),
  cards: IdMap.empty(),
  met: IdMap.empty(),
  unmet: IdMap.empty(),
  handouts: [],
  door: undefined,
  desks: [],
  asked: undefined,
  isStale: false,
  devices: IdMap.empty(),
  farewells: IdMap.empty(),
  pool: { bodies: new Map(), lists: new Map() },
  settled: undefined,
})

/** A contact says that this account is a member of a group. Whether it is shows in what the group's entries say. */
export function acceptWelcome(
  draft: Draft,
  device: DeviceId,
  { conversation: id, founder }: { readonly conversation: ConversationId; readonly founder: AccountId },
): void {
  const peer = draft.state.peers.get(device)
  if (peer === undefined) return
  const known = draft.state.conversations.get(id)
  if (known !== undefined) return known.group === undefined ? undefined : hearFrom(draft, id, peer)
  if (!isContact(draft.state, peer)) return refuse(draft, 'welcome', 'stranger')
  if (draft.state.removals.erasing.has(id)) return refuse(draft, 'welcome', 'removed')
  const unproven = [...draft.state.conversations.awake.values()].filter(({ group }) => group !== undefined && !isJoined(draft, group))
  // One contact keeps no other one from adding this account.
  const own = unproven.filter(({ group }) => group?.devices.has(device) === true)
  if (own.length >= UNPROVEN_GROUPS_OF_ONE_MAX || unproven.length >= UNPROVEN_GROUPS_MAX) return refuse(draft, 'welcome', 'too-many')
  enter(draft, { id, founder, chain: createChain(draft.env) })
  hearFrom(draft, id, peer)
}

// Until this account is seen to be a member, whoever welcomed it is heard.
function hearFrom(draft: Draft, id: ConversationId, peer: Peer): void {
  const { group } = foundGroup(draft, id)
  const device = peer.device.id
  const isOwn = peer.account === draft.state.self.account
  if (isJoined(draft, group) || !(isOwn || isContact(draft.state, peer) || mayHost(group, device))) return
  addPerson(draft, id, peer.list)
  withGroup(draft, id, { ...foundGroup(draft, id).group, devices: group.devices.with(device, true) })
}

// Whoever has asked to be let in does not know yet who is a member.
const mayHost = ({ asked, devices }: Group, device: DeviceId): boolean =>
  asked !== undefined && asked.since > 0 && (devices.has(device) || devices.size < LINK_HOSTS_MAX)

/** An own device is in this group already. */
export function welcomeFrom(draft: Draft, id: ConversationId, device: DeviceId): void {
  const peer = draft.state.peers.get(device)
  if (peer !== undefined) hearFrom(draft, id, peer)
}

/** A record of a group without anything in it but what this device will write. */
export function enter(
  draft: Draft,
  { id, founder, chain }: { readonly id: ConversationId; readonly founder: AccountId; readonly chain: OwnChain },
): void {
  const { self } = draft.state
  const log = addFeed(createLog(id), { device: self.device.id, signingKey: self.device.signingKey })
  const conversation: Conversation = {
    ...NOTHING_YET,
    id,
    founder,
    phase: 'open',
    view: createConversation({ conversation: id, self: self.account, device: self.device.id }),
    log,
    chain,
    chains: IdMap.of([[self.device.id, [keptOf(chain, self.device.id)]]]),
    invite: undefined,
    invitation: undefined,
    group: emptyGroup(id),
    authored: draft.env.now,
  }
  draft.state = withConversation(draft.state, conversation)
  addPerson(draft, id, self.list)
}

/** Opened bodies and device lists, before the entries that they belong to. */
export function receiveOpened(
  draft: Draft,
  device: DeviceId,
  { conversation: id, lists, bodies }: Extract<Frame, { kind: 'opened' }>,
): void {
  const conversation = draft.state.conversations.get(id)
  if (conversation?.group === undefined || !isPartner(draft.state, conversation, device))
    return refuse(draft, 'opened', 'unknown-conversation')
  const { group } = conversation
  const handed = [...group.pool.bodies, ...bodies.map(({ entry, salt, content }) => [entry, { salt, content }] as const)]
  const pool = { bodies: new Map(newestWithin(handed, OPENED_POOL_BYTES_MAX)), lists: new Map(group.pool.lists) }
  for (const signed of lists) {
    const account = accountIn(signed)
    if (account === undefined || group.people.has(account)) continue
    // Nobody keeps others from being known by lists that nothing names: the oldest go.
    for (const oldest of pool.lists.keys()) if (pool.lists.size >= OPENED_PER_FRAME_MAX) pool.lists.delete(oldest)
    pool.lists.set(account, { signed, device })
  }
  withGroup(draft, id, { ...group, pool })
  if (isJoined(draft, group)) return learnPeople(draft, id)
  // Who gives somebody something may have come before the list that says who that is.
  const named = new Set([...accountsNamed([...pool.bodies.values()].map(({ content }) => content)), ...group.named.keys()])
  for (const account of pool.lists.keys()) if (named.has(account)) takeHanded(draft, id, account)
}

type HandedBody = readonly [EntryId, KeptBody]

function newestWithin(bodies: readonly HandedBody[], max: number): readonly HandedBody[] {
  let bytes = 0
  const first = bodies.findLastIndex(([, { content }]) => (bytes += content.length + BODY_OVERHEAD_BYTES) > max)
  return bodies.slice(first + 1)
}

function accountIn(signed: Uint8Array): AccountId | undefined {
  const list = parseDeviceList(signed)
  return list && accountIdFromKey(list.accountKey)
}

/** Of whom the acts speak that whoever welcomed this device has handed over. */
function accountsNamed(contents: readonly Uint8Array[]): readonly AccountId[] {
  const acts = contents.flatMap((bytes) => tryDecode(actCodec, bytes) ?? [])
  const named = acts.reduce(
    (all, act, at) => withNamed(all, { id: String(at) as EntryId, act, author: '' as AccountId }),
    IdMap.empty<AccountId, readonly EntryId[]>(),
  )
  return [...named.keys()]
}

/** What entries that were judged make of the group: before they are shown. */
export const takeJudged = withGroup

/** What a body says, where it was handed over and is for every member to know. */
export function openHanded(
  draft: Draft,
  id: ConversationId,
  { entry, header }: { readonly entry: EntryId; readonly header: EntryHeader },
): Extract<OpenedBody, { kind: 'opened' }> | undefined {
  const kept = pooled(foundGroup(draft, id).group, entry, header)
  const content = kept && tryDecode(contentCodec, kept.content)
  const isForAll = content !== undefined && isShared(content)
  const { group } = foundGroup(draft, id)
  const past = group.states.get(toHex(header.members)) ?? []
  // What is for members alone comes opened where its author has left before it handed its key to all of them, and where the group shows it to later ones.
  const isOurs = isForAll || isForUs(group, draft.state.self.account, past) || isForLater(group, past)
  return kept === undefined || content === undefined || !isOurs ? undefined : { kind: 'opened', content, kept }
}

/** True for what was written before its author knew this account for a member, and cannot be opened. */
export function isNotForUs(draft: Draft, id: ConversationId, { id: entry, header }: AcceptedEntry): boolean {
  const { group, chains, bodyKeys } = foundGroup(draft, id)
  const { device, chain, kind, members } = header
  if (kind === 'control' || device === draft.state.self.device.id || openHanded(draft, id, { entry, header }) !== undefined) return false
  const isKnown = chains.get(device)?.some((held) => held.chain === chain) === true || bodyKeys.get(device)?.has(entry) === true
  return !isKnown && !isForUs(group, draft.state.self.account, group.states.get(toHex(members)) ?? [])
}

type Said = { readonly entry: EntryId; readonly device: DeviceId; readonly content: Content }

/** What the content of an entry does in a group beside being shown; what its line says, where it is about members. */
export function takeSaid(draft: Draft, id: ConversationId, { entry, device, content }: Said): Acted | undefined {
  if (content.kind === 'act') return actedBy(foundGroup(draft, id).group, entry, content.act)
  if (content.kind === 'card') takeCard(draft, id, { device, signed: content.card })
  return undefined
}

function takeCard(draft: Draft, id: ConversationId, { device, signed }: { readonly device: DeviceId; readonly signed: Uint8Array }): void {
  if (device === draft.state.self.device.id) return
  // Each device has its own share: what is not judged now never is.
  if (!mayJudge(draft, { id, device, what: 'card' })) return refuse(draft, 'card', 'too-many')
  const card = parseCard(signed, id)
  const { group } = foundGroup(draft, id)
  if (card?.device.id !== device || !isOwn(group, device, card)) return refuse(draft, 'card', 'not-genuine')
  if ((group.cards.get(device)?.issued ?? -1) >= card.issued) return
  const authors = group.authors.with(device, card.list.account)
  withGroup(draft, id, { ...group, authors, cards: group.cards.with(device, card) })
  oweCard(draft, id, device)
}

// A list of somebody else that names the device may have come first. What device and account say of each other goes before it.
const isOwn = ({ authors, cards, people }: Group, device: DeviceId, { list: { account } }: Card): boolean =>
  authors.get(device) === account || (!cards.has(device) && people.has(account))

/** An own entry, whose line this is. */
export function noteOwn(
  draft: Draft,
  id: ConversationId,
  { id: entry, header, kept, content }: CreatedEntry & { readonly content: Content },
): Acted | undefined {
  withGroup(draft, id, noteOwnEntry(draft, id, { entry, header, kept }))
  if (isShared(content)) keepEnvelopes(draft, id, header.seq)
  return takeSaid(draft, id, { entry, device: header.device, content })
}

// Others may hand this entry on opened, so having it proves nothing about the envelopes that go before it.
function keepEnvelopes(draft: Draft, id: ConversationId, seq: number): void {
  const isUnproven = (pending: PendingEnvelope): boolean => pending.conversation === id && pending.until === seq
  for (const device of foundGroup(draft, id).group.devices.keys()) {
    const peer = draft.state.peers.get(device)
    if (peer?.envelopes.some(isUnproven) !== true) continue
    const envelopes = peer.envelopes.map((pending) => (isUnproven(pending) ? { ...pending, until: seq + 1 } : pending))
    draft.state = withPeer(draft.state, { ...peer, envelopes })
  }
}

/** The own chain is another one: those who have not been met get it from its beginning. */
export function noteChain(draft: Draft, renewed: Conversation, handout: InviteHandout): void {
  const { group } = renewed
  if (group === undefined) return
  const handouts = group.unmet.size === 0 ? [] : [...group.handouts, handout]
  draft.state = withConversation(draft.state, {
    ...renewed,
    group: { ...group, isStale: false, handouts: handouts.slice(-KEPT_HANDOUTS_MAX) },
  })
}
