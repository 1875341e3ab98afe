// The page of libp2p.e2e.ts: several networks side by side in one browser page, and rogues that break the rules. Not part of the app.

import { generateKeyPairFromSeed } from '@libp2p/crypto/keys'
import { deviceIdOf, fromHex, SYNC_PROTOCOL, toHex } from '@kith/protocol'
import { peerIdOf, toDirectMultiaddr, toRelayMultiaddr } from '../../src/adapters/libp2p/addresses.ts'
import { createLibp2pNetwork } from '../../src/adapters/libp2p/network.ts'
import { createNode } from '../../src/adapters/libp2p/node.ts'
import { openNoise, prologueOf } from '../../src/adapters/libp2p/noise-stream.ts'
import type { DeviceId, DirectPeer, NetworkEvent, RelayAddress, RelayRequest } from '@kith/protocol'
import type { Libp2pNetwork, NetworkStats } from '../../src/adapters/libp2p/network.ts'

/** As they travel between the test and the page. */
export type PlainRelay = { readonly key: string; readonly url: string }
export type PlainPeer = { readonly device: string; readonly key: string; readonly relays: readonly PlainRelay[] }
export type PlainEvent = { readonly kind: string; readonly about: string }
export type Rogue = {
  readonly seed: string
  readonly noiseSeed: string
  readonly device: string
  readonly relay: PlainRelay
  readonly victim: PlainPeer
}

type Running = {
  readonly network: Libp2pNetwork
  readonly device: DeviceId
  readonly events: PlainEvent[]
  frames: number
  bytes: number
  last: string
  echoes: boolean
}

const running = new Map<string, Running>()

const toRelay = (relay: PlainRelay): RelayAddress => ({ key: fromHex(relay.key), url: relay.url })
const toDevice = (device: string): DeviceId => deviceIdOf(fromHex(device))
const toPeer = (peer: PlainPeer): DirectPeer => ({
  device: toDevice(peer.device),
  signingKey: fromHex(peer.key),
  relays: peer.relays.map(toRelay),
})

function of(name: string): Running {
  const found = running.get(name)
  if (found === undefined) throw new Error(`nobody is called ${name}`)
  return found
}

function aboutOf(event: NetworkEvent): string {
  if (event.kind === 'relay-replaced') return `${event.relay} ${event.url}`
  return 'relay' in event ? event.relay : 'device' in event ? event.device : ''
}

