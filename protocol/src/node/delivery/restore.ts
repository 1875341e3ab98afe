// Own entries that others return: this device was restored from an older disk (docs/protocol.md §5.8, docs/decisions/0007). It goes on
// where they say that it was, uses no step again, and asks for what its sessions and chains have forgotten.

import { decode } from '../../bytes/codec.ts'
import { forgetBefore, keyAt } from '../../group/sender-chain.ts'
import { KEYS_PER_ENVELOPE_MAX } from '../../limits.ts'
import { bodyKeyOf } from '../../log/body.ts'
import { initiate } from '../../session/pairing.ts'
import { isFresh } from '../../session/prekey-bundle.ts'
import { entryHeader } from '../../wire/entry.ts'
import { sayHave } from './asking.ts'
import { blobKeyItems, freshPrekeys, handItems, renewChain } from '../author.ts'
import { withConversation, withPeer } from '../change.ts'
import { relayTime } from '../clocks.ts'
import { found, refuse } from '../draft.ts'
import { mayAnswerLost, mayAppeal } from '../incoming/effort.ts'
import { endsOf } from '../incoming/ends.ts'
import { isPartner, partnersOf } from '../members.ts'
import { branchesNamed, deliveryTo, withDelivery } from './reach.ts'
import { isSpoken, ownLength } from '../state.ts'
import type { ConversationId, DeviceId, EntryId } from '../../bytes/ids.ts'
import type { ReceivedChain } from '../../group/sender-chain.ts'
import type { Admission } from '../../log/admit.ts'
import type { Lookups } from '../../log/lookups.ts'
import type { PayloadItem, SessionPayload } from '../../session/payload.ts'
import type { PrekeyBundle } from '../../session/prekey-bundle.ts'
import type { EntryHeader } from '../../wire/entry.ts'
import type { Draft } from '../draft.ts'
import type { Conversation, Peer, PendingEnvelope } from '../state.ts'

/** Nobody knows how many sessions were forgotten; the next one stands above all of them. */
const GENERATIONS_LEFT_OUT = 16

/** Questions after which something is done about it. Whoever only waits for an envelope that was late has it by then. */
const APPEALS_AFTER = [2, 3, 4, 5, 6, 7, 8]

type RestoredFeed = {
  readonly device: DeviceId
  readonly id: ConversationId
  /** How many own entries there were before. */
  readonly length: number
  readonly admission: Admission
  readonly lookups: Lookups
}

/** `device` handed over entries; some of them may be this device's own, which it had lost. */
export function takeBack(draft: Draft, { device, id, length, admission, lookups }: RestoredFeed): void {
  const self = draft.state.self.device.id
  const accepted = admission.accepted.filter(({ header }) => header.device === self)
  const parked = draft.state.parking.conversations.get(id) ?? []
  const proven = [...accepted, ...parked.filter(({ header, isVerified }) => header.device === self && isVerified)]
  if (proven.length === 0) return
  const upTo = Math.max(0, ...accepted.map(({ header }) => header.seq + 1))
  prolongEnvelopes(draft, id, length)
  const before = deliveryTo(found(draft, id), device)
  withDelivery(draft, id, device, {
    announced: Math.max(before.announced, upTo),
    branches: branchesNamed(found(draft, id).log, self, { named: before.named, before: before.branches }),
  })
  appealOnce(draft, id, Math.max(...proven.map(({ header }) => header.seq + 1)))
  handKeys(draft, id, [...(admission.forks.some((fork) => fork.device === self) ? headersIn(lookups, self) : []), ...accepted])
}

