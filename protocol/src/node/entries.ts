// Entries of others: admitted by the log's rules, opened with their chains, stored, and shown (docs/protocol.md §5.5).

import { equalBytes } from '../bytes/bytes.ts'
import { tryDecode } from '../bytes/codec.ts'
import { keyAt } from '../group/sender-chain.ts'
import { inviteSecretsOf, joinProof } from '../invite/secrets.ts'
import { admitEntries } from '../log/admit.ts'
import { openBody } from '../log/body.ts'
import { entryIdOfHeader } from '../log/entry.ts'
import { NO_LOOKUPS, placeOf, withinLookups } from '../log/lookups.ts'
import { orderKeyOf } from '../log/order.ts'
import { entryHeader } from '../wire/entry.ts'
import { isLevelWithAll } from './asking.ts'
import { found } from './author.ts'
import { countTaken, withinBudget } from './budget.ts'
import { hasRoom } from './deliveries.ts'
import { admitDocument } from './document.ts'
import { openApart } from './apart.ts'
import { partnersOf, refuse } from './draft.ts'
import { sayHave } from './have.ts'
import { oweHave } from './link.ts'
import { depositAgain } from './mailboxes.ts'
import { memberStatesOf } from './members.ts'
import { confirm } from './reach.ts'
import { entryRow, openedBody, reduceInto } from './record.ts'
import { skipStep, takeBack } from './restore.ts'
import { withConversation, withItem, withPeer } from './state.ts'
import { bodyKeyOf } from './stored-body.ts'
import type { ConversationId, DeviceId } from '../bytes/ids.ts'
import type { ReducedBody } from '../conversation/reduce.ts'
import type { Incoming } from '../log/incoming.ts'
import type { Lookups } from '../log/lookups.ts'
import type { AcceptedEntry } from '../log/log.ts'
import type { Content } from '../wire/content.ts'
import type { WireEntry } from '../wire/entry.ts'
import type { Frame } from '../wire/frame.ts'
import type { Draft } from './draft.ts'
import type { InputOf, Source } from './input.ts'
import type { Opened } from './record.ts'
import type { Conversation } from './state.ts'

type ReceivedEntries = {
  readonly device: DeviceId
  readonly source: Source
  readonly frame: Extract<Frame, { kind: 'entries' }>
  readonly lookups: Lookups | undefined
}

/** False when something in the frame has to be read again, because what it rests on is not here yet. What is too much is let go, and asked for later. */
export function receiveEntries(draft: Draft, { device, source, frame, lookups }: ReceivedEntries): boolean {
  const id = frame.conversation
  if (!partnersOf(draft.state, id).includes(device)) {
    refuse(draft, 'entries', 'unknown-conversation')
    return true
  }
  const before = found(draft, id).log
  const entries = withinBudget(draft, device, frame.entries)
  const waiting = admitInto(draft, { device, id, entries, lookups: lookups ?? NO_LOOKUPS })
  openAgain(draft, { id, entries, lookups: lookups ?? NO_LOOKUPS })
  const left = placesOf(frame.entries.slice(entries.length))
  if (left.length > 0) refuse(draft, 'entries', 'too-much')
  const hasProgressed = found(draft, id).log !== before
  noteMissing(draft, id, { waiting: [...waiting, ...left], hasProgressed })
  if (source.kind === 'link' || hasProgressed) oweHave(draft, device, id)
  return waiting.length === 0
}

/** A place in a feed of which something is known to exist. */
type Place = { readonly device: DeviceId; readonly seq: number }

/** Admits entries as far as they can be read, also those of an invite packet. What has to come again is returned. */
export function admitInto(
  draft: Draft,
  {
    device,
    id,
    entries: all,
    lookups,
  }: { readonly device: DeviceId; readonly id: ConversationId; readonly entries: readonly WireEntry[]; readonly lookups: Lookups },
): readonly Place[] {
  const conversation = found(draft, id)
  const entries = withKnownChain(conversation, draft.state.self.device.id, withinLookups(conversation.log, all))
  const admission = admitEntries({
    log: conversation.log,
    parking: draft.state.parking,
    lookups,
    from: device,
    entries,
    members: memberStatesOf(draft.state, conversation),
    now: draft.env.now,
  })
  if (admission.log !== conversation.log) draft.state = withConversation(draft.state, { ...conversation, log: admission.log })
  draft.state = { ...draft.state, parking: admission.parking }
  for (const refusal of admission.refused) refuse(draft, 'entry', refusal.reason)
  for (const entry of [...admission.accepted, ...admission.filled]) acceptEntry(draft, id, entry)
  takeBack(draft, { device, id, admission, lookups })
  // Whoever has two histories may not know it.
  if (admission.forks.length > 0) sayHave(draft, id)
  if (admission.accepted.length > 0) {
    hearFrom(draft, device)
    countTaken(draft, device, admission.accepted)
  }
  const parked = parkedOf(draft.state.parking.conversations.get(id) ?? [], entries)
  const surplus = admission.refused.flatMap(({ reason, device: author, seq }) =>
    reason === 'parking' && author !== undefined && seq !== undefined ? [{ device: author, seq }] : [],
  )
  const taken = new Set(entries)
  return [
    ...placesOf(all.filter((wire) => !taken.has(wire))),
    ...parked.map(({ header }) => ({ device: header.device, seq: header.seq })),
    ...surplus,
  ]
}

