// Entries of a group as they are accepted: each names the member state that follows from its past, a control entry is opened before it counts, and what
// nobody has the key of stays out (docs/protocol.md §11.2, §11.7, §12).

import { toHex } from '../../bytes/bytes.ts'
import { tryDecode } from '../../bytes/codec.ts'
import { NO_CONVERSATION, NO_ENTRY } from '../../bytes/ids.ts'
import { isLinkProof } from '../../group/link.ts'
import { keyAt } from '../../group/sender-chain.ts'
import { openBody } from '../../log/body.ts'
import { isBodyKeptOf } from '../../log/kept-body.ts'
import { readHeader } from '../../log/entry.ts'
import { lengthOf, nextPlace } from '../../log/log.ts'
import { placeOf } from '../../log/lookups.ts'
import { act as actCodec, weightOf } from '../../membership/act.ts'
import { extendMembership } from '../../membership/membership.ts'
import { isMemberState, memberStateHash } from '../../membership/member-state.ts'
import { headsOf, isBefore, placeOf as placeAmong } from '../../membership/past.ts'
import { judgedOf } from '../../membership/state.ts'
import { OWN_ASKS_MAX, SHUT_ASKS_MAX } from '../../limits.ts'
import { found } from '../draft.ts'
import { isAlone } from '../members.ts'
import { isHandedOver } from '../incoming/handed.ts'
import { isIn, roleIn } from './standing.ts'
import type { AccountId, ConversationId, DeviceId, EntryId } from '../../bytes/ids.ts'
import type { Judge } from '../../log/extend.ts'
import type { Incoming } from '../../log/incoming.ts'
import type { KeptBody } from '../../log/kept-body.ts'
import type { Lookups } from '../../log/lookups.ts'
import type { Act } from '../../membership/types.ts'
import type { Head, EntryHeader } from '../../wire/entry.ts'
import type { Draft } from '../draft.ts'
import type { Conversation, NodeState } from '../state.ts'
import type { Control, Group, GroupTip, Given, Known } from './group.ts'

type GroupConversation = Conversation & { readonly group: Group }

/** The conversation as a group. Throws RangeError for a pair. */
export function foundGroup(draft: Draft, id: ConversationId): GroupConversation {
  const conversation = found(draft, id)
  if (conversation.group === undefined) throw new RangeError('a pair is no group')
  return conversation
}

/** Control entries which, with their own pasts, are all in the past of whatever follows this entry. */
const reachOf = (group: Group, { id, members }: GroupTip): readonly EntryId[] =>
  group.membership.entries.has(id) ? [id] : (group.states.get(members) ?? [])

/** The member state that the next own entry names. */
export function memberStateOf({ self }: NodeState, conversation: Conversation): Uint8Array {
  const { group, log, id } = conversation
  if (group === undefined) throw new RangeError('a pair is no group')
  return memberStateHash(group.membership, id, pastAtTips(group, { device: self.device.id, ...nextPlace(log, self.device.id) }))
}

/** Heads of control entries in the past of an entry that follows tips. */
function pastAtTips(group: Group, { device, prev, deps }: Pick<EntryHeader, 'device' | 'prev' | 'deps'>): readonly EntryId[] {
  const named = [...(prev === NO_ENTRY ? [] : [{ device, id: prev }]), ...deps]
  const tips = named.map((head) => group.feeds.get(head.device)?.tips.find((tip) => tip.id === head.id))
  if (tips.includes(undefined)) throw new RangeError('an own entry follows what is no tip')
  return headsOf(
    group.membership,
    tips.flatMap((tip) => (tip === undefined ? [] : reachOf(group, tip))),
  )
}

/** What an own entry, which is the tip of its feed already, makes of the group. */
export function noteOwnEntry(
  draft: Draft,
  id: ConversationId,
  { entry, header, kept }: { readonly entry: EntryId; readonly header: EntryHeader; readonly kept: KeptBody },
): Group {
  const { group } = foundGroup(draft, id)
  const past = pastAtTips(group, header)
  const next = withEntry(group, {
    id: entry,
    header,
    author: draft.state.self.account,
    past,
    opened: header.kind === 'control' ? kept : undefined,
  })
  if (next === undefined) throw new RangeError('an own entry that begins another group')
  return next
}

