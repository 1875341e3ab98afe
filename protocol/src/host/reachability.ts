// Keeps the network adapter told of whom to be connected with: own relays and those of contacts, and the devices that may come directly.

import { toHex } from '../bytes/bytes.ts'
import { outboxesOf } from '../node/inboxes.ts'
import type { DeviceId } from '../bytes/ids.ts'
import type { NodeState, Peer } from '../node/state.ts'
import type { DirectPeer, Network } from '../ports.ts'
import type { RelayAddress } from '../wire/capability.ts'

export type Reachability = {
  /** After a change: new relays and contacts. */
  readonly follow: (state: NodeState) => void
  /** Try the contacts that are not connected; the adapter paces it. */
  readonly dial: (state: NodeState) => void
}

const PARTS = ['home', 'conversations', 'peers', 'net'] as const

export function createReachability(network: Network): Reachability {
  let before: NodeState | undefined
  let relays = ''
  let peers = ''

  function follow(state: NodeState): void {
    if (before !== undefined && PARTS.every((part) => before?.[part] === state[part])) return
    before = state
    const relaysNow = relaysOf(state)
    const peersNow = acceptedPeersOf(state)
    const relayKeys = relaysNow.map((relay) => `${toHex(relay.key)} ${relay.url}`).join()
    const peerKeys = peersNow.map((peer) => `${peer.device} ${peer.relays.map((relay) => relay.url).join(' ')}`).join()
    if (peerKeys !== peers) network.setPeers(peersNow)
    if (relayKeys !== relays) network.setRelays(relaysNow)
    const isNew = peerKeys !== peers
    relays = relayKeys
    peers = peerKeys
    if (isNew) dial(state)
  }

  function dial(state: NodeState): void {
    for (const { device, relays: theirs } of acceptedPeersOf(state)) {
      const isNear = theirs.some((relay) => state.net.relays.has(toHex(relay.key)))
      if (isNear && !state.net.links.has(device)) network.dial(device)
    }
  }

  return { follow, dial }
}

/** Relays that anything of this device lies at. */
function relaysOf(state: NodeState): readonly RelayAddress[] {
  const peers = [...state.peers.values()].map((peer) => peer.inbox?.keys.relay)
  const outboxes = outboxesOf(state).map((grant) => grant.relay)
  const invites = [...state.conversations.values()].map((conversation) => conversation.invite?.relay)
  const relays = [state.home, ...peers, ...outboxes, ...invites, ...state.net.visited.values()].filter((relay) => relay !== undefined)
  return [...new Map(relays.map((relay) => [toHex(relay.key), relay])).values()]
}

// Whoever merely invited has not been accepted: only an answer makes a contact, and only contacts learn addresses.
function acceptedPeersOf(state: NodeState): readonly DirectPeer[] {
  const accepted = [...state.peers.values()].filter(
    (peer): peer is Peer & { readonly outbox: NonNullable<Peer['outbox']> } => peer.pairing !== undefined && peer.outbox !== undefined,
  )
  return accepted.map((peer) => ({ device: peer.device.id as DeviceId, signingKey: peer.device.signingKey, relays: [peer.outbox.relay] }))
}
