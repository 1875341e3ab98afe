// Entries of others: admitted by the log's rules, as far as they can be read, and what has to come again (docs/protocol.md §5.5).

import { admitEntries } from '../../log/admit.ts'
import { readHeader } from '../../log/entry.ts'
import { lengthOf } from '../../log/log.ts'
import { OWN_ASKS_MAX } from '../../limits.ts'
import { noteMissing, sayHave } from '../delivery/asking.ts'
import { countTaken, withinBudget } from './budget.ts'
import { withConversation, withPeer } from '../change.ts'
import { hasRoom } from '../delivery/deliveries.ts'
import { found, refuse } from '../draft.ts'
import { sayFace } from '../face.ts'
import { laterPart } from '../part.ts'
import { isHandedOver } from './handed.ts'
import { isInviteMailbox } from '../mailboxes/inboxes.ts'
import { oweHave } from '../delivery/link.ts'
import { isAlone, isPartner, isRevoked, memberStatesOf } from '../members.ts'
import { acceptEntry, openAgain } from './opening.ts'
import type { ConversationId, DeviceId, EntryId } from '../../bytes/ids.ts'
import type { Incoming } from '../../log/incoming.ts'
import type { Lookups } from '../../log/lookups.ts'
import type { WireEntry } from '../../wire/entry.ts'
import type { Frame } from '../../wire/frame.ts'
import type { FeedPlace } from '../delivery/asking.ts'
import type { Draft } from '../draft.ts'
import type { LookupResult, Source } from '../input.ts'
import type { Conversation } from '../state.ts'

type ReceivedEntries = {
  readonly device: DeviceId
  readonly source: Source
  readonly frame: Extract<Frame, { kind: 'entries' }>
  readonly lookups: LookupResult
}

/** False when something in the frame has to be read again, because what it rests on is not here yet. What is too much is let go, and asked for later. */
export function receiveEntries(draft: Draft, { device, source, frame, lookups }: ReceivedEntries): boolean {
  const id = frame.conversation
  const conversation = draft.state.conversations.get(id)
  if (conversation === undefined || !isPartner(draft.state, conversation, device)) {
    refuse(draft, 'entries', 'unknown-conversation')
    return true
  }
  const before = conversation.log
  const entries = withinBudget(draft, device, frame.entries.slice(0, lookups.items))
  // Where no row was read for them, none was for what is parked.
  const { waiting, shut } =
    entries.length === 0 ? NOTHING_WAITS : admitInto(draft, { device, id, entries, lookups: lookups.rows, verified: lookups.verified })
  openAgain(draft, { id, entries, lookups: lookups.rows })
  const left = placesOf(frame.entries.slice(entries.length))
  if (left.length > 0) refuse(draft, 'entries', 'too-much')
  const hasProgressed = found(draft, id).log !== before
  // What waits is claimed by whoever sent it. Where that may be anybody, nobody asks for it: whoever was let in sends all of it again.
  const isKnown = !isInviteMailbox(draft.state, source)
  noteMissing(draft, id, {
    waiting: isKnown ? [...waiting, ...left] : [],
    shut: isKnown ? [...new Set(shut.map((place) => place.device))] : [],
    hasProgressed,
  })
  if (isUnproven(draft, id)) sayHave(draft, id)
  if (source.kind === 'link' || hasProgressed) oweHave(draft, device, id)
  return waiting.length === 0
}

/**
 * True while entries of a group have come, and none that shows this account as a member. What opens them lies in memory until it is needed: whoever starts
 * anew meanwhile has to ask for it, and knows of no feed by which to do so.
 */
const isUnproven = ({ state }: Draft, id: ConversationId): boolean =>
  state.conversations.get(id)?.group?.membership.members.has(state.self.account) === false

type EntriesToAdmit = {
  readonly device: DeviceId
  readonly id: ConversationId
  readonly entries: readonly WireEntry[]
  readonly lookups: Lookups
  readonly verified?: ReadonlyMap<EntryId, Uint8Array> | undefined
}

const NOTHING_VERIFIED = new Map<EntryId, Uint8Array>()

/** What has to come again, and what of that came without what opens it. */
type Waiting = { readonly waiting: readonly FeedPlace[]; readonly shut: readonly FeedPlace[] }
const NOTHING_WAITS: Waiting = { waiting: [], shut: [] }