// The next own entry proves that an envelope has arrived. What came back in its place was written before, and proves nothing.
function prolongEnvelopes(draft: Draft, id: ConversationId, length: number): void {
  const next = ownLength(draft.state, found(draft, id))
  if (next <= length) return
  const isUnproven = (pending: PendingEnvelope): boolean => pending.conversation === id && pending.until >= length && pending.until < next
  for (const device of partnersOf(draft.state, id)) {
    const peer = draft.state.peers.get(device)
    if (!peer?.envelopes.some(isUnproven)) continue
    const envelopes = peer.envelopes.map((pending) => (isUnproven(pending) ? { ...pending, until: next } : pending))
    draft.state = withPeer(draft.state, { ...peer, envelopes })
  }
}

/** A partner was restored: it gets the chains as far back as they are kept, and hears that what it cannot read with them it never will. */
export function answerLost(draft: Draft, device: DeviceId, id: ConversationId): void {
  const conversation = draft.state.conversations.get(id)
  if (conversation === undefined || !isSpoken(conversation) || !isPartner(draft.state, conversation, device)) return
  if (!mayAnswerLost(draft, device, id)) return refuse(draft, 'lost', 'too-many')
  const seq = ownLength(draft.state, conversation) - 1
  handNow(draft, device, id, [
    ...chainsOf(draft, id, device),
    ...keysOf(draft, id),
    { kind: 'closed', conversation: id, seq },
    ...freshPrekeys(draft, device),
  ])
}

// Once for all that is known to have been lost.
function appealOnce(draft: Draft, id: ConversationId, upTo: number): void {
  const conversation = found(draft, id)
  if (upTo <= conversation.returned) return
  const self = draft.state.self.device.id
  const claimed = conversation.missing?.upTo.get(self) ?? 0
  draft.state = withConversation(draft.state, { ...conversation, returned: Math.max(upTo, claimed) })
  // Another copy of this profile may be alive, and go on in the chain that both have: a step that two use opens one body only.
  const isCopied = conversation.returned > 0 || conversation.log.feeds.get(self)?.fork !== undefined
  if (isCopied) renewChain(draft, id)
  if (mayAppeal(draft, id) || isCopied) appeal(draft, id)
}

/** Entries came without what opens them, though this device has asked: it may not know the sessions of their authors any more. Less and less often. */
export function appealWhenAsked(draft: Draft, id: ConversationId): void {
  const conversation = draft.state.conversations.get(id)
  const { asks = 0, shut = [] } = conversation?.missing ?? {}
  const partners = shut.filter((device) => conversation !== undefined && isPartner(draft.state, conversation, device))
  if (APPEALS_AFTER.includes(asks) && partners.length > 0 && mayAppeal(draft, id)) appeal(draft, id, partners)
}

/** Sessions may have gone on without this device, in both directions. So it begins new ones, and says that it lacks their chains. */
export function appeal(draft: Draft, id: ConversationId, devices = partnersOf(draft.state, id)): void {
  // Whoever has only opened a link has no entry that an envelope could go with.
  if (!isSpoken(found(draft, id))) return
  refuse(draft, 'this disk', 'older than what others have of it')
  for (const device of devices) {
    renewSession(draft, id, device)
    handNow(draft, device, id, [
      { kind: 'lost', conversation: id },
      ...chainsOf(draft, id, device),
      ...keysOf(draft, id),
      ...freshPrekeys(draft, device),
    ])
  }
}

/** A device that has come anew gets what opens own entries, as far back as that is kept. */
export function handChains(draft: Draft, id: ConversationId, device: DeviceId): void {
  if (ownLength(draft.state, found(draft, id)) > 0) handNow(draft, device, id, [...chainsOf(draft, id, device), ...keysOf(draft, id)])
}

// Own chains from the first entry on that nobody has confirmed, the oldest first. In a group the one that there is, from where a member came: of
// chains before nobody knows where that was.
function chainsOf(draft: Draft, id: ConversationId, device: DeviceId): SessionPayload {
  const conversation = found(draft, id)
  const kept = conversation.chains.get(draft.state.self.device.id) ?? []
  return sinceComing(draft, conversation, { kept, device })
    .map(({ chain, step, key }): PayloadItem => ({ kind: 'chain', conversation: id, handout: { chain, step, key } }))
    .toReversed()
}

