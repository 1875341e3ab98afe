// Relay URLs and Ed25519 keys in libp2p's words: multiaddrs and peer ids.

import { publicKeyFromRaw } from '@libp2p/crypto/keys'
import { peerIdFromPublicKey } from '@libp2p/peer-id'
import { multiaddr } from '@multiformats/multiaddr'
import { isRelayUrl } from '@kith/protocol'
import type { PeerId } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'
import type { RelayAddress } from '@kith/protocol'

/** The libp2p name of whoever holds the private half of `key`; undefined when it is not 32 bytes long. */
export function peerIdOf(key: Uint8Array): PeerId | undefined {
  return key.length === 32 ? peerIdFromPublicKey(publicKeyFromRaw(key)) : undefined
}

/** `ws://127.0.0.1:8080` becomes `/ip4/127.0.0.1/tcp/8080/ws/p2p/…`; undefined when the address cannot be dialled. */
export function toRelayMultiaddr(relay: RelayAddress): Multiaddr | undefined {
  const peer = peerIdOf(relay.key)
  if (peer === undefined || !isRelayUrl(relay.url) || !URL.canParse(relay.url)) return undefined
  const { protocol, hostname, port } = new URL(relay.url)
  const secure = protocol === 'wss:'
  const tcp = port === '' ? (secure ? '443' : '80') : port
  return multiaddr(`${toHost(hostname)}/tcp/${tcp}/${secure ? 'wss' : 'ws'}/p2p/${peer.toString()}`)
}

/** The way to a device through a relay that ends in a direct WebRTC connection. */
export function toDirectMultiaddr(relay: Multiaddr, device: PeerId): Multiaddr {
  return relay.encapsulate(`/p2p-circuit/webrtc/p2p/${device.toString()}`)
}

function toHost(hostname: string): string {
  if (hostname.startsWith('[')) return `/ip6/${hostname.slice(1, -1)}`
  return /^[0-9]+(?:\.[0-9]+){3}$/.test(hostname) ? `/ip4/${hostname}` : `/dns4/${hostname}`
}
