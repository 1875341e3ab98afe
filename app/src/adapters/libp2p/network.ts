// The Network port in a browser: relays over WebSockets, devices over WebRTC, both through libp2p. Runs on the page's main thread, because
// workers have no RTCPeerConnection. Says nothing on its connections that the engine did not give it (docs/protocol.md §6 and §8).

import { NetworkError, toHex } from '@kith/protocol'
import { peerIdOf, toRelayMultiaddr } from './addresses.ts'
import { DirectLinks } from './direct-links.ts'
import { selectedIcePair } from './ice-pair.ts'
import { RELAYS_MAX } from './limits.ts'
import { createNode } from './node.ts'
import { watchPage } from './page.ts'
import { RelayLink } from './relay-link.ts'
import { inTime } from './turn-servers.ts'
import type { DeviceId, DirectPeer, Network, NetworkEvent, Random, RelayAddress, RelayAnswer, RelayRequest } from '@kith/protocol'
import type { PeerId } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'
import type { KithNode } from './node.ts'
import type { PageEvent } from './page.ts'

export type Libp2pNetworkOptions = {
  /** Ed25519 seed of the device's signing key. It is the libp2p identity. */
  readonly signSeed: Uint8Array
  readonly device: DeviceId
  readonly random?: Random
}

export type NetworkStats = {
  readonly relays: readonly { readonly relay: string; readonly state: 'up' | 'down'; readonly reserved: boolean }[]
  readonly peers: readonly PeerStats[]
  /** Connections of any kind, the relays' and those being opened included. */
  readonly connections: number
}

export type PeerStats = {
  readonly device: DeviceId
  /** Who opened the stream in use. */
  readonly opener: 'self' | 'remote'
  /** ICE candidate types of the selected pair; undefined when the browser does not say. */
  readonly local: string | undefined
  readonly remote: string | undefined
  /** Circuits still open beside the direct connection. */
  readonly circuits: number
}

export type Libp2pNetwork = Network & {
  readonly close: () => Promise<void>
  readonly stats: () => Promise<NetworkStats>
}

export async function createLibp2pNetwork(options: Libp2pNetworkOptions): Promise<Libp2pNetwork> {
  const random = options.random ?? ((length) => crypto.getRandomValues(new Uint8Array(length)))
  const network = new BrowserNetwork(options.device, random)
  await network.start(options.signSeed)
  return network
}

type Relay = { readonly key: string; readonly url: string; readonly peerId: PeerId; readonly link: RelayLink }

class BrowserNetwork implements Libp2pNetwork {
  private readonly random: Random
  private readonly direct: DirectLinks
  private relays = new Map<string, Relay>()
  private node: KithNode | undefined
  private stopWatching: () => void = () => {}
  private listener: ((event: NetworkEvent) => void) | undefined
  private readonly unheard: NetworkEvent[] = []

  constructor(device: DeviceId, random: Random) {
    this.random = random
    const connectedRelay = (relay: RelayAddress): Multiaddr | undefined => this.connectedRelay(relay)
    this.direct = new DirectLinks({ self: device, random, emit: (event) => this.emit(event), connectedRelay })
  }

  async start(signSeed: Uint8Array): Promise<void> {
    const admission = {
      isRelayAddress: (address: string) => [...this.relays.values()].some(({ link }) => link.address.toString() === address),
      isRelay: (peer: PeerId) => [...this.relays.values()].some(({ peerId }) => peerId.equals(peer)),
      isPeer: (peer: PeerId) => this.direct.isPeer(peer),
      hasRoom: (peer: PeerId) => this.direct.hasRoom(peer),
    }
    this.node = await createNode({
      signSeed,
      admission,
      impostor: (peer) => this.replaced(peer),
      iceServers: () => inTime(this.turnServers()),
    })
    await this.direct.start(this.node)
    this.stopWatching = watchPage((event) => this.noticed(event))
  }

  setRelays(addresses: readonly RelayAddress[]): void {
    const wanted = new Map<string, Multiaddr>()
    for (const address of addresses.slice(0, RELAYS_MAX)) {
      const multiaddr = toRelayMultiaddr(address)
      if (multiaddr !== undefined) wanted.set(toHex(address.key), multiaddr)
    }
    for (const { key, link } of [...this.relays.values()]) if (wanted.get(key)?.equals(link.address) !== true) this.removeRelay(key, link)
    for (const address of addresses) {
      const key = toHex(address.key)
      const multiaddr = wanted.get(key)
      if (multiaddr !== undefined && !this.relays.has(key)) this.addRelay(address, multiaddr)
    }
  }

