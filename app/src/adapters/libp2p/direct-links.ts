// All direct links: who is allowed, who is connected, and the hand-over between libp2p and the links of each device (docs/protocol.md §6).

import { SYNC_PROTOCOL } from '@kith/protocol'
import { peerIdOf, toDirectMultiaddr } from './addresses.ts'
import { closeConnections, dialDirectly, DirectDialError, isDirect } from './direct-dial.ts'
import {
  CONNECTIONS_PER_PEER_MAX,
  DIALS_AT_ONCE_MAX,
  DIRECT_LINKS_MAX,
  HANDSHAKE_MS_MAX,
  HANDSHAKES_MAX,
  TIDY_MS,
  UNUSED_CONNECTION_MS_MAX,
} from './limits.ts'
import { openFileStreams } from './file-streams.ts'
import { openNoise, prologueOf } from './noise-stream.ts'
import { PeerLinks } from './peer-links.ts'
import { createTurns } from './turns.ts'
import { equalBytes, NetworkError } from '@kith/protocol'
import type { Connection, PeerId, Stream } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'
import type { DeviceId, DirectPeer, NetworkEvent, Random, RelayAddress } from '@kith/protocol'
import type { FileStreams } from './file-streams.ts'
import type { KithNode } from './node.ts'
import type { OpenedStream, PeerLinksOutside } from './peer-links.ts'

export type DirectLinksOptions = {
  readonly self: DeviceId
  readonly random: Random
  readonly emit: (event: NetworkEvent) => void
  /** The multiaddr of this relay while it is configured and connected. */
  readonly connectedRelay: (relay: RelayAddress) => Multiaddr | undefined
}

export class DirectLinks {
  private readonly options: DirectLinksOptions
  private readonly byDevice = new Map<DeviceId, PeerLinks>()
  private readonly byPeerId = new Map<string, PeerLinks>()
  private readonly turns = createTurns(DIALS_AT_ONCE_MAX)
  private readonly closing = new AbortController()
  private readonly outside: PeerLinksOutside
  private node: KithNode | undefined
  private files: FileStreams | undefined
  /** Devices whose dial has begun. Those that wait for their turn take no room yet. */
  private readonly opening = new Set<PeerLinks>()
  private handshakes = 0

  constructor(options: DirectLinksOptions) {
    this.options = options
    this.outside = {
      self: options.self,
      random: options.random,
      open: (links, signal) => this.turns.take(() => this.open(links, signal), signal),
      up: ({ device }) => options.emit({ kind: 'peer-up', device }),
      down: ({ device }) => options.emit({ kind: 'peer-down', device }),
      frame: ({ device }, frame) => options.emit({ kind: 'frame', device, frame }),
      changed: (links) => this.tidyLater(links),
    }
  }

  async start(node: KithNode): Promise<void> {
    this.node = node
    await node.libp2p.handle(SYNC_PROTOCOL, (stream, connection) => void this.accept(stream, connection), {
      maxInboundStreams: 4,
      maxOutboundStreams: 4,
    })
    this.files = await openFileStreams({
      self: this.options.self,
      node,
      linksOf: ({ remotePeer }) => this.byPeerId.get(remotePeer.toString()),
      heard: (device, frame) => this.options.emit({ kind: 'file-frame', device, frame }),
    })
    node.libp2p.addEventListener('connection:open', ({ detail }) => this.opened(detail))
  }

  isPeer(peerId: PeerId): boolean {
    return this.byPeerId.has(peerId.toString())
  }

  /** Connected devices may always come back; others while there is room. None may pile up connections. */
  hasRoom(peerId: PeerId): boolean {
    const links = this.byPeerId.get(peerId.toString())
    if (links === undefined || this.node === undefined) return false
    if (this.node.libp2p.getConnections(peerId).length > CONNECTIONS_PER_PEER_MAX) return false
    return this.takesRoom(links) || this.takenRoom < DIRECT_LINKS_MAX
  }

  setPeers(peers: readonly DirectPeer[]): void {
    const wanted = new Map(peers.map((peer) => [peer.device, peer]))
    for (const links of [...this.byDevice.values()]) {
      const peer = wanted.get(links.device)
      if (peer !== undefined && equalBytes(peer.signingKey, links.peer.signingKey)) links.peer = peer
      else this.remove(links)
    }
    for (const peer of wanted.values()) if (!this.byDevice.has(peer.device) && peer.device !== this.options.self) this.add(peer)
  }

  dial(device: DeviceId): void {
    this.byDevice.get(device)?.dial()
  }

  send(device: DeviceId, frame: Uint8Array): Promise<void> {
    return this.byDevice.get(device)?.send(frame) ?? Promise.reject(new NetworkError('disconnected', 'not an allowed device'))
  }

