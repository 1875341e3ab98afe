// A further device of an account, own or not, in one conversation.

import { addFeed } from '../../log/log.ts'
import { wordsOf } from '../mailboxes/own.ts'
import { freshPrekeys, startChain } from '../author.ts'
import { withConversation } from '../change.ts'
import { handNow } from '../delivery/restore.ts'
import { found } from '../draft.ts'
import { settle } from '../groups/settle.ts'
import { accountOf } from '../members.ts'
import { NO_DELIVERY, ownLength } from '../state.ts'
import type { ConversationId } from '../../bytes/ids.ts'
import type { DevicePublic } from '../../identity/device.ts'
import type { SessionPayload } from '../../session/payload.ts'
import type { Draft } from '../draft.ts'

/** From now on it is one of those who write in a conversation and are written to. What was written before it gets from own devices, which can read it. */
export function takeIn(draft: Draft, id: ConversationId, { id: device, signingKey }: DevicePublic): void {
  const conversation = found(draft, id)
  const { group } = conversation
  const isMet = conversation.delivery.has(device)
  const account = accountOf(draft.state, device)
  if (account === undefined || (group !== undefined && !group.membership.members.has(account))) return
  if (!conversation.log.feeds.has(device))
    draft.state = withConversation(draft.state, { ...conversation, log: addFeed(conversation.log, { device, signingKey }) })
  if (group !== undefined) settle(draft, id)
  const peer = draft.state.peers.get(device)
  if (isMet || peer?.pairing === undefined || peer.inbox === undefined) return
  const length = ownLength(draft.state, found(draft, id))
  const has = account === draft.state.self.account ? 0 : length
  const { delivery } = found(draft, id)
  draft.state = withConversation(draft.state, {
    ...found(draft, id),
    delivery: delivery.with(device, { ...NO_DELIVERY, atRelay: has, announced: has }),
  })
  startChain(draft, id)
  const greeting: SessionPayload = [
    ...wordsOf(peer.inbox),
    // Its chains, should it have handed them out before this device knew it here.
    { kind: 'lost', conversation: id },
    ...freshPrekeys(draft, device),
  ]
  if (length > 0) handNow(draft, device, id, greeting)
}
