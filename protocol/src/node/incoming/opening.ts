// Accepted entries are opened, stored, and take effect (docs/protocol.md §5.3, §5.11): with the keys of their chains, each once, or with
// keys that their authors handed over apart.

import { keyAt, pastStep } from '../../group/sender-chain.ts'
import { openBody } from '../../log/body.ts'
import { readHeader } from '../../log/entry.ts'
import { placeOf } from '../../log/lookups.ts'
import { orderKeyOf } from '../../log/order.ts'
import { openWithBodyKey } from './apart.ts'
import { isHandedOver } from './handed.ts'
import { withConversation } from '../change.ts'
import { admitDocument } from './document.ts'
import { found, refuse } from '../draft.ts'
import { isRevoked } from '../members.ts'
import { laterPart } from '../part.ts'
import { isBrief } from '../rows/expiry.ts'
import { isJoinProven } from '../invites/invite-end.ts'
import { depositAgain } from '../mailboxes/mailboxes.ts'
import { entryRows, openedBody, reduceInto } from '../rows/record.ts'
import { keptKeyOf } from '../rows/stored-body.ts'
import type { ConversationId, DeviceId } from '../../bytes/ids.ts'
import type { OpenedBody } from '../../log/body.ts'
import type { AcceptedEntry } from '../../log/log.ts'
import type { Lookups } from '../../log/lookups.ts'
import type { Content } from '../../wire/content.ts'
import type { EntryHeader, WireEntry } from '../../wire/entry.ts'
import type { Draft } from '../draft.ts'
import type { InputOf } from '../input.ts'
import type { OpenedContent } from '../rows/record.ts'

/** An entry that could not be read before says what it says, now. */
export function readAgain(draft: Draft, { conversation: id, entry, content, kept }: InputOf<'read-again'>): void {
  if (!draft.state.conversations.has(id)) return
  applyOpened(draft, id, { entry, opened: { content, kept } })
  draft.writes.push({ kind: 'delete', table: 'bodies', key: keptKeyOf(id, { kind: 'newer', orderKey: entry.orderKey }) })
}

/** Stores an entry and lets it take effect. Of one whose body has not come nothing more is known; it is accepted once more when it has. */
export function acceptEntry(draft: Draft, id: ConversationId, entry: AcceptedEntry): void {
  const { header, body } = entry
  draft.writes.push(...entryRows(id, entry))
  if (header.device === draft.state.self.device.id) skipStep(draft, id, header)
  if (isPastEnd(draft, id, header)) return reduceInto(draft, id, { entry, body: { kind: 'gone' } })
  const handed = isHandedOver(draft.state.handed, entry.id) ? laterPart().openByHand(draft, { entry: entry.id, header }) : undefined
  if (handed === 'gone' || handed === 'deleted') return reduceInto(draft, id, { entry, body: { kind: handed } })
  if (handed !== undefined) return takeEffect(draft, id, { entry, opening: handed })
  if (isNotForUs(draft, id, entry)) return reduceInto(draft, id, { entry, body: { kind: 'gone' } })
  const shown = openHanded(draft, id, entry)
  if (shown !== undefined) return takeEffect(draft, id, { entry, opening: shown })
  if (body === undefined) return reduceInto(draft, id, { entry, body: { kind: isBrief(header) ? 'gone' : 'waiting' } })
  const opening = openWithBodyKey(draft, id, { entry: entry.id, header, body })
  // What it said before it was revoked, and nobody here has a key for, will never be read.
  if (opening === undefined && isRevoked(draft.state, header.device) && !isChainHeld(draft, id, header))
    return reduceInto(draft, id, { entry, body: { kind: 'gone' } })
  takeEffect(draft, id, { entry, opening: opening ?? openInTurn(draft, id, { entry, body }) })
}

const isChainHeld = (draft: Draft, id: ConversationId, { device, chain }: EntryHeader): boolean =>
  found(draft, id)
    .chains.get(device)
    ?.some((held) => held.chain === chain) === true

// What a revoked device has written beyond its cut is kept, because others may have named it, and is not shown. What it did to a group is the group's matter.
function isPastEnd({ state }: Draft, id: ConversationId, { device, seq, kind }: EntryHeader): boolean {
  const end = kind === 'content' ? state.peers.awake.get(device)?.end : undefined
  return end?.isRevoked === true && seq >= (end.cuts.get(id) ?? Infinity)
}

type LookedUpEntries = { readonly id: ConversationId; readonly entries: readonly WireEntry[]; readonly lookups: Lookups }

/** The own chain goes on past every step that a returned entry has used. */
export function skipStep(draft: Draft, id: ConversationId, { chain, step }: EntryHeader): void {
  const conversation = found(draft, id)
  if (conversation.chain.chain === chain)
    draft.state = withConversation(draft.state, { ...conversation, chain: pastStep(conversation.chain, step) })
}