function parkedOf(parked: readonly Incoming[], entries: readonly WireEntry[]): readonly Incoming[] {
  const ids = new Set(parked.length === 0 ? [] : entries.map((wire) => entryIdOfHeader(wire.header)))
  return parked.filter((item) => ids.has(item.id))
}

const placesOf = (entries: readonly WireEntry[]): readonly Place[] =>
  entries.flatMap((wire) => {
    const header = tryDecode(entryHeader, wire.header)
    return header === undefined ? [] : [{ device: header.device, seq: header.seq }]
  })

// An entry whose chain is unknown cannot be opened later: its key travels apart. So it, and what follows it in its feed, has to come
// again. Not where its author says that no key will come, and not where this device has lost the key of an entry of its own.
function withKnownChain(conversation: Conversation, self: DeviceId, entries: readonly WireEntry[]): readonly WireEntry[] {
  const cut = new Set<DeviceId>()
  return entries.filter((wire) => {
    const header = tryDecode(entryHeader, wire.header)
    if (header === undefined) return true
    const { device, seq, chain } = header
    const isKnown = conversation.chains.get(device)?.some((held) => held.chain === chain) === true
    if (!isKnown && device !== self && seq > (conversation.closed.get(device) ?? -1) && !isStale(conversation, header)) cut.add(device)
    return !cut.has(device)
  })
}

// What is below the tip was read before; its chain may have been let go since.
const isStale = (conversation: Conversation, header: { readonly device: DeviceId; readonly seq: number }): boolean =>
  conversation.log.feeds.get(header.device)?.tips.some((tip) => tip.seq >= header.seq) === true

/** An entry that could not be read before says what it says, now. */
export function readAgain(draft: Draft, { conversation: id, entry, content, kept }: InputOf<'read-again'>): void {
  if (!draft.state.conversations.has(id)) return
  applyOpened(draft, id, { entry, opened: { content, kept } })
  draft.writes.push({ kind: 'delete', table: 'bodies', key: bodyKeyOf(id, { kind: 'newer', orderKey: entry.orderKey }) })
}

// Of an entry whose body has not come nothing more is known; it is accepted once more when it has.
function acceptEntry(draft: Draft, id: ConversationId, entry: AcceptedEntry): void {
  draft.writes.push(entryRow(id, entry))
  if (entry.header.device === draft.state.self.device.id) skipStep(draft, id, entry.header)
  const body = entry.body === undefined ? ({ kind: 'waiting' } as const) : openEntry(draft, id, { ...entry, body: entry.body })
  if (body.kind === 'opened') applyOpened(draft, id, { entry, opened: body })
  else reduceInto(draft, id, { entry, body })
}

// What an entry says counts from now on, where it is what its author may say.
function applyOpened(
  draft: Draft,
  id: ConversationId,
  { entry, opened }: { readonly entry: AcceptedEntry; readonly opened: Opened },
): void {
  const { content, kept } = opened
  const { device } = entry.header
  if (!isCredible(draft, id, { author: device, content })) return reduceInto(draft, id, { entry, body: { kind: 'refused', content, kept } })
  reduceInto(draft, id, { entry, body: openedBody(opened, found(draft, id).meta) })
  if (content.kind === 'admit' && content.account === draft.state.self.account) {
    draft.state = withConversation(draft.state, { ...found(draft, id), phase: 'open' })
    // From here on the pair has a mailbox of its own, and what the link's mailbox was given may not be looked at any more.
    const outbox = draft.state.peers.get(entry.header.device)?.outbox
    if (outbox !== undefined) depositAgain(draft, outbox.mailbox)
  }
  if (content.kind === 'receipt') confirm(draft, id, device)
}

type Opening = (Opened & { readonly kind: 'opened' }) | Extract<ReducedBody, { kind: 'unreadable' }>

