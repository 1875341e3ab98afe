// Receipts (docs/protocol.md §5.10): what this device has of another's feed, told to that device; and what others have told of the own one. They
// are no entries: the newest says all that the ones before it said, and one that was lost is simply due again.

import { addsNothing, bestTick, claimDue, claimWithin, joinClaims, tickIn, untold } from '../../conversation/claim.ts'
import { isShown } from '../../conversation/state.ts'
import { verify } from '../../crypto/sign.ts'
import { RECEIPTS_AT_ONCE_DEVICES_MAX, RECEIPTS_MS } from '../../limits.ts'
import { isKnown } from '../../log/sync.ts'
import { receiptStatement } from '../../wire/receipt.ts'
import { noteLost } from './asking.ts'
import { mayTake } from '../incoming/budget.ts'
import { withLink, withoutItem } from '../change.ts'
import { found, refuse } from '../draft.ts'
import { mayTellAgain } from '../incoming/effort.ts'
import { NOT_LOOKED_UP } from '../input.ts'
import { accountOf, isPartner } from '../members.ts'
import { learnTicks } from './own-said.ts'
import { confirmDelivery, deliveryTo, undisputed, withDelivery } from './reach.ts'
import { hasPassed } from '../moment.ts'
import type { ConversationId, DeviceId } from '../../bytes/ids.ts'
import type { Tick } from '../../conversation/claim.ts'
import type { Claim, Receipt } from '../../wire/receipt.ts'
import type { Draft } from '../draft.ts'
import type { LookupResult } from '../input.ts'
import type { Conversation, NodeState } from '../state.ts'
import type { DirectLink } from '../net.ts'
import type { Moment } from '../moment.ts'

type Told = { readonly claim: Claim; readonly at: number }

/** What `device` is to be told of its own feed beyond what it was; undefined when that is nothing, or not yet. */
export function receiptDue(
  state: NodeState,
  conversation: Conversation,
  { device, told, at }: { readonly device: DeviceId; readonly told: Told; readonly at: Moment | number },
): Claim | undefined {
  const feed = conversation.view.feeds.get(device)
  if (feed === undefined || !isShown(conversation.view, feed.account)) return undefined
  const reading = state.self.readReceipts && feed.account !== state.self.account ? 'told' : 'kept'
  const due = claimDue(feed, told.claim, reading)
  if (due === undefined || conversation.log.feeds.size <= RECEIPTS_AT_ONCE_DEVICES_MAX) return due
  return hasPassed({ since: told.at, ms: RECEIPTS_MS }, at) ? due : undefined
}

/** What a device was told by its mailbox, and by what it has said of that. */
export function toldTo(conversation: Conversation, device: DeviceId): Told {
  const { told, toldAt } = deliveryTo(conversation, device)
  return { claim: told, at: toldAt }
}

/** The same with what was sent on a link, of which nobody knows whether it arrived. */
export function toldOn(link: DirectLink, conversation: Conversation, device: DeviceId): Told {
  const told = toldTo(conversation, device)
  const sent = link.receipts.get(conversation.id)
  return sent === undefined ? told : { claim: joinClaims(told.claim, sent.claim), at: Math.max(told.at, sent.at) }
}

type Received = {
  readonly device: DeviceId
  readonly receipts: readonly Receipt[]
  readonly lookups: ReadonlyMap<ConversationId, LookupResult>
}

/** `device` says what it has of the own feed. Each counts by its signature, whatever way it came. */
export function receiveReceipts(draft: Draft, { device, receipts, lookups }: Received): void {
  const { device: self } = draft.state.self
  for (const receipt of receipts) {
    const { conversation: id, feed, tips, claim, signature } = receipt
    const conversation = draft.state.conversations.get(id)
    const signer = conversation?.log.feeds.get(device)
    const isOfOwn = feed === device && accountOf(draft.state, device) === draft.state.self.account
    if (
      conversation === undefined ||
      signer === undefined ||
      (feed !== self.id && !isOfOwn) ||
      !isPartner(draft.state, conversation, device)
    ) {
      refuse(draft, 'receipt', 'unknown-conversation')
      continue
    }
    if (isOfOwn) {
      if (verify(signer.signingKey, receiptStatement(device, receipt), signature)) learnTicks(draft, id, device, claim)
      else refuse(draft, 'receipt', 'signature')
      continue
    }
    const { rows, items } = lookups.get(id) ?? NOT_LOOKED_UP
    if (items < tips.length) return refuse(draft, 'receipt', 'too-much')
    const strange = tips.filter((tip) => !isKnown(conversation.log, { device: feed, ...tip }, rows)).map(({ seq }) => seq)
    const before = deliveryTo(conversation, device).claim
    const after = joinClaims(before, claimWithin(claim, Math.max(0, ...tips.map(({ seq }) => seq + 1))))
    if (strange.length === 0 && addsNothing(before, after)) continue
    if (!mayTake(draft, device)) return refuse(draft, 'receipt', 'too-much')
    if (!verify(signer.signingKey, receiptStatement(device, receipt), signature)) return refuse(draft, 'receipt', 'signature')
    if (strange.length > 0) {
      // They have entries that this device has lost, in whose place there may be others.
      noteLost(draft, id, Math.max(...strange) + 1)
      continue
    }
    withDelivery(draft, id, device, { claim: after })
    confirmDelivery(draft, id, device)
  }
}

type Heard = { readonly device: DeviceId; readonly id: ConversationId; readonly heard: Claim }

/** `device` says what it knows of this device's receipts. What it does not is due again: its disk may be an older one. */
export function learnHeard(draft: Draft, { device, id, heard }: Heard): void {
  const conversation = found(draft, id)
  const { told } = deliveryTo(conversation, device)
  const link = draft.state.net.links.get(device)
  const sent = link?.receipts.get(id)
  const lacks = (said: Claim | undefined): boolean => said !== undefined && !addsNothing(heard, said)
  const isLacking = (lacks(told) || lacks(sent?.claim)) && mayTellAgain(draft, device)
  const kept = isLacking ? untold(joinClaims(told, sent?.claim ?? told), conversation.view.feeds.get(device)) : told
  const after = joinClaims(kept, heard)
  if ((isLacking || !addsNothing(told, after)) && mayTake(draft, device)) withDelivery(draft, id, device, { told: after })
  if (isLacking && link !== undefined && sent !== undefined)
    draft.state = withLink(draft.state, device, { ...link, receipts: withoutItem(link.receipts, id) })
}

/** The best that devices of others have said of an own entry. */
export function tickOf(state: NodeState, conversation: Conversation, seq: number): Tick | undefined {
  const self = state.self.device.id
  let best: Tick | undefined
  for (const [device, { claim }] of conversation.delivery) {
    const account = accountOf(state, device)
    const counts = account !== undefined && account !== state.self.account && isShown(conversation.view, account)
    if (counts && seq < undisputed(conversation, self, device)) best = bestTick(best, tickIn(claim, seq))
  }
  return best
}
