// Writing: contents become entries of this device's own feed, with their rows, and new chains are handed to those who may read.

import { chainDue, followingChain, handoutOf, keptOf, nextKey, withChain } from '../group/sender-chain.ts'
import { HANDED_AT_ONCE_MAX, OWN_CHAINS_MAX, RIDING_ENVELOPES_MAX } from '../limits.ts'
import { createEntry, signRun } from '../log/entry.ts'
import { appendOwn, nextPlace } from '../log/log.ts'
import { initiate, needsRekey, offersHealing, sealTo } from '../session/pairing.ts'
import { encodePayload } from '../session/payload.ts'
import { isFresh } from '../session/prekey-bundle.ts'
import { takeOneTime } from '../session/prekeys.ts'
import { inviting, withConversation, withPeer } from './change.ts'
import { relayTime } from './clocks.ts'
import { found } from './draft.ts'
import { mayHavePrekeys } from './incoming/effort.ts'
import { endsOf } from './incoming/ends.ts'
import { isHanded, setApart } from './delivery/reach.ts'
import { laterPart } from './part.ts'
import { memberStateOf, partnersOf } from './members.ts'
import { hasMany, withBlobKey } from './delivery/blob-keys.ts'
import { entryRows, openedBody, reduceInto } from './rows/record.ts'
import { ownLength } from './state.ts'
import { isMessage } from '../wire/content.ts'
import type { ConversationId, DeviceId, EntryId } from '../bytes/ids.ts'
import type { ReceivedChain } from '../group/sender-chain.ts'
import type { PayloadItem, SessionPayload } from '../session/payload.ts'
import type { Content } from '../wire/content.ts'
import type { Draft } from './draft.ts'
import type { Conversation, Peer, PendingEnvelope } from './state.ts'

/** Appends `content` to the own feed of a conversation and returns the entry's id. `ttl`: seconds until what it says goes, 0 for never. */
export function write(draft: Draft, id: ConversationId, content: Content, ttl = 0): EntryId {
  const { group } = found(draft, id)
  // Whoever left may have the chain that there is, and whoever came is to have none of before.
  if (isDue(draft, id) || lacksBlobKey(draft, id) || group?.isStale === true) startChain(draft, id)
  const conversation = found(draft, id)
  const { self } = draft.state
  const { own, step, messageKey } = nextKey(conversation.chain)
  const created = createEntry({
    conversation: id,
    device: self.device.id,
    ...nextPlace(conversation.log, self.device.id),
    members: memberStateOf(draft.state, conversation),
    chain: own.chain,
    step,
    ttl,
    time: draft.env.now,
    content,
    messageKey,
    random: draft.env.random,
  })
  const signature = signRun(self.device.signSeed, { conversation: id, device: self.device.id, seq: created.header.seq, id: created.id })
  const { log, accepted } = appendOwn(conversation.log, created, signature)
  const { unsent = { texts: 0, since: draft.env.now } } = conversation
  const waiting = isMessage(content) ? { unsent: { ...unsent, texts: unsent.texts + 1 } } : {}
  draft.state = withConversation(draft.state, { ...conversation, log, chain: own, authored: draft.env.now, ...waiting })
  draft.writes.push(...entryRows(id, accepted))
  const acted = group === undefined ? undefined : laterPart().noteOwn(draft, id, { ...created, content })
  reduceInto(draft, id, { entry: accepted, body: openedBody({ content, kept: created.kept }, found(draft, id).meta, acted) })
  return created.id
}

function isDue(draft: Draft, id: ConversationId): boolean {
  const { chain, log } = found(draft, id)
  return chainDue(chain, { now: draft.env.now, isAlone: log.feeds.size < 2 })
}