const harness = {
  async start(options: {
    name: string
    seed: string
    device: string
    relays: readonly PlainRelay[]
    peers: readonly PlainPeer[]
  }): Promise<void> {
    const device = toDevice(options.device)
    const network = await createLibp2pNetwork({ signSeed: fromHex(options.seed), device })
    const one: Running = { network, device, events: [], frames: 0, bytes: 0, last: '', echoes: false }
    running.set(options.name, one)
    network.listen((event) => {
      if (event.kind === 'frame') {
        one.frames += 1
        one.bytes += event.frame.length
        one.last = toHex(event.frame.subarray(0, 32))
        if (one.echoes) void network.send(event.device, event.frame)
      } else {
        one.events.push({ kind: event.kind, about: aboutOf(event) })
      }
    })
    network.setPeers(options.peers.map(toPeer))
    network.setRelays(options.relays.map(toRelay))
  },
  async stop(name: string): Promise<void> {
    const one = of(name)
    running.delete(name)
    await one.network.close()
  },
  setPeers: (name: string, peers: readonly PlainPeer[]): void => of(name).network.setPeers(peers.map(toPeer)),
  setRelays: (name: string, relays: readonly PlainRelay[]): void => of(name).network.setRelays(relays.map(toRelay)),
  dial: (name: string, device: string): void => of(name).network.dial(toDevice(device)),
  retry: (name: string): void => of(name).network.retry(),
  echo(name: string): void {
    of(name).echoes = true
  },
  events: (name: string): readonly PlainEvent[] => of(name).events,
  received(name: string): { frames: number; bytes: number; last: string } {
    const { frames, bytes, last } = of(name)
    return { frames, bytes, last }
  },
  stats: (name: string): Promise<NetworkStats> => of(name).network.stats(),
  send: (name: string, device: string, frame: string): Promise<void> => of(name).network.send(toDevice(device), fromHex(frame)),
  /** How long it took, and the heap above its size at the beginning, at its largest. */
  async sendMany(name: string, device: string, options: { frames: number; bytes: number }): Promise<{ ms: number; heapBytes: number }> {
    const frame = new Uint8Array(options.bytes)
    const startedAt = performance.now()
    const before = heap()
    let most = 0
    for (let i = 0; i < options.frames; i++) {
      await of(name).network.send(toDevice(device), frame)
      most = Math.max(most, heap() - before)
    }
    return { ms: performance.now() - startedAt, heapBytes: most }
  },
  async request(name: string, relay: string, request: RelayRequest): Promise<string> {
    try {
      return (await of(name).network.request(relay, request)).kind
    } catch (error) {
      return error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    }
  },
  /** What libp2p took over from its settings. */
  async connectionsMax(rogue: Rogue): Promise<number> {
    const node = await rogueNode(rogue)
    const { components } = node.libp2p as unknown as {
      readonly components: { readonly connectionManager: { getMaxConnections(): number } }
    }
    await node.libp2p.stop()
    return components.connectionManager.getMaxConnections()
  },
  /** Dials with an allowed libp2p key and another one inside the stream. `refused` when the victim ends the stream. */
  async rogueOpens(rogue: Rogue): Promise<string> {
    const node = await rogueNode(rogue)
    try {
      const relay = toRelayMultiaddr(toRelay(rogue.relay))
      const victim = peerIdOf(fromHex(rogue.victim.key))
      if (relay === undefined || victim === undefined) throw new Error('the test named no relay or no victim')
      await node.libp2p.dial(relay)
      const connection = await node.libp2p.dial(toDirectMultiaddr(relay, victim))
      const stream = await connection.newStream(SYNC_PROTOCOL)
      const ended = new Promise<string>((resolve) => stream.addEventListener('close', () => resolve('refused')))
      const late = new Promise<string>((resolve) => setTimeout(() => resolve('accepted'), 3_000))
      await rogueNoise({ rogue, stream, side: 'opener', logger: node.libp2p.logger })
      return await Promise.race([ended, late])
    } catch (error) {
      return error instanceof Error ? `unreachable: ${error.message}` : 'unreachable'
    } finally {
      await node.libp2p.stop()
    }
  },
  /** Waits for the victim's dial and answers it with another key. Resolves once it can be dialled. */
  async rogueAnswers(rogue: Rogue): Promise<void> {
    const node = await rogueNode(rogue)
    await node.libp2p.handle(
      SYNC_PROTOCOL,
      (stream) => void rogueNoise({ rogue, stream, side: 'answerer', logger: node.libp2p.logger }).catch(() => undefined),
    )
    const relay = toRelayMultiaddr(toRelay(rogue.relay))
    const relayPeer = peerIdOf(fromHex(rogue.relay.key))
    if (relay === undefined || relayPeer === undefined) throw new Error('the test named no relay')
    await node.libp2p.dial(relay)
    await node.reserve(relayPeer)
  },
}

type RogueNoise = { readonly rogue: Rogue; readonly side: 'opener' | 'answerer' } & Pick<
  Parameters<typeof openNoise>[0],
  'stream' | 'logger'
>

const rogueNode = (rogue: Rogue): ReturnType<typeof createNode> =>
  createNode({
    signSeed: fromHex(rogue.seed),
    admission: { isRelayAddress: () => true, isRelay: () => true, isPeer: () => true, hasRoom: () => true },
    impostor: () => undefined,
    iceServers: () => Promise.resolve([]),
  })

async function rogueNoise({ rogue, stream, side, logger }: RogueNoise): Promise<void> {
  const remotePeer = peerIdOf(fromHex(rogue.victim.key))
  if (remotePeer === undefined) throw new Error('the test named no victim')
  const privateKey = await generateKeyPairFromSeed('Ed25519', fromHex(rogue.noiseSeed))
  const prologue = prologueOf(toDevice(rogue.device), toDevice(rogue.victim.device))
  await openNoise({ stream, privateKey, logger, remotePeer, prologue, side, signal: AbortSignal.timeout(5_000) })
}

function heap(): number {
  const { memory } = performance as unknown as { readonly memory?: { readonly usedJSHeapSize: number } }
  return memory?.usedJSHeapSize ?? 0
}

export type Harness = typeof harness
Reflect.set(window, 'harness', harness)
