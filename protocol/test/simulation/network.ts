// The network of a simulated world: relay streams and direct links with delays, breaks and, on request, a relay that misbehaves.
// The relay behind it is the real core over storage in memory.

import { sign, signingKeyOf, toHex } from '../../src/index.ts'
import { NetworkError } from '../../src/ports.ts'
import { createMemoryStorage, createRelay } from '../../../signal-server/src/relay/index.ts'
import type { DeviceId } from '../../src/bytes/ids.ts'
import type { DirectPeer, Network, NetworkEvent } from '../../src/ports.ts'
import type { RelayAddress } from '../../src/wire/capability.ts'
import type { RelayAnswer, RelayMessage, RelayRequest } from '../../src/wire/relay.ts'
import type { Relay } from '../../../signal-server/src/relay/index.ts'
import type { Scheduler } from './scheduler.ts'
import type { Seeded } from './seeded.ts'

export type Faults = {
  /** Probability that a stream to the relay breaks with a request under way. */
  readonly breaks: number
  /** Probability that a push arrives twice, and that it is held back behind later ones. */
  readonly duplicates: number
  readonly reorders: number
  /** Probability that a dial succeeds. */
  readonly dials: number
  /** Probability that a direct link dies with a frame under way. */
  readonly linkBreaks: number
}

export const NO_FAULTS: Faults = { breaks: 0, duplicates: 0, reorders: 0, dials: 1, linkBreaks: 0 }

export type SimulatedNetwork = {
  readonly address: RelayAddress
  faults: Faults
  /** The network adapter of one device; `detach` when its process dies. */
  readonly attach: (device: DeviceId) => Network & { detach: () => void }
  readonly setOnline: (device: DeviceId, state: 'online' | 'offline') => void
  /** The relay's process dies and comes back after `ms`; its storage survives. */
  readonly restartRelay: (ms: number) => void
}

type Stream = { isOpen: boolean; readonly pending: Map<number, Pending>; readonly link: ReturnType<Relay['connect']>; lastId: number; due: number }
type Pending = { readonly resolve: (answer: RelayAnswer) => void; readonly reject: (error: NetworkError) => void }

type Node = {
  readonly device: DeviceId
  isAttached: boolean
  isOnline: boolean
  isWanted: boolean
  peers: ReadonlySet<DeviceId>
  stream: Stream | undefined
  listener: (event: NetworkEvent) => void
  readonly links: Map<DeviceId, Link>
  readonly dialling: Set<DeviceId>
}
type Link = { isOpen: boolean; readonly ends: readonly [Node, Node]; due: number }

