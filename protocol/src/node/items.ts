// What a session payload tells: chains to read with, where to deposit, prekeys for the next session (docs/protocol.md §4.6).

import { acceptHandout, withChain } from '../group/sender-chain.ts'
import { refuse } from './draft.ts'
import { withConversation, withItem, withPeer } from './state.ts'
import type { ConversationId, DeviceId } from '../bytes/ids.ts'
import type { ChainHandout } from '../group/sender-chain.ts'
import type { SessionPayload } from '../session/payload.ts'
import type { Draft } from './draft.ts'

/** Takes over what `device` said about itself over its own session. */
export function acceptItems(draft: Draft, device: DeviceId, items: SessionPayload): void {
  for (const item of items) {
    const peer = draft.state.peers.get(device)
    if (peer === undefined) return
    switch (item.kind) {
      case 'chain':
        acceptChain(draft, device, item)
        break
      case 'mailbox':
        draft.state = withPeer(draft.state, { ...peer, outbox: item.grant })
        break
      case 'prekeys':
        draft.state = withPeer(draft.state, { ...peer, bundle: item.bundle })
        break
      case 'token':
        break
    }
  }
}

function acceptChain(draft: Draft, device: DeviceId, item: { readonly conversation: ConversationId; readonly handout: ChainHandout }): void {
  const conversation = draft.state.conversations.get(item.conversation)
  if (conversation === undefined || !conversation.log.feeds.has(device)) return refuse(draft, 'chain', 'unknown-conversation')
  const held = conversation.chains.get(device) ?? []
  const same = held.find((chain) => chain.chain === item.handout.chain)
  const acceptance = acceptHandout(same, item.handout, device)
  if (acceptance.kind === 'refused') return refuse(draft, 'chain', acceptance.reason)
  if (acceptance.received === same) return
  const chains = withItem(conversation.chains, device, withChain(held, acceptance.received))
  draft.state = withConversation(draft.state, { ...conversation, chains })
}
