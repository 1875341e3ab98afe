// What there is, told to a new own device (docs/protocol.md §13.5): each conversation by itself, and how the new device takes its place in it.

import { IdMap } from '../../bytes/id-map.ts'
import { readFeed } from '../../conversation/feed-view.ts'
import { createConversation, emptyFeedView } from '../../conversation/state.ts'
import { createChain, keptOf } from '../../group/sender-chain.ts'
import { acceptDeviceList, pinnedFrom } from '../../identity/device-list.ts'
import { devicePublicFromKeys } from '../../identity/device.ts'
import { LISTS_HANDED_MAX, REACHED_PER_WORD_MAX, SHARED_FEEDS_MAX } from '../../limits.ts'
import { addFeed, createLog } from '../../log/log.ts'
import { createMailboxKeys, grantOf } from '../../mailbox/keys.ts'
import { bundleOf } from '../../session/prekeys.ts'
import { withConversation, withPeer } from '../change.ts'
import { startChain, write } from '../author.ts'
import { found, refuse } from '../draft.ts'
import { enter as enterGroup, welcomeFrom } from '../groups/receive.ts'
import { createPeer } from '../invites/pair.ts'
import { homeNow } from '../mailboxes/own.ts'
import { NOTHING_YET } from '../state.ts'
import { say } from './circle.ts'
import { takeIn } from './take-in.ts'
import type { AccountId, ConversationId, DeviceId } from '../../bytes/ids.ts'
import type { PinnedDeviceList } from '../../identity/device-list.ts'
import type { CircleSaid } from '../../linking/said.ts'
import type { Draft } from '../draft.ts'
import type { Conversation } from '../state.ts'

type Share = Extract<CircleSaid, { kind: 'share' }>

/** All conversations that have begun, for an own device that knows none of them yet. */
export function shareAll(draft: Draft): void {
  for (const conversation of draft.state.conversations.values()) share(draft, conversation)
}

/** A conversation has begun here: the other own devices hear of it. */
export function shareOpened(draft: Draft, id: ConversationId): void {
  const conversation = draft.state.conversations.get(id)
  if (conversation !== undefined) share(draft, conversation)
}

function share(draft: Draft, conversation: Conversation): void {
  const { id, phase, founder, group } = conversation
  const { circle, self } = draft.state
  if (circle === undefined || id === circle.conversation || phase !== 'open') return
  if (group !== undefined && !group.membership.members.has(self.account)) return
  const peers = [...conversation.log.feeds.keys()].flatMap((device) => draft.state.peers.get(device) ?? [])
  const readOf = (device: DeviceId): number => conversation.view.feeds.get(device)?.read ?? 0
  const feeds = [
    { ...keysOf(self.device), account: self.account, read: 0 },
    ...peers.map(({ device, account }) => ({ ...keysOf(device), account, read: readOf(device.id) })),
  ].slice(0, SHARED_FEEDS_MAX)
  const isGroup = group !== undefined
  // A group says by itself who takes part in it.
  const others = isGroup ? [] : peers.filter(({ account }) => account !== self.account)
  const lists = [...new Map(others.map(({ account, list }) => [account, list.signed] as const)).values()].slice(0, LISTS_HANDED_MAX)
  say(draft, { kind: 'share', conversation: id, founder, isGroup, feeds, lists })
}

const keysOf = ({ signingKey, agreementKey }: { readonly signingKey: Uint8Array; readonly agreementKey: Uint8Array }) => ({
  signingKey,
  agreementKey,
})

/** An own device says that there is this conversation, or that others have come into it. */
export function takeShare(draft: Draft, from: DeviceId, said: Share): void {
  const { conversations, removals } = draft.state
  const { conversation: id } = said
  if (removals.erasing.has(id) || draft.state.circle?.removed.includes(id) === true) return
  const isKnown = conversations.has(id)
  if (said.isGroup) return isKnown ? undefined : enterGroupOf(draft, from, said)
  const lists = listsIn(draft, said)
  if (lists === undefined) return refuse(draft, 'share', 'not-authentic')
  if (!isKnown) createPairOf(draft, said)
  noteRead(draft, said)
  const news = addFeeds(draft, said, lists)
  if (isKnown && news.length === 0) return
  if (!isKnown) arrive(draft, id)
  const met = news.flatMap((device) => draft.state.peers.get(device) ?? []).filter(({ pairing }) => pairing !== undefined)
  for (const { device } of met) takeIn(draft, id, device)
  const strangers = news.filter((device) => !met.some((peer) => peer.device.id === device))
  if (!isKnown || strangers.length > 0) sayReach(draft, id, strangers)
}

function enterGroupOf(draft: Draft, from: DeviceId, said: Share): void {
  const { conversation: id, founder } = said
  enterGroup(draft, { id, founder, chain: createChain(draft.env) })
  noteRead(draft, said)
  welcomeFrom(draft, id, from)
  sayReach(draft, id, [])
}