/** A new sender chain from here on, handed to every partner. */
export function startChain(draft: Draft, id: ConversationId): void {
  const isRenewal = isDue(draft, id)
  renewChain(draft, id)
  const { links } = draft.state.net
  const first = partnersOf(draft.state, id)
    .filter((device) => links.has(device))
    .slice(0, HANDED_AT_ONCE_MAX)
  const from = ownLength(draft.state, found(draft, id))
  draft.state = withConversation(draft.state, { ...found(draft, id), handing: { from, first, after: undefined } })
  handTo(draft, id, { devices: first, isRenewal })
  handOn(draft, id, { most: HANDED_AT_ONCE_MAX - first.length, isRenewal })
}

/** The chain goes to so many more, in the order of their ids. */
export function handOn(draft: Draft, id: ConversationId, { most = HANDED_AT_ONCE_MAX, isRenewal = false } = {}): void {
  const conversation = draft.state.conversations.get(id)
  if (conversation?.handing === undefined) return
  const due = partnersOf(draft.state, id).filter((device) => !isHanded(conversation, device))
  const turn = due.length > most ? due.toSorted().slice(0, most) : due
  handTo(draft, id, { devices: turn, isRenewal })
  const handing = turn.length < due.length ? { ...conversation.handing, after: turn.at(-1) ?? conversation.handing.after } : undefined
  draft.state = withConversation(draft.state, { ...found(draft, id), handing })
}

type HandTo = { readonly devices: readonly DeviceId[]; readonly isRenewal: boolean }

function handTo(draft: Draft, id: ConversationId, { devices, isRenewal }: HandTo): void {
  const { handing, chains } = found(draft, id)
  const [chain] = chains.get(draft.state.self.device.id) ?? []
  if (handing === undefined || chain === undefined) return
  const { step, key } = chain
  const items: SessionPayload = [
    { kind: 'chain', conversation: id, handout: { chain: chain.chain, step, key } },
    ...blobKeyItems(draft, id).slice(0, 1),
  ]
  for (const device of devices)
    handItems(draft, device, { conversation: id, from: handing.from, items: [...prekeysFor(draft, device), ...items], isRenewal })
}

// It has become one of many devices since the last chain began.
function lacksBlobKey(draft: Draft, id: ConversationId): boolean {
  const conversation = found(draft, id)
  return hasMany(conversation) && !conversation.blobKeys.has(draft.state.self.device.id)
}

/** The same, for a caller who hands it over. */
export function renewChain(draft: Draft, id: ConversationId): void {
  // Whoever waits for the one before gets that first.
  handOn(draft, id, { most: Infinity })
  const conversation = found(draft, id)
  const { id: self } = draft.state.self.device
  const chain = followingChain(draft.env, newestOfOthers(conversation, self))
  const { invite } = conversation
  const from = ownLength(draft.state, conversation)
  const chains = conversation.chains.with(self, withChain(conversation.chains.get(self) ?? [], keptOf(chain, self), OWN_CHAINS_MAX))
  const blobKeys = hasMany(conversation) ? withBlobKey(conversation.blobKeys, self, draft.env.random(32)) : conversation.blobKeys
  const renewed = { ...conversation, chain, chains, blobKeys }
  const handouts = invite?.status === 'open' ? [...invite.handouts, { handout: handoutOf(chain), from }] : []
  if (conversation.group !== undefined) laterPart().noteChain(draft, renewed, { handout: handoutOf(chain), from })
  else draft.state = withConversation(draft.state, invite?.status === 'open' ? inviting(renewed, { ...invite, handouts }) : renewed)
}

const newestOfOthers = ({ chains }: Conversation, self: DeviceId): readonly ReceivedChain[] =>
  [...chains.entries()].flatMap(([device, [newest]]) => (device === self || newest === undefined ? [] : [newest]))

/** Seals the own chain's state, and what else the peer needs, into an envelope that goes before the next own entry. */
export function handChain(draft: Draft, device: DeviceId, id: ConversationId, more: readonly PayloadItem[]): void {
  const conversation = found(draft, id)
  const chain = { kind: 'chain', conversation: id, handout: handoutOf(conversation.chain) } as const
  const items = [...more, chain, ...blobKeyItems(draft, id).slice(0, 1)]
  handItems(draft, device, { conversation: id, from: ownLength(draft.state, conversation), items })
}