  request(relay: string, request: RelayRequest): Promise<RelayAnswer> {
    return this.relays.get(relay)?.link.request(request) ?? Promise.reject(new NetworkError('disconnected', 'not a configured relay'))
  }

  setPeers(peers: readonly DirectPeer[]): void {
    this.direct.setPeers(peers)
  }

  dial(device: DeviceId): void {
    this.direct.dial(device)
  }

  send(device: DeviceId, frame: Uint8Array): Promise<void> {
    return this.direct.send(device, frame)
  }

  sendFile(device: DeviceId, frame: Uint8Array): Promise<void> {
    return this.direct.sendFile(device, frame)
  }

  retry(): void {
    for (const { link } of this.relays.values()) link.retry()
    this.direct.retry()
  }

  listen(listener: (event: NetworkEvent) => void): void {
    this.listener = listener
    for (const event of this.unheard.splice(0)) listener(event)
    listener({ kind: 'network', state: navigator.onLine ? 'online' : 'offline' })
  }

  async close(): Promise<void> {
    this.stopWatching()
    this.setRelays([])
    this.direct.close()
    await this.node?.libp2p.stop()
  }

  async stats(): Promise<NetworkStats> {
    const node = this.node
    const relays = [...this.relays.values()].map(({ key, peerId, link }) => {
      return { relay: key, state: link.isUp ? 'up' : 'down', reserved: node?.isReserved(peerId) ?? false } as const
    })
    return { relays, peers: await Promise.all(this.peerStats()), connections: node?.libp2p.getConnections().length ?? 0 }
  }

  private peerStats(): readonly Promise<PeerStats>[] {
    return this.direct.active().map(async ({ device, peerId, activeConnection, activeOpener }) => {
      const pair = activeConnection && (await selectedIcePair(activeConnection))
      const circuits = this.node?.libp2p.getConnections(peerId).filter(({ limits, direct }) => limits !== undefined || !direct).length ?? 0
      return { device, opener: activeOpener ?? 'remote', local: pair?.local, remote: pair?.remote, circuits }
    })
  }

  private addRelay({ key: rawKey, url }: RelayAddress, address: Multiaddr): void {
    const [key, peerId] = [toHex(rawKey), peerIdOf(rawKey)]
    if (peerId === undefined || this.node === undefined) return
    const listener = {
      up: () => this.emit({ kind: 'relay-up', relay: key }),
      down: () => this.emit({ kind: 'relay-down', relay: key }),
      blobs: (blobs) => this.emit({ kind: 'blobs', relay: key, blobs }),
      // Devices that were wanted while no relay was there can be dialled now.
      reserved: () => this.direct.retry(),
    } satisfies ConstructorParameters<typeof RelayLink>[0]['listener']
    const link = new RelayLink({ node: this.node, address, peerId, random: this.random, listener })
    // First the entry, then the dial: the gate looks the relay up.
    this.relays.set(key, { key, url, peerId, link })
    link.start()
  }

  private replaced(peer: PeerId): void {
    for (const { key, url, peerId } of this.relays.values()) if (peerId.equals(peer)) this.emit({ kind: 'relay-replaced', relay: key, url })
  }

  private removeRelay(key: string, link: RelayLink): void {
    this.relays.delete(key)
    link.close()
  }

  /** Of the first own relay that names some. */
  private async turnServers(): Promise<RTCIceServer[]> {
    for (const { link } of this.relays.values()) {
      const servers = (await link.turnServers()) ?? []
      if (servers.length > 0) return servers
    }
    return []
  }

  private connectedRelay(relay: RelayAddress): Multiaddr | undefined {
    const link = this.relays.get(toHex(relay.key))?.link
    return link?.isUp === true ? link.address : undefined
  }

  private noticed(event: PageEvent): void {
    if (event !== 'resumed') this.emit({ kind: 'network', state: event })
    if (event === 'offline') return
    for (const { link } of this.relays.values()) link.probe()
    this.direct.probe()
    this.retry()
  }

  private emit(event: NetworkEvent): void {
    if (this.listener === undefined) this.unheard.push(event)
    else this.listener(event)
  }
}
