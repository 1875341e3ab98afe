// Who may connect, asked by libp2p at every step: outwards only the configured relays and allowed devices through them, inwards only
// allowed devices. A stranger is refused before any WebRTC object exists, so it learns no address (docs/protocol.md §8).

import type { ConnectionGater, PeerId } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'

export type Admission = {
  /** Is this exactly the address of a configured relay? */
  readonly isRelayAddress: (address: string) => boolean
  readonly isRelay: (peer: PeerId) => boolean
  /** Is this an allowed device? */
  readonly isPeer: (peer: PeerId) => boolean
  /** Is this an allowed device that there is room for? */
  readonly hasRoom: (peer: PeerId) => boolean
}

export function createGate(admission: Admission): ConnectionGater {
  const isKnown = (peer: PeerId): boolean => admission.isRelay(peer) || admission.isPeer(peer)
  return {
    denyDialPeer: (peer) => !isKnown(peer),
    denyDialMultiaddr: (address) => !mayDial(address, admission),
    denyOutboundConnection: (peer) => !isKnown(peer),
    denyOutboundEncryptedConnection: (peer) => !isKnown(peer),
    // The relay names the caller first; the handshake through the circuit proves the name afterwards.
    denyInboundRelayedConnection: (relay, peer) => !admission.isRelay(relay) || !admission.hasRoom(peer),
    denyInboundEncryptedConnection: (peer) => !admission.isPeer(peer),
    denyInboundUpgradedConnection: (peer) => !admission.isPeer(peer),
    denyInboundRelayReservation: () => true,
    denyOutboundRelayedConnection: () => true,
    // Addresses come from the engine with every dial; nothing that a peer claims about itself is kept.
    filterMultiaddrForPeer: () => false,
  }
}

function mayDial(address: Multiaddr, admission: Admission): boolean {
  const [relay = '', circuit] = address.toString().split('/p2p-circuit')
  if (!admission.isRelayAddress(relay)) return false
  return circuit === undefined || circuit.startsWith('/webrtc/p2p/')
}
