// What a peer says that it has (docs/protocol.md §5.8, §6): how far sending may go on from, which entries of any feed it gets served,
// and whether it seems to have what this device lacks. Heads are unsigned: they steer sending, never a tick.

import { toHex, utf8ToBytes } from '../../bytes/bytes.ts'
import { hash } from '../../crypto/hash.ts'
import { withItem, withLink } from '../change.ts'
import { headsOf, lengthOf } from '../../log/log.ts'
import { headsIn, isBehind, isKnown, missingFor } from '../../log/sync.ts'
import { noteLost, sayHave } from './asking.ts'
import { found, refuse } from '../draft.ts'
import { laterPart } from '../part.ts'
import { mayAppeal } from '../incoming/effort.ts'
import { NOT_LOOKED_UP } from '../input.ts'
import { oweWhole } from './link.ts'
import { isOwnOther, isPartner } from '../members.ts'
import { agreesOn, branchesNamed, confirmDelivery, deliveryTo, depositedFor, isMember, sendAgain, withDelivery } from './reach.ts'
import { learnHeard } from './receipts.ts'
import { noteNewest } from './newest.ts'
import { mayGoAgain, noteOwed } from './serve.ts'
import type { ConversationId, DeviceId } from '../../bytes/ids.ts'
import type { Lookups } from '../../log/lookups.ts'
import type { Head } from '../../wire/entry.ts'
import type { Have } from '../../wire/frame.ts'
import type { Draft } from '../draft.ts'
import type { ReceivedFrames, Source } from '../input.ts'

type HeardHeads = {
  readonly device: DeviceId
  readonly source: Source
  readonly id: ConversationId
  readonly isWhole: boolean
  readonly heads: readonly Head[]
  /** With those of feeds that this device does not know yet. */
  readonly named: readonly Head[]
  readonly lookups: Lookups
}

/** A peer said what it has. In a mailbox it means that something did not arrive. */
export function learnHave(
  draft: Draft,
  said: { readonly device: DeviceId; readonly source: Source; readonly have: readonly Have[]; readonly lookups: ReceivedFrames['lookups'] },
): void {
  const { device, source } = said
  for (const { conversation: id, isWhole, heads, heard } of said.have) {
    const conversation = draft.state.conversations.get(id)
    if (conversation === undefined || !isPartner(draft.state, conversation, device)) {
      refuse(draft, 'have', 'unknown-conversation')
      continue
    }
    learnHeard(draft, { device, id, heard })
    if (source.kind === 'mailbox' && id === draft.state.circle?.conversation) laterPart().accountUnsure(draft, device)
    // It has signed for entries that it does not have: this disk is an older one, and may lack the chains of all that came since.
    if (heard.delivered > lengthOf(conversation.log, device) && mayGoAgain(draft, { device, id, why: 'lost' }) && mayAppeal(draft, id))
      laterPart().appeal(draft, id)
    const looked = said.lookups.get(id) ?? NOT_LOOKED_UP
    if (looked.items < heads.length) refuse(draft, 'have', 'too-much')
    else learn(draft, { device, source, id, isWhole, heads: headsIn(conversation.log, heads), named: heads, lookups: looked.rows })
  }
}