export function createNetwork(scheduler: Scheduler, luck: Seeded): SimulatedNetwork {
  const seed = luck.bytes(32)
  const key = signingKeyOf(seed)
  const relayHex = toHex(key)
  const address: RelayAddress = { key, url: 'ws://127.0.0.1:1' }
  const storage = createMemoryStorage()
  const nodes = new Map<DeviceId, Node>()
  const boot = (): Relay => createRelay({ storage, clock: scheduler.now, random: luck.bytes, key, sign: (statement) => sign(seed, statement), report: () => {} })
  let relay: Relay | undefined = boot()

  const world: SimulatedNetwork = { address, faults: NO_FAULTS, attach, setOnline, restartRelay }
  const delay = (): number => luck.whole(1, 80)
  const emit = (node: Node, event: NetworkEvent): void => {
    if (node.isAttached) node.listener(event)
  }

  // ------------------------------------------------------------------------------------------------------------ relay

  function connect(node: Node): void {
    if (!node.isAttached || !node.isOnline || !node.isWanted || node.stream !== undefined || relay === undefined) return
    const stream: Stream = { isOpen: true, pending: new Map(), link: relay.connect((message) => hear(node, stream, message)), lastId: 0, due: 0 }
    node.stream = stream
    emit(node, { kind: 'relay-up', relay: relayHex })
  }

  function disconnect(node: Node): void {
    const { stream } = node
    if (stream === undefined) return
    node.stream = undefined
    stream.isOpen = false
    stream.link.close()
    for (const { reject } of stream.pending.values()) reject(new NetworkError('disconnected', 'the stream broke'))
    emit(node, { kind: 'relay-down', relay: relayHex })
    scheduler.after(luck.whole(200, 3_000), () => connect(node))
  }

  // Bytes of one stream arrive in order; what was under way when it broke never does.
  function inOrder(stream: Stream | Link, event: () => void): void {
    stream.due = Math.max(stream.due + 1, scheduler.now() + delay())
    scheduler.after(stream.due - scheduler.now(), () => {
      if (stream.isOpen) event()
    })
  }

  function hear(node: Node, stream: Stream, message: RelayMessage): void {
    if (message.kind === 'answer') {
      return inOrder(stream, () => {
        stream.pending.get(message.id)?.resolve(message.answer)
        stream.pending.delete(message.id)
      })
    }
    const push = (): void => emit(node, { kind: 'blob', relay: relayHex, mailbox: message.mailbox, blob: message.blob })
    if (luck.chance(world.faults.reorders)) scheduler.after(luck.whole(100, 2_000), () => stream.isOpen && push())
    else inOrder(stream, push)
    if (luck.chance(world.faults.duplicates)) scheduler.after(luck.whole(1, 4_000), () => stream.isOpen && push())
  }

  function request(node: Node, asked: RelayRequest): Promise<RelayAnswer> {
    const { stream } = node
    if (stream === undefined) return Promise.reject(new NetworkError('disconnected', 'no stream to the relay'))
    return new Promise((resolve, reject) => {
      const id = (stream.lastId += 1)
      stream.pending.set(id, { resolve, reject })
      if (luck.chance(world.faults.breaks)) scheduler.after(luck.whole(1, 160), () => node.stream === stream && disconnect(node))
      inOrder(stream, () => void stream.link.receive({ id, request: asked }))
    })
  }

  function restartRelay(ms: number): void {
    relay = undefined
    for (const node of nodes.values()) disconnect(node)
    scheduler.after(ms, () => {
      relay = boot()
      for (const node of nodes.values()) scheduler.after(luck.whole(1, 500), () => connect(node))
    })
  }

  // ----------------------------------------------------------------------------------------------------------- direct

  function dial(node: Node, device: DeviceId): void {
    const other = nodes.get(device)
    if (other === undefined || node.dialling.has(device) || node.links.has(device) || !node.peers.has(device)) return
    node.dialling.add(device)
    scheduler.after(luck.whole(50, 400), () => {
      const canMeet = node.isAttached && other.isAttached && node.isOnline && other.isOnline && node.stream !== undefined && other.stream !== undefined
      if (canMeet && other.peers.has(node.device) && !node.links.has(device) && luck.chance(world.faults.dials)) link(node, other)
      scheduler.after(luck.whole(1_000, 5_000), () => node.dialling.delete(device))
    })
  }

  function link(a: Node, b: Node): void {
    const made: Link = { isOpen: true, ends: [a, b], due: 0 }
    a.links.set(b.device, made)
    b.links.set(a.device, made)
    emit(a, { kind: 'peer-up', device: b.device })
    scheduler.after(luck.whole(0, 60), () => made.isOpen && emit(b, { kind: 'peer-up', device: a.device }))
  }

  function cut(made: Link): void {
    if (!made.isOpen) return
    made.isOpen = false
    const [a, b] = made.ends
    a.links.delete(b.device)
    b.links.delete(a.device)
    emit(a, { kind: 'peer-down', device: b.device })
    // The far end notices a dead peer only when its heartbeat stays away.
    scheduler.after(luck.whole(0, 3_000), () => b.links.get(a.device) === undefined && emit(b, { kind: 'peer-down', device: a.device }))
  }

  function send(node: Node, device: DeviceId, frame: Uint8Array): Promise<void> {
    const made = node.links.get(device)
    const other = nodes.get(device)
    if (made === undefined || other === undefined) return Promise.reject(new NetworkError('disconnected', 'no link'))
    if (luck.chance(world.faults.linkBreaks)) scheduler.after(luck.whole(1, 100), () => cut(made))
    inOrder(made, () => emit(other, { kind: 'frame', device: node.device, frame }))
    return Promise.resolve()
  }

  // ---------------------------------------------------------------------------------------------------------- devices

  function setOnline(device: DeviceId, state: 'online' | 'offline'): void {
    const node = nodes.get(device)
    if (node === undefined || node.isOnline === (state === 'online')) return
    node.isOnline = state === 'online'
    if (state === 'offline') leave(node)
    else scheduler.after(luck.whole(1, 500), () => connect(node))
    emit(node, { kind: 'network', state })
  }

  function leave(node: Node): void {
    disconnect(node)
    for (const made of [...node.links.values()]) cut(made)
  }

  function attach(device: DeviceId): Network & { detach: () => void } {
    const node: Node = {
      device,
      isAttached: true,
      isOnline: nodes.get(device)?.isOnline ?? true,
      isWanted: false,
      peers: new Set(),
      stream: undefined,
      listener: () => {},
      links: new Map(),
      dialling: new Set(),
    }
    nodes.set(device, node)
    return {
      setRelays: (relays) => {
        node.isWanted = relays.some((wanted) => toHex(wanted.key) === relayHex)
        if (node.isWanted) scheduler.after(luck.whole(1, 300), () => connect(node))
      },
      request: (_relay, asked) => request(node, asked),
      setPeers: (peers: readonly DirectPeer[]) => {
        node.peers = new Set(peers.map((peer) => peer.device))
      },
      dial: (peer) => dial(node, peer),
      send: (peer, frame) => send(node, peer, frame),
      retry: () => node.dialling.clear(),
      listen: (listener) => {
        node.listener = listener
      },
      detach: () => {
        node.isAttached = false
        leave(node)
      },
    }
  }

  return world
}
