import { beforeAll, describe, expect, it } from 'vitest'
import { generateKeyPair } from '@libp2p/crypto/keys'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import { streamPair } from '@libp2p/utils'
import { deviceIdOf } from '@kith/protocol'
import { HandshakeError, openNoise, prologueOf } from './noise-stream.ts'
import type { Ed25519PrivateKey, MessageStream } from '@libp2p/interface'
import type { NoiseOptions } from './noise-stream.ts'

const [one, two, three] = [1, 2, 3].map((n) => deviceIdOf(new Uint8Array(32).fill(n))) as [never, never, never]
let alice: Ed25519PrivateKey
let bob: Ed25519PrivateKey
let mallory: Ed25519PrivateKey

beforeAll(async () => {
  ;[alice, bob, mallory] = await Promise.all([generateKeyPair('Ed25519'), generateKeyPair('Ed25519'), generateKeyPair('Ed25519')])
})

type Changed = Partial<Pick<NoiseOptions, 'privateKey' | 'prologue' | 'remotePeer'>>

/** Both sides at once; each with what it was given instead of the truth. */
async function shake(opener: Changed, answerer: Changed): Promise<PromiseSettledResult<MessageStream>[]> {
  const [outbound, inbound] = await streamPair()
  const shared = { logger: { forComponent: () => outbound.log }, prologue: prologueOf(one, two), signal: AbortSignal.timeout(2_000) }
  return Promise.allSettled([
    openNoise({ ...shared, stream: outbound, privateKey: alice, remotePeer: peerIdFromPrivateKey(bob), side: 'opener', ...opener }),
    openNoise({ ...shared, stream: inbound, privateKey: bob, remotePeer: peerIdFromPrivateKey(alice), side: 'answerer', ...answerer }),
  ])
}

const refusals = (results: readonly PromiseSettledResult<MessageStream>[]): readonly boolean[] =>
  results.map((result) => result.status === 'rejected' && result.reason instanceof HandshakeError)

describe('Noise inside the stream', () => {
  it('opens between two devices that expect each other, and carries bytes', async () => {
    const [opened, answered] = await shake({}, {})
    if (opened?.status !== 'fulfilled' || answered?.status !== 'fulfilled') throw new Error('both sides open')
    const arrived = new Promise<Uint8Array>((resolve) => answered.value.addEventListener('message', ({ data }) => resolve(data.subarray())))
    opened.value.send(Uint8Array.of(1, 2, 3))
    expect(await arrived).toEqual(Uint8Array.of(1, 2, 3))
  })

  it('refuses an opener with another key', async () => {
    const results = await shake({ privateKey: mallory }, {})
    expect(refusals(results)[1]).toBe(true)
  })

  it('refuses an answerer with another key', async () => {
    const results = await shake({}, { privateKey: mallory })
    expect(refusals(results)[0]).toBe(true)
  })

  it('refuses a handshake that was meant for another pair of devices', async () => {
    expect(refusals(await shake({}, { prologue: prologueOf(one, three) }))).toEqual([true, true])
  })

  it('has the same prologue on both sides', () => {
    expect(prologueOf(one, two)).toEqual(prologueOf(two, one))
    expect(prologueOf(one, two)).not.toEqual(prologueOf(one, three))
  })
})