  async sendFile(device: DeviceId, frame: Uint8Array): Promise<void> {
    const links = this.byDevice.get(device)
    if (links === undefined || this.files === undefined) throw new NetworkError('disconnected', 'not an allowed device')
    await this.files.send(links, frame)
  }

  retry(): void {
    for (const links of this.byDevice.values()) links.retry()
  }

  probe(): void {
    for (const links of this.byDevice.values()) links.probe()
  }

  active(): readonly PeerLinks[] {
    return [...this.byDevice.values()].filter((links) => links.activeConnection !== undefined)
  }

  close(): void {
    this.closing.abort()
    this.setPeers([])
  }

  private takesRoom(links: PeerLinks): boolean {
    return links.isLinked || this.opening.has(links)
  }

  private get takenRoom(): number {
    return [...this.byDevice.values()].filter((links) => this.takesRoom(links)).length
  }

  private add(peer: DirectPeer): void {
    const peerId = peerIdOf(peer.signingKey)
    if (peerId === undefined) return
    const links = new PeerLinks(peer, peerId, this.outside)
    this.byDevice.set(peer.device, links)
    this.byPeerId.set(peerId.toString(), links)
  }

  private remove(links: PeerLinks): void {
    this.byDevice.delete(links.device)
    this.byPeerId.delete(links.peerId.toString())
    links.close()
    if (this.node !== undefined) closeConnections(this.node.libp2p, links.peerId, () => false)
  }

  private async open(links: PeerLinks, signal: AbortSignal): Promise<OpenedStream> {
    const node = this.node
    if (node === undefined || !this.hasRoom(links.peerId)) throw new DirectDialError('no room for another direct link')
    const relays = links.peer.relays.map(this.options.connectedRelay).filter((relay) => relay !== undefined)
    const ways = relays.map((relay) => toDirectMultiaddr(relay, links.peerId))
    const prologue = prologueOf(this.options.self, links.device)
    this.opening.add(links)
    try {
      return await dialDirectly({ node, peerId: links.peerId, ways, prologue, isUsed: (connection) => links.uses(connection), signal })
    } finally {
      this.opening.delete(links)
    }
  }

  /** A sync stream from outside. Everything that is not a direct stream of an allowed device is reset. Never rejects. */
  private async accept(stream: Stream, connection: Connection): Promise<void> {
    const links = this.byPeerId.get(connection.remotePeer.toString())
    const node = this.node
    if (
      links === undefined ||
      node === undefined ||
      !isDirect(connection) ||
      !this.hasRoom(connection.remotePeer) ||
      this.handshakes >= HANDSHAKES_MAX
    ) {
      return stream.abort(new Error('not a direct stream of an allowed device'))
    }
    this.handshakes += 1
    try {
      const signal = AbortSignal.any([AbortSignal.timeout(HANDSHAKE_MS_MAX), this.closing.signal])
      const prologue = prologueOf(this.options.self, links.device)
      const { privateKey, libp2p } = node
      const noise = { stream, privateKey, logger: libp2p.logger, remotePeer: links.peerId, prologue, side: 'answerer', signal } as const
      links.add({ stream: await openNoise(noise), connection }, 'remote')
    } catch {
      // The handshake has reset the stream. A connection whose other end cannot prove itself is of no use.
      if (!links.uses(connection)) connection.abort(new Error('the handshake failed'))
    } finally {
      this.handshakes -= 1
    }
  }

  /** Closes what nobody needs: a device that was removed while it was connecting, and a connection over which no link comes. */
  private opened(connection: Connection): void {
    if (isDirect(connection) && !this.isPeer(connection.remotePeer)) return connection.abort(new Error('not an allowed device'))
    const expiry = setTimeout(() => {
      const links = this.byPeerId.get(connection.remotePeer.toString())
      if (links !== undefined && !links.uses(connection) && !this.opening.has(links)) connection.abort(new Error('no link came'))
    }, UNUSED_CONNECTION_MS_MAX)
    connection.addEventListener('close', () => clearTimeout(expiry))
  }

  /**
   * A link came or went. The circuit beside a direct connection eats the relay's budget, and a second direct connection is left over from
   * both sides dialling at once; neither is closed in the middle of the other side's dial.
   */
  private tidyLater(links: PeerLinks): void {
    setTimeout(() => {
      const node = this.node
      if (node === undefined || this.opening.has(links)) return
      const isSpared = (connection: Connection): boolean =>
        links.uses(connection) || (links.activeConnection === undefined && connection.direction === 'inbound')
      closeConnections(node.libp2p, links.peerId, isSpared)
    }, TIDY_MS)
  }
}
