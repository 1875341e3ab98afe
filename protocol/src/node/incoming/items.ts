// What a session payload tells: chains to read with, where to deposit, prekeys for the next session (docs/protocol.md §4.6).

import { acceptHandout, withChain } from '../../group/sender-chain.ts'
import { OWN_CHAINS_MAX } from '../../limits.ts'
import { acceptBodyKey } from './apart.ts'
import { withConversation, withPeer } from '../change.ts'
import { refuse } from '../draft.ts'
import { mayComeIn } from '../members.ts'
import { laterPart } from '../part.ts'
import { withBlobKey } from '../delivery/blob-keys.ts'
import { takeGrant, takeSecond } from '../mailboxes/second.ts'
import { admit, isInvitedBy } from '../invites/pair.ts'
import type { ConversationId, DeviceId } from '../../bytes/ids.ts'
import type { ChainHandout, ReceivedChain } from '../../group/sender-chain.ts'
import type { PayloadItem, SessionPayload } from '../../session/payload.ts'
import type { Draft } from '../draft.ts'
import type { Peer } from '../state.ts'

/** Takes over what `device` said about itself over its own session. */
export function acceptItems(draft: Draft, device: DeviceId, items: SessionPayload): void {
  const lost = new Set<ConversationId>()
  let hasCome = false
  for (const item of items) {
    const peer = draft.state.peers.get(device)
    if (peer === undefined) return
    switch (item.kind) {
      case 'chain':
        acceptChain(draft, device, item)
        break
      case 'mailbox':
        takeGrant(draft, peer, item.grant)
        if (peer.outbox === undefined && draft.state.circle !== undefined) hasCome = true
        break
      case 'prekeys':
        draft.state = withPeer(draft.state, { ...peer, bundle: item.bundle })
        break
      case 'token':
        acceptToken(draft, peer, item)
        break
      case 'body-key':
        acceptBodyKey(draft, device, item)
        break
      case 'lost':
        if (!lost.has(item.conversation)) laterPart().answerLost(draft, device, item.conversation)
        lost.add(item.conversation)
        break
      case 'closed':
        acceptClosed(draft, device, item)
        break
      case 'blob-key':
        acceptBlobKey(draft, device, item)
        break
      case 'welcome':
        laterPart().acceptWelcome(draft, device, item)
        break
      case 'lists':
        laterPart().acceptLists(draft, device, item.lists)
        break
      case 'device':
        laterPart().acceptDevice(draft, device, item)
        break
      case 'request':
        laterPart().acceptRequest(draft, device, item)
        break
      case 'second':
        takeSecond(draft, peer, item)
        break
    }
  }
  // A first word of a device that the own ones have spoken of, or that was linked here.
  if (hasCome) laterPart().greet(draft, device)
}

// Somebody who is a contact already came by one more invite.
function acceptToken(
  draft: Draft,
  peer: Peer,
  { conversation: id, token }: { readonly conversation: ConversationId; readonly token: Uint8Array },
): void {
  const conversation = draft.state.conversations.get(id)
  if (conversation === undefined || conversation.log.feeds.has(peer.device.id)) return
  if (isInvitedBy(conversation, token, draft.env.now) && mayComeIn(draft.state, id, peer.account)) admit(draft, id, peer)
  else refuse(draft, 'envelope', 'token')
}

function acceptChain(
  draft: Draft,
  device: DeviceId,
  item: { readonly conversation: ConversationId; readonly handout: ChainHandout },
): void {
  const conversation = draft.state.conversations.get(item.conversation)
  if (conversation === undefined || !conversation.log.feeds.has(device)) return refuse(draft, 'chain', 'unknown-conversation')
  const held = conversation.chains.get(device) ?? []
  const same = held.find((chain) => chain.chain === item.handout.chain)
  const acceptance = acceptHandout(same, item.handout, device)
  if (acceptance.kind === 'refused') return refuse(draft, 'chain', acceptance.reason)
  if (acceptance.received === same) return
  const chains = conversation.chains.with(device, withChain(withRoom(held), acceptance.received, OWN_CHAINS_MAX))
  draft.state = withConversation(draft.state, { ...conversation, chains })
}

function acceptClosed(draft: Draft, device: DeviceId, item: Extract<PayloadItem, { kind: 'closed' }>): void {
  const conversation = draft.state.conversations.get(item.conversation)
  if (conversation === undefined || !conversation.log.feeds.has(device)) return refuse(draft, 'closed', 'unknown-conversation')
  const closed = conversation.closed.with(device, Math.max(item.seq, conversation.closed.get(device) ?? 0))
  draft.state = withConversation(draft.state, { ...conversation, closed })
}

function acceptBlobKey(draft: Draft, device: DeviceId, item: Extract<PayloadItem, { kind: 'blob-key' }>): void {
  const conversation = draft.state.conversations.get(item.conversation)
  if (conversation === undefined || !conversation.log.feeds.has(device)) return refuse(draft, 'blob key', 'unknown-conversation')
  const blobKeys = withBlobKey(conversation.blobKeys, device, item.key)
  draft.state = withConversation(draft.state, { ...conversation, blobKeys })
}

// A chain that has not opened anything yet has its entries to come, so one that has goes first: the one that came longest ago.
function withRoom(chains: readonly ReceivedChain[]): readonly ReceivedChain[] {
  if (chains.length < OWN_CHAINS_MAX) return chains
  const oldest = chains.findLast((chain) => chain.step > chain.start) ?? chains.at(-1)
  return chains.filter((chain) => chain !== oldest)
}