type KeptChains = { readonly kept: readonly ReceivedChain[]; readonly device: DeviceId }

function sinceComing(draft: Draft, conversation: Conversation, { kept, device }: KeptChains): readonly ReceivedChain[] {
  const { group, chain: own } = conversation
  if (group === undefined) return kept
  const since = group.met.get(device)
  const first = ownLength(draft.state, conversation) - own.step
  return since === undefined ? [] : kept.filter(({ chain }) => chain === own.chain).map((chain) => forgetBefore(chain, since - first))
}

function keysOf(draft: Draft, id: ConversationId): SessionPayload {
  const keys = blobKeyItems(draft, id)
  return found(draft, id).group === undefined ? keys.toReversed() : keys.slice(0, 1)
}

// Of prekeys that the forgotten self may have used, only the reusable part serves.
function renewSession(draft: Draft, id: ConversationId, device: DeviceId): void {
  const peer = draft.state.peers.get(device)
  const bundle = peer && bundleOf(draft, id, peer)
  if (peer === undefined || bundle === undefined) return
  const options = { ...draft.env, leap: GENERATIONS_LEFT_OUT }
  const reusable = { ...bundle, oneTime: undefined }
  const initiation = initiate(peer.pairing, endsOf(draft.state, peer), reusable, options)
  // It may have to begin once more before the answer, with new prekeys, can be read.
  if (initiation.kind === 'initiated') draft.state = withPeer(draft.state, { ...peer, pairing: initiation.pairing, bundle: reusable })
}

function bundleOf(draft: Draft, id: ConversationId, peer: Peer): PrekeyBundle | undefined {
  const { invitation } = found(draft, id)
  const invited = invitation?.founderDevice === peer.device.id ? invitation.bundle : undefined
  const time = relayTime(draft.state, draft.env.now) ?? draft.env.now
  return [peer.bundle, invited].find((bundle) => bundle !== undefined && isFresh(bundle, time))
}

// An envelope rides with the last own entry, which goes out again for it, and is repeated until the next one has arrived.
export function handNow(draft: Draft, device: DeviceId, id: ConversationId, items: SessionPayload): void {
  const until = ownLength(draft.state, found(draft, id))
  handItems(draft, device, { conversation: id, from: until - 1, until, items })
}

type SealedEntry = { readonly id: EntryId; readonly header: EntryHeader }

// Two branches went through the same steps of a chain, and others open one body with each. The keys of these bodies go to them apart.
function handKeys(draft: Draft, id: ConversationId, sealed: readonly SealedEntry[]): void {
  const { log, chains } = found(draft, id)
  const self = draft.state.self.device.id
  const fork = log.feeds.get(self)?.fork
  if (fork === undefined) return
  sayHave(draft, id)
  const items = sealed.flatMap(({ id: entry, header }): readonly PayloadItem[] => {
    const chain = header.seq < fork.seq ? undefined : chains.get(self)?.find((kept) => kept.chain === header.chain)
    const key = chain && keyAt(chain, header.step)
    return key?.kind === 'key' ? [{ kind: 'body-key', conversation: id, entry, bodyKey: bodyKeyOf(header, key.key) }] : []
  })
  const until = ownLength(draft.state, found(draft, id))
  for (const device of partnersOf(draft.state, id))
    for (let at = 0; at < items.length; at += KEYS_PER_ENVELOPE_MAX)
      handItems(draft, device, { conversation: id, from: fork.seq, until, items: items.slice(at, at + KEYS_PER_ENVELOPE_MAX) })
}

const headersIn = (lookups: Lookups, self: DeviceId): readonly SealedEntry[] =>
  [...lookups.values()]
    .flat()
    .flatMap((known) => (known.device === self ? [{ id: known.id, header: decode(entryHeader, known.headerBytes) }] : []))