function openEntry(
  draft: Draft,
  id: ConversationId,
  { id: entryId, header, body }: AcceptedEntry & { readonly body: Uint8Array },
): Opening {
  const conversation = found(draft, id)
  const chains = conversation.chains.get(header.device) ?? []
  const chain = chains.find((held) => held.chain === header.chain)
  const apart = openApart(draft, id, { entry: entryId, header, body })
  if (apart !== undefined) return { kind: 'opened', ...apart }
  if (chain === undefined) return unreadable(draft, 'no chain')
  const key = keyAt(chain, header.step)
  if (key.kind === 'refused') return unreadable(draft, key.reason)
  const opening = openBody(header, body, key.key)
  if (opening.kind === 'refused') return unreadable(draft, opening.reason)
  // Keys of own entries are let go of when others have confirmed them (reach.ts).
  if (header.device !== draft.state.self.device.id) {
    const rest = chains.map((held) => (held === chain ? key.received : held))
    draft.state = withConversation(draft.state, { ...conversation, chains: withItem(conversation.chains, header.device, rest) })
  }
  return opening.kind === 'opened' ? opening : { kind: 'unreadable', why: 'newer', kept: opening.kept }
}

function unreadable(draft: Draft, reason: string): Opening {
  refuse(draft, 'body', reason)
  return { kind: 'unreadable', why: 'broken' }
}

type Again = { readonly id: ConversationId; readonly entries: readonly WireEntry[]; readonly lookups: Lookups }

// Entries that were stored unread, whose keys have come since: shown in the place that they have had all along.
function openAgain(draft: Draft, { id, entries, lookups }: Again): void {
  if (found(draft, id).bodyKeys.size === 0) return
  for (const { header: headerBytes, body } of entries) {
    const header = tryDecode(entryHeader, headerBytes)
    const entry = entryIdOfHeader(headerBytes)
    const known = header && lookups.get(placeOf(header.device, header.seq))?.find((other) => other.id === entry)
    if (header === undefined || known === undefined || body === undefined) continue
    const opened = openApart(draft, id, { entry, header, body })
    if (opened === undefined) continue
    const { order, signature } = known
    applyOpened(draft, id, {
      entry: { id: entry, header, headerBytes, signature, body, order, orderKey: orderKeyOf(order, entry) },
      opened,
    })
  }
}

// A join entry must show the token of the invite that let its author in, and a document update must be one that may be applied.
function isCredible(
  draft: Draft,
  id: ConversationId,
  { author, content }: { readonly author: DeviceId; readonly content: Content },
): boolean {
  if (content.kind === 'document') return admitDocument(draft, id, { author, content })
  const { invite } = found(draft, id)
  if (content.kind !== 'join' || invite === undefined) return true
  const isProven = equalBytes(content.proof, joinProof(inviteSecretsOf(invite.secret).token, content.account))
  if (!isProven) refuse(draft, 'join', 'proof')
  return isProven
}

// What is missing stays so until the feeds have got there, whatever else arrives: only that ends the asking.
function noteMissing(
  draft: Draft,
  id: ConversationId,
  { waiting, hasProgressed }: { readonly waiting: readonly Place[]; readonly hasProgressed: boolean },
): void {
  const conversation = found(draft, id)
  const { missing, log } = conversation
  if (missing === undefined && waiting.length === 0) return
  const upTo = new Map(missing?.upTo)
  for (const { device, seq } of [...waiting, ...ownIn(draft, id)])
    if (log.feeds.has(device)) upTo.set(device, Math.max(seq, upTo.get(device) ?? -1))
  for (const [device, seq] of upTo) if ((log.feeds.get(device)?.tips.at(-1)?.seq ?? -1) >= seq) upTo.delete(device)
  const isKnownLoss = missing !== undefined && missing.upTo.size === 0
  const after =
    upTo.size === 0 && !isKnownLoss && isLevelWithAll(draft.state, id)
      ? undefined
      : { since: missing?.since ?? draft.env.now, asks: hasProgressed ? 0 : (missing?.asks ?? 0), upTo }
  draft.state = withConversation(draft.state, { ...conversation, missing: after })
}

// Own entries that others have seen, and that this device does not have.
function ownIn(draft: Draft, id: ConversationId): readonly Place[] {
  const self = draft.state.self.device.id
  const parked = draft.state.parking.conversations.get(id) ?? []
  return parked.flatMap(({ header }) => header.deps.filter(({ device }) => device === self))
}

// Who writes has been at the relay, so there may be room in the mailbox again.
function hearFrom(draft: Draft, device: DeviceId): void {
  const peer = draft.state.peers.get(device)
  if (peer !== undefined) draft.state = withPeer(draft.state, { ...peer, lastHeard: draft.env.now })
  hasRoom(draft, device)
}
