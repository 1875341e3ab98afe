// The network of a simulated world: one adapter per device, over a relay and direct links that can fail and misbehave.

import { toHex } from '../../src/bytes/bytes.ts'
import { createDirectPath } from './direct-path.ts'
import { createRelayPath } from './relay-path.ts'
import type { DeviceId } from '../../src/bytes/ids.ts'
import type { DirectPeer, Network, NetworkEvent } from '../../src/ports.ts'
import type { RelayAddress } from '../../src/wire/capability.ts'
import type { DirectClient, DirectPath } from './direct-path.ts'
import type { RelayClient, RelayPath } from './relay-path.ts'
import type { Scheduler } from './scheduler.ts'
import type { Seeded } from './seeded.ts'

export type SimulatedNetwork = {
  /** Of the relay, as its page tells it now. */
  readonly address: RelayAddress
  /** Of all relays that there are. */
  readonly addresses: readonly RelayAddress[]
  /** What the page lists, where that is something else. */
  listed?: () => readonly RelayAddress[]
  readonly relay: RelayPath
  /** Where there are two: in the same order as their addresses. */
  readonly relays: readonly RelayPath[]
  readonly direct: DirectPath
  /** The network adapter of one device; `detach` when its process dies. `moment` is told whenever something is about to happen. */
  readonly attach: (device: DeviceId, moment: () => void) => Network & { detach: () => void }
  readonly setOnline: (device: DeviceId, state: 'online' | 'offline') => void
  /** Frames that were sent, and deposits that were asked for, so far. */
  readonly traffic: () => number
  /** An event as a hostile far end would cause it. */
  readonly inject: (device: DeviceId, event: NetworkEvent) => void
}

type Node = RelayClient &
  DirectClient & {
    isAttached: boolean
    isOnline: boolean
    relays: readonly RelayAddress[]
    peers: ReadonlySet<DeviceId>
    listener: (event: NetworkEvent) => void
  }

/** `also`: addresses of more relays. */
export function createNetwork(
  scheduler: Scheduler,
  luck: Seeded,
  url = 'ws://127.0.0.1:1',
  also: readonly string[] = [],
): SimulatedNetwork {
  const nodes = new Map<DeviceId, Node>()
  const relay = createRelayPath(scheduler, luck, { clients: () => nodes.values(), url })
  const relays = [relay, ...also.map((other) => createRelayPath(scheduler, luck, { clients: () => nodes.values(), url: other }))]
  const pathTo = (key: string): RelayPath => relays.find((path) => toHex(path.address().key) === key) ?? relay
  const direct = createDirectPath(scheduler, luck)
  let traffic = 0

  function createNode(device: DeviceId, moment: () => void): Node {
    const node: Node = {
      device,
      isAttached: true,
      isOnline: nodes.get(device)?.isOnline ?? true,
      relays: [],
      peers: new Set(),
      listener: () => {},
      wanted: () => (node.isAttached && node.isOnline ? node.relays : []),
      canMeet: () => node.isAttached && node.isOnline && relays.some((path) => path.isConnected(node)),
      accepts: (other) => node.peers.has(other),
      emit: (event) => {
        if (node.isAttached) moment()
        if (node.isAttached) node.listener(event)
      },
    }
    return node
  }

  function setOnline(device: DeviceId, state: 'online' | 'offline'): void {
    const node = nodes.get(device)
    if (node === undefined || node.isOnline === (state === 'online')) return
    node.isOnline = state === 'online'
    if (state === 'offline') leave(node)
    else for (const path of relays) scheduler.after(luck.whole(1, 500), () => path.connect(node))
    node.emit({ kind: 'network', state })
  }

  function leave(node: Node): void {
    for (const path of relays) path.disconnect(node)
    direct.cut(node)
  }

  function attach(device: DeviceId, moment: () => void): Network & { detach: () => void } {
    const node = createNode(device, moment)
    nodes.set(device, node)
    return {
      setRelays: (wanted) => {
        node.relays = wanted
        if (wanted.length > 0) for (const path of relays) scheduler.after(luck.whole(1, 300), () => path.connect(node))
      },
      request: (to, asked) => {
        moment()
        if (asked.kind === 'deposit') traffic += 1
        return pathTo(to).request(node, asked)
      },
      setPeers: (peers: readonly DirectPeer[]) => {
        node.peers = new Set(peers.map((peer) => peer.device))
        direct.cutUnwanted(node)
      },
      dial: (peer) => {
        const other = nodes.get(peer)
        if (other !== undefined) direct.dial(node, other)
      },
      send: (peer, frame) => {
        moment()
        traffic += 1
        return direct.send(node, peer, frame)
      },
      sendFile: (peer, frame) => {
        moment()
        return direct.send(node, peer, frame, 'file-frame')
      },
      retry: () => direct.forgetPace(node),
      listen: (listener) => {
        node.listener = listener
      },
      detach: () => {
        node.isAttached = false
        leave(node)
      },
    }
  }

  return {
    get address() {
      return relay.address()
    },
    get addresses() {
      return relays.map((path) => path.address())
    },
    relay,
    relays,
    direct,
    attach,
    setOnline,
    traffic: () => traffic,
    inject: (device, event) => nodes.get(device)?.emit(event),
  }
}