function learn(draft: Draft, said: HeardHeads): void {
  const { device, source, id, isWhole, heads, named, lookups } = said
  const self = draft.state.self.device.id
  const goesAgain = (isWhole || heads.some((head) => head.device === self)) && learnHeld(draft, said)
  const { log } = found(draft, id)
  // Of the own feed the cursors say what is to be sent, unless it has branches. An own device gets all feeds at the same pace, so that nothing waits there.
  const isOwn = isOwnOther(draft.state, device)
  const isServed = (feed: DeviceId): boolean => isOwn || feed !== self || (log.feeds.get(feed)?.tips.length ?? 0) > 1
  const lacking = isMember(found(draft, id), device) ? missingFor(log, { isWhole, heads }, lookups) : []
  const ranges = lacking.filter((range) => isServed(range.device))
  if (isOwn && source.kind === 'link') noteSaid(draft, said)
  if (isOwn && isWhole) noteNewest(draft, { device, id, source, ranges })
  if (source.kind === 'link' || goesAgain) noteOwed(draft, { device, id, source, ranges, about: isWhole ? 'all' : devicesIn(heads) })
  const isForked = source.kind === 'mailbox' && [...log.feeds.values()].some((feed) => feed.fork !== undefined)
  const hasLost = deliveryTo(found(draft, id), device).lostAt !== undefined
  // A member of whom nothing has come so far: what shows that it is one comes with its entries.
  const isNew = source.kind === 'link' && named.length > heads.length
  if (isNew || isBehind(log, heads, lookups) || isForked || hasLost) answer(draft, said)
  confirmDelivery(draft, id, device)
}

// Before an own device is removed somebody may ask what it alone has.
function noteSaid(draft: Draft, { device, id, named }: HeardHeads): void {
  const link = draft.state.net.links.get(device)
  if (link === undefined) return
  const lengths = new Map(link.said?.get(id))
  for (const head of named) lengths.set(head.device, Math.max(head.seq + 1, lengths.get(head.device) ?? 0))
  draft.state = withLink(draft.state, device, {
    ...link,
    said: withItem(link.said ?? new Map<ConversationId, ReadonlyMap<DeviceId, number>>(), id, lengths),
  })
}

const devicesIn = (heads: readonly Head[]): ReadonlySet<DeviceId> => new Set(heads.map(({ device }) => device))

// True when what they lack goes out to them once more.
function learnHeld(draft: Draft, { device, source, id, heads, lookups }: HeardHeads): boolean {
  const conversation = found(draft, id)
  const self = draft.state.self.device.id
  const before = deliveryTo(conversation, device)
  const { delivered } = before.claim
  const own = heads.filter((head) => head.device === self)
  const known = own.filter((head) => isKnown(conversation.log, head, lookups)).map((head) => head.seq + 1)
  // Of a head that this device does not know, nobody can say how much of what it does know lies before.
  const isStrange = own.length > 0 && known.length === 0
  const announced = isStrange ? before.announced : Math.max(0, ...known)
  // Who has less than before lost it, or it never came: everything from there on is sent again, with the envelopes that open it. They ask
  // once more when it was too soon.
  const isLacking =
    (source.kind === 'mailbox' || announced < agreesOn(conversation, self, device)) && mayGoAgain(draft, { device, id, why: 'lacking' })
  const named = own.map((head) => head.id)
  withDelivery(draft, id, device, {
    announced,
    ...(isLacking ? { atRelay: Math.min(depositedFor(conversation, device), announced), joint: undefined } : {}),
    lostAt: isStrange ? before.lostAt : announced < delivered ? delivered : undefined,
    named,
    branches: branchesNamed(conversation.log, self, { named, before: before.branches }),
  })
  if (isLacking) sendAgain(draft, device, id)
  noteLost(draft, id, Math.max(0, ...own.map((head) => head.seq + 1).filter((length) => !known.includes(length))))
  return isLacking
}

// Once for what they have and what there is here, so that two who can never agree fall silent.
function answer(draft: Draft, { device, source, id, named: heads }: HeardHeads): void {
  const conversation = found(draft, id)
  const digest = toHex(hash(utf8ToBytes(`${idsOf(heads)}/${idsOf(headsOf(conversation.log))}`)))
  if (deliveryTo(conversation, device).answered === digest) return
  withDelivery(draft, id, device, { answered: digest })
  if (source.kind === 'link') oweWhole(draft, device, id)
  else sayHave(draft, id)
}

const idsOf = (heads: readonly Head[]): string =>
  heads
    .map(({ id }) => id)
    .toSorted()
    .join()