// What this person has read on another device is not new here.
function noteRead(draft: Draft, { conversation: id, feeds: said }: Share): void {
  const conversation = found(draft, id)
  let { feeds } = conversation.view
  for (const { account, read, ...keys } of said) {
    const { id: device } = devicePublicFromKeys(keys)
    if (account !== draft.state.self.account && read > 0)
      feeds = feeds.with(device, readFeed(feeds.get(device) ?? emptyFeedView(account), read))
  }
  draft.state = withConversation(draft.state, { ...conversation, view: { ...conversation.view, feeds } })
}

type Lists = ReadonlyMap<AccountId, PinnedDeviceList>

// Of accounts that are known here already, the newer list counts.
function listsIn(draft: Draft, { lists }: Share): Lists | undefined {
  const { self } = draft.state
  const pinned = new Map<AccountId, PinnedDeviceList>([[self.account, self.list]])
  for (const signed of lists) {
    const account = pinnedFrom(signed)?.account
    const known = account && [...draft.state.peers.looks()].find((look) => look.account === account)
    const before = known && draft.state.peers.get(known.device.id)?.list
    const acceptance = acceptDeviceList(undefined, signed, account)
    if (account === undefined || acceptance.kind === 'refused') return undefined
    pinned.set(account, before !== undefined && before.serial >= acceptance.pinned.serial ? before : acceptance.pinned)
  }
  return pinned
}

/** Feeds of the pair that were not known here. Their devices, but for those of this account and those that are in no list any more. */
function addFeeds(draft: Draft, { conversation: id, feeds }: Share, lists: Lists): readonly DeviceId[] {
  const { self } = draft.state
  const news: DeviceId[] = []
  for (const { account, signingKey, agreementKey } of feeds) {
    const device = devicePublicFromKeys({ signingKey, agreementKey })
    const list = lists.get(account)
    const known = draft.state.peers.get(device.id)
    const conversation = found(draft, id)
    if (list === undefined || conversation.log.feeds.has(device.id) || (known !== undefined && known.account !== account)) continue
    const isThere = list.devices.some((listed) => listed.id === device.id)
    const isListed = account !== self.account && isThere
    const end = isThere ? {} : { end: { isRevoked: true, cuts: new Map<ConversationId, number>() } }
    const peer = known ?? { ...createPeer({ device, list, outbox: undefined }), ...end }
    draft.state = withPeer(draft.state, { ...peer, inbox: peer.inbox ?? (isListed ? newInbox(draft) : undefined) })
    const log = addFeed(conversation.log, { device: device.id, signingKey: device.signingKey })
    draft.state = withConversation(draft.state, { ...conversation, log })
    if (isListed) news.push(device.id)
  }
  return news
}

function createPairOf(draft: Draft, { conversation: id, founder }: Share): void {
  const { self } = draft.state
  const chain = createChain(draft.env)
  const conversation: Conversation = {
    ...NOTHING_YET,
    id,
    founder,
    phase: 'open',
    view: createConversation({ conversation: id, self: self.account, device: self.device.id }),
    log: addFeed(createLog(id), { device: self.device.id, signingKey: self.device.signingKey }),
    chain,
    chains: IdMap.of([[self.device.id, [keptOf(chain, self.device.id)]]]),
    invite: undefined,
    invitation: undefined,
    authored: draft.env.now,
  }
  draft.state = withConversation(draft.state, conversation)
}

// The first word of this device there: what it says to others goes with it.
function arrive(draft: Draft, id: ConversationId): void {
  startChain(draft, id)
  write(draft, id, { kind: 'arrived' })
}

/** This device takes part, and is reached so by those whom it cannot write to yet. */
export function sayReach(draft: Draft, id: ConversationId, devices: readonly DeviceId[]): void {
  const grants = devices.flatMap((device) => {
    const inbox = draft.state.peers.get(device)?.inbox
    return inbox === undefined ? [] : [{ device, grant: grantOf(inbox.keys) }]
  })
  const bundle = bundleOf(draft.state.prekeys, { oneTime: undefined })
  for (let at = 0; at === 0 || at < grants.length; at += REACHED_PER_WORD_MAX)
    say(draft, { kind: 'reach', conversation: id, bundle, grants: grants.slice(at, at + REACHED_PER_WORD_MAX) })
}

export function newInbox(draft: Draft) {
  const [sponsor] = [...draft.state.peers.looks()].flatMap(({ account, outbox }) =>
    account === draft.state.self.account ? (outbox ?? []) : [],
  )
  const relay = homeNow(draft.state) ?? sponsor?.relay
  return relay === undefined ? undefined : { keys: createMailboxKeys(relay, draft.env.random), registered: false }
}
