import { describe, expect, it } from 'vitest'
import { multiaddr } from '@multiformats/multiaddr'
import { signingKeyOf } from '@kith/protocol'
import { peerIdOf, toDirectMultiaddr, toRelayMultiaddr } from './addresses.ts'
import { createGate } from './gate.ts'
import type { MultiaddrConnection, PeerId } from '@libp2p/interface'

const keyOf = (n: number): Uint8Array => signingKeyOf(new Uint8Array(32).fill(n))
const personOf = (n: number): PeerId => {
  const id = peerIdOf(keyOf(n))
  if (id === undefined) throw new Error('a key has a peer id')
  return id
}

const [relay, bob, full, mallory] = [personOf(1), personOf(2), personOf(3), personOf(4)]
const address = toRelayMultiaddr({ key: keyOf(1), url: 'ws://127.0.0.1:8080' }) ?? multiaddr('/')
const gate = createGate({
  isRelayAddress: (value) => value === address.toString(),
  isRelay: (peer) => peer.equals(relay),
  isPeer: (peer) => peer.equals(bob) || peer.equals(full),
  hasRoom: (peer) => peer.equals(bob),
})
const connection = {} as MultiaddrConnection

describe('the gate', () => {
  it('lets out only to configured relays and allowed devices', () => {
    expect(gate.denyDialPeer?.(relay)).toBe(false)
    expect(gate.denyDialPeer?.(bob)).toBe(false)
    expect(gate.denyDialPeer?.(mallory)).toBe(true)
  })

  it('lets out only to the exact address of a relay, or through it to WebRTC', () => {
    expect(gate.denyDialMultiaddr?.(address)).toBe(false)
    expect(gate.denyDialMultiaddr?.(toDirectMultiaddr(address, bob))).toBe(false)
    expect(gate.denyDialMultiaddr?.(address.encapsulate(`/p2p-circuit/p2p/${bob.toString()}`))).toBe(true)
    expect(gate.denyDialMultiaddr?.(multiaddr(`/ip4/10.0.0.1/tcp/8080/ws/p2p/${relay.toString()}`))).toBe(true)
  })

  it('lets in a circuit of an allowed device while there is room, through a configured relay', () => {
    expect(gate.denyInboundRelayedConnection?.(relay, bob)).toBe(false)
    expect(gate.denyInboundRelayedConnection?.(relay, full)).toBe(true)
    expect(gate.denyInboundRelayedConnection?.(relay, mallory)).toBe(true)
    expect(gate.denyInboundRelayedConnection?.(mallory, bob)).toBe(true)
  })

  it('asks again when the handshake has proved the name', () => {
    expect(gate.denyInboundEncryptedConnection?.(bob, connection)).toBe(false)
    expect(gate.denyInboundEncryptedConnection?.(mallory, connection)).toBe(true)
    expect(gate.denyInboundEncryptedConnection?.(relay, connection)).toBe(true)
  })

  it('keeps no address that a peer claims for itself', () => {
    expect(gate.filterMultiaddrForPeer?.(bob, address)).toBe(false)
  })
})
