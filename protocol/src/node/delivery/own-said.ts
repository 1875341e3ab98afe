// What own devices have told each other of what people have said of their feeds (docs/protocol.md §13.6).

import { addsNothing, joinClaims, tickIn } from '../../conversation/claim.ts'
import { NO_CLAIM } from '../../wire/receipt.ts'
import { deliveryTo, withDelivery } from './reach.ts'
import type { ConversationId, DeviceId } from '../../bytes/ids.ts'
import type { Tick } from '../../conversation/claim.ts'
import type { Claim } from '../../wire/receipt.ts'
import type { Draft } from '../draft.ts'
import type { Conversation, Delivery } from '../state.ts'

const NOTHING = { said: NO_CLAIM, told: NO_CLAIM, at: 0 }

export const othersOf = (conversation: Conversation, device: DeviceId): NonNullable<Delivery['others']> =>
  deliveryTo(conversation, device).others ?? NOTHING

/** That was told. */
export function ticksTold(draft: Draft, id: ConversationId, device: DeviceId, ticks: Claim): void {
  const conversation = draft.state.conversations.get(id)
  if (conversation === undefined) return
  const others = othersOf(conversation, device)
  withDelivery(draft, id, device, { others: { ...others, told: joinClaims(others.told, ticks), at: draft.env.now } })
}

/** An own device says what people have said of its feed. */
export function learnTicks(draft: Draft, id: ConversationId, device: DeviceId, ticks: Claim): void {
  const conversation = draft.state.conversations.get(id)
  if (conversation === undefined) return
  const others = othersOf(conversation, device)
  const said = joinClaims(others.said, ticks)
  if (!addsNothing(others.said, said)) withDelivery(draft, id, device, { others: { ...others, said } })
}

/** What people have said of an entry that another own device has written, as far as that one has told. */
export const ownTickOf = (
  conversation: Conversation,
  { device, seq }: { readonly device: DeviceId; readonly seq: number },
): Tick | undefined => tickIn(othersOf(conversation, device).said, seq)
