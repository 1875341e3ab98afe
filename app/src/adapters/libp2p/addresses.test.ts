import { describe, expect, it } from 'vitest'
import { peerIdOf, toDirectMultiaddr, toRelayMultiaddr } from './addresses.ts'
import { signingKeyOf } from '@kith/protocol'

const key = signingKeyOf(new Uint8Array(32).fill(1))
const peer = peerIdOf(key)?.toString() ?? ''

describe('addresses', () => {
  it.each([
    ['ws://127.0.0.1:8080', '/ip4/127.0.0.1/tcp/8080/ws'],
    ['wss://chat.example.org', '/dns4/chat.example.org/tcp/443/wss'],
    ['ws://chat.example.org', '/dns4/chat.example.org/tcp/80/ws'],
    ['wss://chat.example.org:8443', '/dns4/chat.example.org/tcp/8443/wss'],
    ['wss://[2001:db8::1]:9000', '/ip6/2001:db8::1/tcp/9000/wss'],
    ['ws://localhost:8080', '/dns4/localhost/tcp/8080/ws'],
  ])('%s becomes %s with the relay’s peer id', (url, address) => {
    expect(toRelayMultiaddr({ key, url })?.toString()).toBe(`${address}/p2p/${peer}`)
  })

  it('a relay that cannot be dialled has no address', () => {
    expect(toRelayMultiaddr({ key, url: 'ws://127.0.0.1:8080' })).toBeDefined()
    expect(toRelayMultiaddr({ key, url: 'http://127.0.0.1:8080' })).toBeUndefined()
    expect(toRelayMultiaddr({ key, url: 'ws://127.0.0.1:99999' })).toBeUndefined()
    expect(toRelayMultiaddr({ key: key.subarray(1), url: 'ws://127.0.0.1:8080' })).toBeUndefined()
  })

  it('a peer id is made from the signing key alone', () => {
    expect(peer).toMatch(/^12D3KooW/)
    expect(peerIdOf(key)?.publicKey?.raw).toEqual(key)
  })

  it('the way to a device leads through the relay’s circuit to WebRTC', () => {
    const relay = toRelayMultiaddr({ key, url: 'ws://127.0.0.1:8080' })
    const device = peerIdOf(signingKeyOf(new Uint8Array(32).fill(2)))
    if (relay === undefined || device === undefined) throw new Error('both have an address')
    expect(toDirectMultiaddr(relay, device).toString()).toBe(`${relay.toString()}/p2p-circuit/webrtc/p2p/${device.toString()}`)
  })
})