/** An entry that is accepted, with the heads of the control entries in its past. */
type Accepted = {
  readonly id: EntryId
  readonly header: EntryHeader
  readonly author: AccountId
  readonly past: readonly EntryId[]
  readonly opened: KeptBody | undefined
}

/** The group with one entry more; undefined for a control entry that begins another group. */
function withEntry(group: Group, { id, header, author, past, opened }: Accepted): Group | undefined {
  const { device, seq, prev } = header
  const members = toHex(header.members)
  const before = group.feeds.get(device) ?? { tips: [], given: [] }
  const tips = [...before.tips.filter((tip) => tip.id !== prev), { id, members }]
  const given = [...before.given, ...givenSince(group, { author, past, seq, known: before.given })]
  const states = group.states.has(members) ? group.states : group.states.with(members, past)
  const next = { ...group, states, feeds: group.feeds.with(device, { tips, given }) }
  const act = opened && tryDecode(actCodec, opened.content)
  if (opened === undefined || act === undefined) return next
  if (!isProven(group, { act, past })) return undefined
  const entry = { id, author, device, weightBefore: weightBefore(group, device, past), past, act }
  const extended = extendMembership(group.membership, entry)
  if (extended.kind !== 'extended') return undefined
  const { salt, content } = opened
  const control: Control = { entry, seq, salt, content, known: knownBy(header, act) }
  return { ...next, membership: extended.membership, controls: group.controls.with(id, control), named: withNamed(group.named, entry) }
}

/** Whether somebody who is let in shows the link: only where the act could count, so that everybody comes to the same. */
function isProven(group: Group, { act, past }: { readonly act: Act; readonly past: readonly EntryId[] }): boolean {
  if (act.kind !== 'let-in') return true
  const { membership } = group
  const link = membership.entries.get(act.link)?.entry.act
  if (link?.kind !== 'open-link' || !isIn(group, act.link, past)) return true
  return isLinkProof(link, { conversation: membership.conversation, account: act.account, proof: act.proof })
}

/** What a group knows of accounts by its acts: the control entries that give them something. */
export function withNamed(named: Group['named'], { id, act, author }: Pick<Control['entry'], 'id' | 'act' | 'author'>): Group['named'] {
  let after = named
  for (const account of namedIn(act, author)) after = after.with(account, [...(after.get(account) ?? []), id])
  return after
}

function namedIn(act: Act, author: AccountId): readonly AccountId[] {
  switch (act.kind) {
    case 'create-group':
    case 'demote':
    case 'let-in':
      return [act.account]
    case 'grant':
      return act.items.map(({ account }) => account)
    case 'resign':
      return [author]
    case 'remove':
    case 'leave':
    case 'open-link':
    case 'close-link':
    case 'set-history':
      return []
  }
}

type GivenQuery = {
  readonly author: AccountId
  readonly past: readonly EntryId[]
  readonly seq: number
  readonly known: readonly Given[]
}

const givenSince = (group: Group, { author, past, seq, known }: GivenQuery): readonly Given[] =>
  (group.named.get(author) ?? [])
    .filter((maker) => !known.some((given) => given.maker === maker) && isIn(group, maker, past))
    .map((maker) => ({ maker, seq }))

/** Weight of the control entries of a device in a past. */
function weightBefore({ membership }: Group, device: DeviceId, past: readonly EntryId[]): number {
  const reached = past.map((id) => placeAmong(membership, id))
  let weight = 0
  for (const { tip } of membership.lines.get(device) ?? []) {
    for (let id: EntryId | undefined = tip; id !== undefined; id = placeAmong(membership, id).before) {
      const place = placeAmong(membership, id)
      if (!reached.some((other) => other.id === id || isBefore(place, other))) continue
      const { entry } = judgedOf(membership, id)
      weight = Math.max(weight, entry.weightBefore + weightOf(entry.act))
      break
    }
  }
  return weight
}

/** How far the author of a control entry says that it knew feeds: its own, those that the entry names, and those of a removal's cuts. */
function knownBy({ device, seq, deps }: EntryHeader, act: Act): readonly Known[] {
  const cuts = act.kind === 'remove' ? act.items.flatMap((item) => item.cuts) : []
  const lengths = new Map<DeviceId, number>([[device, seq]])
  for (const head of [...deps, ...cuts]) lengths.set(head.device, Math.max(head.seq + 1, lengths.get(head.device) ?? 0))
  return [...lengths].map(([of, length]) => ({ device: of, length }))
}