/** Entries that were stored unread, whose keys have come since: shown in the place that they have had all along. */
export function openAgain(draft: Draft, { id, entries, lookups }: LookedUpEntries): void {
  if (found(draft, id).bodyKeys.size === 0) return
  for (const { header: headerBytes, body } of entries) {
    const read = readHeader(headerBytes)
    if (read === undefined || body === undefined) continue
    const { header, id: entry } = read
    const known = lookups.get(placeOf(header.device, header.seq))?.find((other) => other.id === entry)
    if (known === undefined) continue
    const opening = openWithBodyKey(draft, id, { entry, header, body })
    if (opening !== undefined)
      takeEffect(draft, id, { entry: { ...known, header, body, orderKey: orderKeyOf(known.order, entry) }, opening })
  }
}

// What was written in a group before this account was known there, and is not for every member.
const isNotForUs = (draft: Draft, id: ConversationId, entry: AcceptedEntry): boolean =>
  found(draft, id).group !== undefined && laterPart().isNotForUs(draft, id, entry)

const openHanded = (draft: Draft, id: ConversationId, { id: entry, header }: AcceptedEntry): OpenAttempt | undefined =>
  found(draft, id).group === undefined ? undefined : laterPart().openHanded(draft, id, { entry, header })

type OpenAttempt = OpenedBody | { readonly kind: 'refused'; readonly reason: string }

// Opens a body with the key whose turn it is in its author's chain.
function openInTurn(
  draft: Draft,
  id: ConversationId,
  { entry, body }: { readonly entry: AcceptedEntry; readonly body: Uint8Array },
): OpenAttempt {
  const { header } = entry
  const conversation = found(draft, id)
  const chains = conversation.chains.get(header.device) ?? []
  const chain = chains.find((held) => held.chain === header.chain)
  if (chain === undefined) return { kind: 'refused', reason: 'no chain' }
  const key = keyAt(chain, header.step)
  if (key.kind === 'refused') return key
  const opening = openBody(header, body, key.key, entry)
  // Keys of own entries are let go of when others have confirmed them (reach.ts).
  if (opening.kind !== 'refused' && header.device !== draft.state.self.device.id) {
    const rest = chains.map((held) => (held === chain ? key.received : held))
    draft.state = withConversation(draft.state, { ...conversation, chains: conversation.chains.with(header.device, rest) })
  }
  return opening
}

function takeEffect(
  draft: Draft,
  id: ConversationId,
  { entry, opening }: { readonly entry: AcceptedEntry; readonly opening: OpenAttempt },
): void {
  switch (opening.kind) {
    case 'opened':
      return applyOpened(draft, id, { entry, opened: opening })
    case 'newer':
      return reduceInto(draft, id, { entry, body: { kind: 'unreadable', why: 'newer', kept: opening.kept } })
    case 'refused':
      refuse(draft, 'body', opening.reason)
      return reduceInto(draft, id, { entry, body: { kind: 'unreadable', why: 'broken' } })
  }
}

// What an entry says counts from now on, where it is what its author may say.
function applyOpened(
  draft: Draft,
  id: ConversationId,
  { entry, opened }: { readonly entry: AcceptedEntry; readonly opened: OpenedContent },
): void {
  const { content, kept } = opened
  const { device } = entry.header
  if (!isCredible(draft, id, { author: device, content })) return reduceInto(draft, id, { entry, body: { kind: 'refused', content, kept } })
  const { group } = found(draft, id)
  if (content.kind === 'revoked') laterPart().takeCut(draft, id, device, content)
  if (content.kind === 'circle') laterPart().takeCircleSaid(draft, device, content.said)
  if (content.kind === 'face') laterPart().takeOwnFace(draft, id, entry, content)
  const acted = group === undefined ? undefined : laterPart().takeSaid(draft, id, { entry: entry.id, device, content })
  reduceInto(draft, id, { entry, body: openedBody(opened, found(draft, id).meta, acted) })
  if (content.kind === 'admit' && content.account === draft.state.self.account) {
    const isNew = found(draft, id).phase !== 'open'
    draft.state = withConversation(draft.state, { ...found(draft, id), phase: 'open' })
    // From here on the pair has a mailbox of its own, and what the link's mailbox was given may not be looked at any more.
    const outbox = draft.state.peers.get(entry.header.device)?.outbox
    if (outbox !== undefined) depositAgain(draft, outbox.mailbox)
    if (isNew && draft.state.circle !== undefined) laterPart().shareOpened(draft, id)
  }
}

const PAIR_CONTENTS: ReadonlySet<Content['kind']> = new Set(['create', 'admit', 'join'])

// A join entry must show the token of the invite that let its author in, and a document update must be one that may be applied.
function isCredible(
  draft: Draft,
  id: ConversationId,
  { author, content }: { readonly author: DeviceId; readonly content: Content },
): boolean {
  if (content.kind === 'circle') return draft.state.circle?.conversation === id
  if (content.kind === 'face') {
    const fault = laterPart().faultOfFace(content)
    if (fault !== undefined) refuse(draft, 'face', fault)
    return fault === undefined
  }
  if (content.kind === 'document') return admitDocument(draft, id, { author, content })
  const conversation = found(draft, id)
  if (conversation.group !== undefined) return !PAIR_CONTENTS.has(content.kind)
  if (content.kind === 'act' || content.kind === 'card') return false
  if (content.kind !== 'join' || conversation.invite === undefined) return true
  const isProven = isJoinProven(draft.state, conversation, content)
  if (!isProven) refuse(draft, 'join', 'proof')
  return isProven
}
