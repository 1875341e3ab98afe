// A relay for libp2p.e2e.ts that speaks the signalling protocol to the devices connected to it, which no honest relay does. Runs in Node.

import { noise } from '@chainsafe/libp2p-noise'
import { circuitRelayServer } from '@libp2p/circuit-relay-v2'
import { generateKeyPair } from '@libp2p/crypto/keys'
import { identify } from '@libp2p/identify'
import { webSockets } from '@libp2p/websockets'
import { yamux } from '@libp2p/yamux'
import { createLibp2p } from 'libp2p'
import { RELAY_PROTOCOL, toHex } from '@kith/protocol'
import type { Connection } from '@libp2p/interface'
import type { PlainRelay } from './harness.ts'

export type HostileRelay = {
  readonly address: PlainRelay
  /** Opens a signalling stream to the first device that came. `reset` when the device ends it without a word. */
  readonly signal: () => Promise<'reset' | 'answered' | 'waiting'>
  readonly stop: () => Promise<void>
}

export async function startHostileRelay(): Promise<HostileRelay> {
  const privateKey = await generateKeyPair('Ed25519')
  const node = await createLibp2p({
    privateKey,
    addresses: { listen: ['/ip4/127.0.0.1/tcp/0/ws'] },
    transports: [webSockets()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    services: { identify: identify(), circuit: circuitRelayServer() },
  })
  const came = new Promise<Connection>((resolve) => void node.handle(RELAY_PROTOCOL, (_, connection) => resolve(connection)))
  const port = /tcp\/([0-9]+)/.exec(node.getMultiaddrs()[0]?.toString() ?? '')?.[1] ?? ''
  return {
    address: { key: toHex(privateKey.publicKey.raw), url: `ws://127.0.0.1:${port}` },
    signal: async () => {
      const stream = await (await came).newStream('/webrtc-signaling/0.0.1')
      if (stream.status !== 'open') return 'reset'
      const ended = new Promise<'reset'>((resolve) => stream.addEventListener('close', () => resolve('reset')))
      const answered = new Promise<'answered'>((resolve) => stream.addEventListener('message', () => resolve('answered')))
      const waiting = new Promise<'waiting'>((resolve) => setTimeout(() => resolve('waiting'), 2_000))
      return Promise.race([ended, answered, waiting])
    },
    stop: async () => node.stop(),
  }
}