/** Admits entries as far as they can be read, also those of an invite packet. */
export function admitInto(draft: Draft, { device, id, entries: all, lookups, verified = NOTHING_VERIFIED }: EntriesToAdmit): Waiting {
  const conversation = found(draft, id)
  const entries = conversation.group === undefined ? withKnownChain(conversation, draft, all) : all
  const judging = conversation.group === undefined ? undefined : laterPart().createJudge(draft, id, lookups)
  const admission = admitEntries({
    log: conversation.log,
    parking: draft.state.parking,
    lookups,
    verified,
    from: device,
    entries,
    members: memberStatesOf(draft.state, conversation),
    judge: judging?.judge,
    now: draft.env.now,
  })
  if (admission.log !== conversation.log) draft.state = withConversation(draft.state, { ...conversation, log: admission.log })
  if (judging !== undefined) laterPart().takeJudged(draft, id, judging.group())
  draft.state = { ...draft.state, parking: admission.parking }
  for (const refusal of admission.refused) refuse(draft, 'entry', refusal.reason)
  const stored = [...admission.accepted, ...admission.filled]
  for (const entry of stored) acceptEntry(draft, id, entry)
  if (judging !== undefined) laterPart().settle(draft, id)
  laterPart().takeBack(draft, { device, id, length: lengthOf(conversation.log, draft.state.self.device.id), admission, lookups })
  // This account was let in by one of them.
  if (conversation.phase === 'joining' && found(draft, id).phase === 'open') sayFace(draft, id)
  // Whoever has two histories may not know it.
  if (admission.forks.length > 0) sayHave(draft, id)
  if (admission.accepted.length > 0) hearFrom(draft, device)
  if (stored.length > 0) countTaken(draft, device, stored)
  const parked = parkedOf(draft.state.parking.conversations.get(id) ?? [], entries)
  const surplus = admission.refused.flatMap(({ reason, device: author, seq }) =>
    reason === 'parking' && author !== undefined && seq !== undefined ? [{ device: author, seq }] : [],
  )
  const taken = new Set(entries)
  const lacking = admission.refused.flatMap(({ reason, device: author, seq }) =>
    reason === 'shut' && author !== undefined && seq !== undefined ? [{ device: author, seq }] : [],
  )
  // Whose feed has become known by entries that came along.
  const { log } = found(draft, id)
  const early = admission.refused.flatMap(({ reason, device: author, seq }) =>
    reason === 'unknown-device' && author !== undefined && seq !== undefined && log.feeds.has(author) ? [{ device: author, seq }] : [],
  )
  const shut = [...placesOf(all.filter((wire) => !taken.has(wire))), ...lacking]
  const others = [...parked.map(({ header }) => ({ device: header.device, seq: header.seq })), ...surplus]
  return { shut, waiting: [...shut, ...early, ...others] }
}

function parkedOf(parked: readonly Incoming[], entries: readonly WireEntry[]): readonly Incoming[] {
  const ids = new Set(parked.length === 0 ? [] : entries.map((wire) => readHeader(wire.header)?.id))
  return parked.filter((item) => ids.has(item.id))
}

const placesOf = (entries: readonly WireEntry[]): readonly FeedPlace[] =>
  entries.flatMap((wire) => {
    const header = readHeader(wire.header)?.header
    return header === undefined ? [] : [{ device: header.device, seq: header.seq }]
  })

// An entry whose chain is unknown cannot be opened later: its key travels apart. So it, and what follows it in its feed, has to come
// again. Not where its author was revoked, from whom nobody takes keys any more, or says that no key will come, and not where this device has lost the key of an entry of its own.
function withKnownChain(conversation: Conversation, draft: Draft, entries: readonly WireEntry[]): readonly WireEntry[] {
  const self = draft.state.self.device.id
  const cut = new Set<DeviceId>()
  return entries.filter((wire) => {
    const read = readHeader(wire.header)
    if (read === undefined) return true
    const { header, id } = read
    const { device, chain } = header
    const isKnown =
      conversation.chains.get(device)?.some((held) => held.chain === chain) === true ||
      isHandedOver(draft.state.handed, id) ||
      isRevoked(draft.state, device)
    if (!isKnown && device !== self && !isClosed(draft, conversation, header) && !isStale(conversation, header)) cut.add(device)
    return !cut.has(device)
  })
}

// What is below the tip was read before; its chain may have been let go since.
const isStale = ({ log }: Conversation, { device, seq }: FeedPlace): boolean => seq < lengthOf(log, device)

// Other own devices may have what its author says that nobody can open.
function isClosed({ state }: Draft, { closed, missing }: Conversation, { device, seq }: FeedPlace): boolean {
  const last = closed.get(device)
  return last !== undefined && seq <= last && (isAlone(state) || (missing?.asks ?? 0) >= OWN_ASKS_MAX)
}

// Who writes has been at the relay, so there may be room in the mailbox again.
function hearFrom(draft: Draft, device: DeviceId): void {
  const peer = draft.state.peers.get(device)
  if (peer !== undefined) draft.state = withPeer(draft.state, { ...peer, lastHeard: draft.env.now })
  hasRoom(draft, device)
}