/** What opens joint blobs of this device, newest first. */
export const blobKeyItems = (draft: Draft, id: ConversationId): readonly PayloadItem[] =>
  (found(draft, id).blobKeys.get(draft.state.self.device.id) ?? []).map((key) => ({ kind: 'blob-key', conversation: id, key }))

type Handover = {
  readonly conversation: ConversationId
  readonly from: number
  /** The own entry whose arrival proves that of the envelope; left out: `from`. */
  readonly until?: number
  readonly items: SessionPayload
  /** What is handed is a chain after one that was used up or old: then sessions heal. */
  readonly isRenewal?: boolean
}

/** Seals items into an envelope that goes before the own entry `from`. */
export function handItems(draft: Draft, device: DeviceId, { conversation, from, until = from, items, isRenewal = false }: Handover): void {
  const peer = withFreshSession(draft, device)
  if (peer?.pairing === undefined) return
  const when = { now: draft.env.now, isRenewal, isWaiting: isAwaited(peer) }
  // What rides with an entry that is there already answers somebody, and asks nothing.
  const offers = until === from && offersHealing(peer.pairing, when)
  const { pairing, envelope } = sealTo(peer.pairing, encodePayload(items), { ...draft.env, offers })
  const pending = { envelope, conversation, from, until, deposited: false }
  draft.state = withPeer(draft.state, { ...peer, pairing, envelopes: [...withRoom(peer.envelopes), pending] })
  setApart(draft, conversation, device)
}

// Envelopes that ride with entries which are there already are made for whoever asks, so those have a bound of their own.
function withRoom(envelopes: readonly PendingEnvelope[]): readonly PendingEnvelope[] {
  const riding = envelopes.filter(({ from, until }) => until > from)
  return riding.length < RIDING_ENVELOPES_MAX ? envelopes : envelopes.filter((pending) => pending !== riding[0])
}

/** True while something that was handed to this device has not arrived. */
const isAwaited = ({ envelopes }: Peer): boolean => envelopes.some(({ from, until }) => from === until)

// Whoever has unused ones that go with the newest reusable prekey needs no others, nor does somebody whom they are on their way to.
function prekeysFor(draft: Draft, device: DeviceId): readonly PayloadItem[] {
  const peer = draft.state.peers.get(device)
  const { reusable, oneTime } = draft.state.prekeys
  const newest = reusable[0]?.id
  const hasSome = oneTime.some((held) => held.to === device && held.with === newest)
  return hasSome || (peer !== undefined && isAwaited(peer)) ? [] : freshPrekeys(draft, device)
}

/** Prekeys for one peer alone, so that it can start the next session; none when it was handed some just now. */
export function freshPrekeys(draft: Draft, device: DeviceId): readonly PayloadItem[] {
  if (!mayHavePrekeys(draft, device)) return []
  const taken = takeOneTime(draft.state.prekeys, device)
  draft.state = { ...draft.state, prekeys: taken.store }
  return [{ kind: 'prekeys', bundle: taken.bundle }]
}

// A session that is old or has carried much is followed by a new one as soon as the peer's prekeys for it are here. Prekeys that the
// peer may have let go of meanwhile are not used: nothing sealed with them would ever be opened, and the old session still serves. How old
// they are is known once the relay has said its time: two devices' own clocks may be years apart.
function withFreshSession(draft: Draft, device: DeviceId): Peer | undefined {
  const peer = draft.state.peers.get(device)
  if (peer?.pairing === undefined || peer.bundle === undefined || !needsRekey(peer.pairing, draft.env.now)) return peer
  const time = relayTime(draft.state, draft.env.now)
  if (time === undefined) return peer
  if (!isFresh(peer.bundle, time)) return { ...peer, bundle: undefined }
  const initiation = initiate(peer.pairing, endsOf(draft.state, peer), peer.bundle, draft.env)
  return initiation.kind === 'initiated' ? { ...peer, pairing: initiation.pairing, bundle: undefined } : { ...peer, bundle: undefined }
}
