// Entries of others: admitted by the log's rules, opened with their chains, stored, and shown (docs/protocol.md §5.5).

import { equalBytes } from '../bytes/bytes.ts'
import { tryDecode } from '../bytes/codec.ts'
import { keyAt } from '../group/sender-chain.ts'
import { inviteSecretsOf, joinProof } from '../invite/secrets.ts'
import { admitEntries } from '../log/admit.ts'
import { openBody } from '../log/body.ts'
import { NO_LOOKUPS } from '../log/lookups.ts'
import { entryHeader } from '../wire/entry.ts'
import { found } from './author.ts'
import { admitDocument } from './document.ts'
import { partnersOf, refuse } from './draft.ts'
import { memberStatesOf } from './members.ts'
import { confirm } from './reach.ts'
import { entryRow, reduceInto } from './record.ts'
import { withConversation, withItem, withLink, withPeer } from './state.ts'
import type { ConversationId, DeviceId } from '../bytes/ids.ts'
import type { Lookups } from '../log/lookups.ts'
import type { AcceptedEntry } from '../log/log.ts'
import type { Content } from '../wire/content.ts'
import type { WireEntry } from '../wire/entry.ts'
import type { Frame } from '../wire/frame.ts'
import type { Draft } from './draft.ts'
import type { Source } from './input.ts'
import type { Conversation } from './state.ts'

type ReceivedEntries = {
  readonly device: DeviceId
  readonly source: Source
  readonly frame: Extract<Frame, { kind: 'entries' }>
  readonly lookups: Lookups | undefined
}

/** False when something in the frame has to come again, because what it rests on is not here yet. */
export function receiveEntries(draft: Draft, { device, source, frame, lookups }: ReceivedEntries): boolean {
  const id = frame.conversation
  if (!partnersOf(draft.state, id).includes(device)) {
    refuse(draft, 'entries', 'unknown-conversation')
    return true
  }
  const readable = beforeUnknownChain(found(draft, id), frame.entries)
  admitInto(draft, { device, id, entries: readable, lookups: lookups ?? NO_LOOKUPS })
  const isWaiting = (draft.state.parking.conversations.get(id)?.length ?? 0) > 0 || readable.length < frame.entries.length
  noteMissing(draft, id, isWaiting ? (found(draft, id).missingSince ?? draft.env.now) : undefined)
  if (source.kind === 'link') oweHave(draft, device, id)
  return !isWaiting
}

/** Admits entries that are already known to be readable; also used for what an invite packet carries. */
export function admitInto(
  draft: Draft,
  { device, id, entries, lookups }: { readonly device: DeviceId; readonly id: ConversationId; readonly entries: readonly WireEntry[]; readonly lookups: Lookups },
): void {
  const conversation = found(draft, id)
  const admission = admitEntries({
    log: conversation.log,
    parking: draft.state.parking,
    lookups,
    from: device,
    entries,
    members: memberStatesOf(draft.state, conversation),
    now: draft.env.now,
  })
  draft.state = { ...withConversation(draft.state, { ...conversation, log: admission.log }), parking: admission.parking }
  for (const refusal of admission.refused) refuse(draft, 'entry', refusal.reason)
  for (const entry of admission.accepted) acceptEntry(draft, id, entry)
  if (admission.accepted.length > 0) hearFrom(draft, device)
}

// An entry whose chain is unknown cannot be opened later: its key travels apart. So it, and what follows it, has to come again.
function beforeUnknownChain(conversation: Conversation, entries: readonly WireEntry[]): readonly WireEntry[] {
  const end = entries.findIndex((wire) => {
    const header = tryDecode(entryHeader, wire.header)
    return header !== undefined && !(conversation.chains.get(header.device) ?? []).some((chain) => chain.chain === header.chain) && !isStale(conversation, header)
  })
  return end < 0 ? entries : entries.slice(0, end)
}

// What is below the tip was read before; its chain may have been let go since.
const isStale = (conversation: Conversation, header: { readonly device: DeviceId; readonly seq: number }): boolean =>
  conversation.log.feeds.get(header.device)?.tips.some((tip) => tip.seq >= header.seq) === true

function acceptEntry(draft: Draft, id: ConversationId, entry: AcceptedEntry): void {
  draft.writes.push(entryRow(id, entry))
  const opened = openEntry(draft, id, entry)
  const content = opened !== undefined && isCredible(draft, id, { author: entry.header.device, content: opened }) ? opened : undefined
  reduceInto(draft, id, { entry, content })
  if (content?.kind === 'admit' && content.account === draft.state.self.account) {
    draft.state = withConversation(draft.state, { ...found(draft, id), phase: 'open' })
  }
  if (content?.kind === 'receipt') confirm(draft, id, entry.header.device)
}

function openEntry(draft: Draft, id: ConversationId, { header, body }: AcceptedEntry): Content | undefined {
  const conversation = found(draft, id)
  const chains = conversation.chains.get(header.device) ?? []
  const chain = chains.find((held) => held.chain === header.chain)
  if (chain === undefined || body === undefined) return undefined
  const key = keyAt(chain, header.step)
  if (key.kind === 'refused') {
    refuse(draft, 'body', key.reason)
    return undefined
  }
  const opening = openBody(header, body, key.key)
  if (opening.kind === 'refused') {
    refuse(draft, 'body', opening.reason)
    return undefined
  }
  const kept = chains.map((held) => (held === chain ? key.received : held))
  draft.state = withConversation(draft.state, { ...conversation, chains: withItem(conversation.chains, header.device, kept) })
  return opening.content
}

// A join entry must show the token of the invite that let its author in, and a document update must be one that may be applied.
function isCredible(draft: Draft, id: ConversationId, { author, content }: { readonly author: DeviceId; readonly content: Content }): boolean {
  if (content.kind === 'document') return admitDocument(draft, id, { author, content })
  const { invite } = found(draft, id)
  if (content.kind !== 'join' || invite === undefined) return true
  const isProven = equalBytes(content.proof, joinProof(inviteSecretsOf(invite.secret).token, content.account))
  if (!isProven) refuse(draft, 'join', 'proof')
  return isProven
}

function noteMissing(draft: Draft, id: ConversationId, missingSince: number | undefined): void {
  const conversation = found(draft, id)
  if (conversation.missingSince !== missingSince) draft.state = withConversation(draft.state, { ...conversation, missingSince })
}

function hearFrom(draft: Draft, device: DeviceId): void {
  const peer = draft.state.peers.get(device)
  if (peer !== undefined) draft.state = withPeer(draft.state, { ...peer, lastHeard: draft.env.now })
}

function oweHave(draft: Draft, device: DeviceId, id: ConversationId): void {
  const link = draft.state.net.links.get(device)
  if (link !== undefined) draft.state = withLink(draft.state, device, { ...link, haveDue: new Set([...link.haveDue, id]) })
}