/** Judges entries in order, and keeps what those that come in make of the group. */
export function createJudge(draft: Draft, id: ConversationId, lookups: Lookups): { readonly judge: Judge; readonly group: () => Group } {
  const conversation = foundGroup(draft, id)
  let { group } = conversation
  const fresh = new Map<EntryId, GroupTip>()
  const { self } = draft.state

  function tipAt({ device, seq, id: entry }: Head): GroupTip {
    // Of what was a tip when the batch came nothing was looked up, also where another entry of the batch follows it.
    const known = fresh.get(entry) ?? conversation.group.feeds.get(device)?.tips.find((tip) => tip.id === entry)
    if (known !== undefined) return known
    const stored = lookups.get(placeOf(device, seq))?.find((other) => other.id === entry)
    const header = stored && readHeader(stored.headerBytes)?.header
    if (header === undefined) throw new RangeError('a past that nobody looked up')
    return { id: entry, members: toHex(header.members) }
  }

  function judge({ id: entry, header, body }: Incoming): 'members' | 'shut' | undefined {
    const { device, seq, prev, deps } = header
    const author = group.authors.get(device)
    if (author === undefined) return 'members'
    const heads = [...(prev === NO_ENTRY ? [] : [{ device, seq: seq - 1, id: prev }]), ...deps]
    const past = headsOf(
      group.membership,
      heads.flatMap((head) => reachOf(group, tipAt(head))),
    )
    const stated = { conversation: header.conversation === NO_CONVERSATION ? NO_CONVERSATION : id, past, members: header.members }
    if (!isMemberState(group.membership, stated)) return 'members'
    const opened = header.kind === 'control' ? openControl(entry, header, body) : undefined
    if (header.kind === 'control' ? opened === undefined : !isReadable({ entry, header, past })) return 'shut'
    const next = withEntry(group, { id: entry, header, author, past, opened })
    if (next === undefined) return 'members'
    group = next
    fresh.set(entry, { id: entry, members: toHex(header.members) })
    return undefined
  }

  function openControl(entry: EntryId, header: EntryHeader, body: Uint8Array | undefined): KeptBody | undefined {
    const handed = pooled(group, entry, header)
    if (handed !== undefined) return handed
    const chain = conversation.chains.get(header.device)?.find((held) => held.chain === header.chain)
    const key = chain && keyAt(chain, header.step)
    if (body === undefined || key?.kind !== 'key') return undefined
    const opening = openBody(header, body, key.key)
    return opening.kind === 'opened' ? opening.kept : undefined
  }

  // What was written before its author knew this account for a member is not for it; what lies below a tip was read before.
  function isReadable({
    entry,
    header,
    past,
  }: {
    readonly entry: EntryId
    readonly header: EntryHeader
    readonly past: readonly EntryId[]
  }): boolean {
    const { device, chain, seq } = header
    return (
      device === self.device.id ||
      pooled(group, entry, header) !== undefined ||
      isHandedOver(draft.state.handed, entry) ||
      conversation.chains.get(device)?.some((held) => held.chain === chain) === true ||
      conversation.bodyKeys.get(device)?.has(entry) === true ||
      (seq <= (conversation.closed.get(device) ?? -1) && isAlone(draft.state)) ||
      seq < lengthOf(conversation.log, device) ||
      // Who keeps the key to itself, or left before it was handed over, holds up its own entry for a while, and those of the others no longer than that.
      isWithheld(draft, conversation, device) ||
      !isForUs(group, self.account, past)
    )
  }

  return { judge, group: () => group }
}

// Of a device whose word has come shut all along: what of another's is merely out of order waits for its key.
const isWithheld = ({ state }: Draft, { missing }: Conversation, device: DeviceId): boolean =>
  missing !== undefined && missing.asks >= (isAlone(state) ? SHUT_ASKS_MAX : OWN_ASKS_MAX) && missing.shut.includes(device)

/** Whether somebody who wrote with these heads in the past knew an account for a member. */
export const isForUs = (group: Group, account: AccountId, past: readonly EntryId[]): boolean => roleIn(group, account, past) !== undefined

/** A body that was handed over and is the one that the entry commits to. */
export function pooled({ pool }: Group, entry: EntryId, header: EntryHeader): KeptBody | undefined {
  const body = pool.bodies.get(entry)
  return body !== undefined && isBodyKeptOf(header, body) ? body : undefined
}
