import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { seededRandom } from '../../test/vectors/seeded-random.ts'
import { decode, encode } from '../bytes/codec.ts'
import { chainIdOf, deviceIdOf } from '../bytes/ids.ts'
import { ownChain, receivedChain } from '../host/records/sessions.ts'
import { CHAIN_MESSAGES_MAX, CHAIN_RENEWAL_MESSAGES, CHAIN_RENEWAL_MS, CHAINS_PER_DEVICE_MAX } from '../limits.ts'
import {
  acceptHandout,
  chainDue,
  chainHandout,
  createChain,
  followingChain,
  forgetBefore,
  handoutOf,
  keptOf,
  keyAt,
  nextKey,
  pastStep,
  withChain,
} from './sender-chain.ts'
import type { ChainHandout, OwnChain, ReceivedChain } from './sender-chain.ts'

const random = seededRandom('sender chains')
const alice = deviceIdOf(new Uint8Array(32).fill(1))
const mallory = deviceIdOf(new Uint8Array(32).fill(2))
const created = 1_000_000

function keysOf(own: OwnChain, count: number): { readonly own: OwnChain; readonly keys: readonly Uint8Array[] } {
  const keys: Uint8Array[] = []
  let at = own
  for (let i = 0; i < count; i++) {
    const next = nextKey(at)
    keys.push(next.messageKey)
    at = next.own
  }
  return { own: at, keys }
}

function received(handout: ChainHandout): ReceivedChain {
  const acceptance = acceptHandout(undefined, handout, alice)
  if (acceptance.kind === 'refused') throw new Error(acceptance.reason)
  return acceptance.received
}

const outcome = (held: ReceivedChain | undefined, handout: ChainHandout, owner = alice): string => {
  const acceptance = acceptHandout(held, handout, owner)
  return acceptance.kind === 'accepted' ? 'accepted' : acceptance.reason
}

describe('a sender chain', () => {
  test('gives owner and receiver the same key for every step, in any order, each key once', () => {
    const chain = createChain({ now: created, random })
    const { keys } = keysOf(chain, 30)
    const steps = fc.shuffledSubarray(keys.map((_, step) => step))
    fc.assert(
      fc.property(steps, (order) => {
        let held = received(handoutOf(chain))
        for (const step of order) {
          const found = keyAt(held, step)
          if (found.kind === 'refused') throw new Error(found.reason)
          expect(found.key).toEqual(keys[step])
          held = decode(receivedChain, encode(receivedChain, found.received))
          expect(keyAt(held, step)).toEqual({ kind: 'refused', reason: 'used' })
        }
      }),
      { numRuns: 30 },
    )
  })

  test('never gives a key twice and keeps its id', () => {
    const chain = createChain({ now: created, random })
    const { own, keys } = keysOf(chain, CHAIN_MESSAGES_MAX)
    expect(new Set(keys.map(String)).size).toBe(CHAIN_MESSAGES_MAX)
    expect(own.chain).toBe(chain.chain)
    expect(decode(ownChain, encode(ownChain, own))).toEqual(own)
  })

  test('handed out late opens nothing from before', () => {
    const chain = createChain({ now: created, random })
    const { own, keys } = keysOf(chain, 5)
    const held = received(decode(chainHandout, encode(chainHandout, handoutOf(own))))
    expect(keyAt(held, 4)).toEqual({ kind: 'refused', reason: 'used' })
    expect(keyAt(held, 5)).toMatchObject({ kind: 'key', key: nextKey(own).messageKey })
    expect(keys.map(String)).not.toContain(String(held.key))
  })

  test('is due after 50 messages, after 12 hours, and when the clock went back behind its beginning', () => {
    const chain = createChain({ now: created, random })
    const isDue = (own: OwnChain, now: number, isAlone = false) => chainDue(own, { now, isAlone })
    expect(isDue(chain, created + CHAIN_RENEWAL_MS - 1)).toBe(false)
    expect(isDue(chain, created + CHAIN_RENEWAL_MS)).toBe(true)
    expect(isDue(chain, created - 1)).toBe(true)
    const { own } = keysOf(chain, CHAIN_RENEWAL_MESSAGES - 1)
    expect(isDue(own, created)).toBe(false)
    expect(isDue(nextKey(own).own, created)).toBe(true)
  })

  test('of somebody who is alone is due when it is used up', () => {
    const { own } = keysOf(createChain({ now: created, random }), CHAIN_MESSAGES_MAX - 1)
    expect(chainDue(own, { now: created + 2 * CHAIN_RENEWAL_MS, isAlone: true })).toBe(false)
    expect(chainDue(nextKey(own).own, { now: created, isAlone: true })).toBe(true)
    expect(chainDue(own, { now: created - 1, isAlone: true })).toBe(true)
  })

  test('that follows another has keys in it that others handed over: the same random numbers do not give the same chain', () => {
    const following = (chains: readonly ReceivedChain[]) => followingChain({ now: created, random: seededRandom('foreseen') }, chains)
    const [before, later] = [0, 1].map(() => received(handoutOf(createChain({ now: created, random })))) as [ReceivedChain, ReceivedChain]
    const keys = [[], [before], [later], [before, later], [later, before]].map((chains) => String(following(chains).key))
    expect(new Set(keys).size).toBe(5)
    expect(following([later])).toEqual(following([later]))
    expect(following([])).toEqual(createChain({ now: created, random: seededRandom('foreseen') }))
    expect(following([later])).toMatchObject({ step: 0, created })
  })

  test('that is used up gives no more keys', () => {
    const { own } = keysOf(createChain({ now: created, random }), CHAIN_MESSAGES_MAX)
    expect(() => nextKey(own)).toThrow(RangeError)
  })
})

describe('a handout', () => {
  const chain = createChain({ now: created, random })
  const { own: later } = keysOf(chain, 3)
  const held = received(handoutOf(later))

  test('is accepted again, in its first and in a later state, and changes nothing', () => {
    const advanced = keyAt(held, 6)
    if (advanced.kind === 'refused') throw new Error(advanced.reason)
    for (const handout of [handoutOf(later), handoutOf(keysOf(chain, 5).own), handoutOf(keysOf(chain, 20).own)]) {
      const acceptance = acceptHandout(advanced.received, handout, alice)
      expect(acceptance.kind === 'accepted' && acceptance.received).toBe(advanced.received)
    }
  })

  test('of a chain by somebody who does not own it is refused', () => {
    expect(outcome(held, handoutOf(later), alice)).toBe('accepted')
    expect(outcome(held, handoutOf(later), mallory)).toBe('not-owner')
  })

  test('under the same id with another key is refused, at an earlier, the same and a later step', () => {
    for (const step of [1, 3, 9]) expect(outcome(held, { ...handoutOf(later), step, key: new Uint8Array(32).fill(9) })).toBe('other-key')
  })

  test('that goes back behind the first handed out step is refused', () => {
    expect(outcome(held, handoutOf(later))).toBe('accepted')
    expect(outcome(held, handoutOf(chain))).toBe('rewound')
  })

  test('of another chain does not replace this one', () => {
    expect(outcome(held, { ...handoutOf(later), chain: chainIdOf(new Uint8Array(16)) })).toBe('other-chain')
  })

  test('beyond the end of any chain has expired, and so has a key there', () => {
    expect(outcome(undefined, { ...handoutOf(later), step: CHAIN_MESSAGES_MAX - 1 })).toBe('accepted')
    expect(outcome(undefined, { ...handoutOf(later), step: CHAIN_MESSAGES_MAX })).toBe('expired')
    expect(keyAt(held, CHAIN_MESSAGES_MAX - 1).kind).toBe('key')
    expect(keyAt(held, CHAIN_MESSAGES_MAX)).toEqual({ kind: 'refused', reason: 'expired' })
    expect(keyAt(held, 0xffff_ffff)).toEqual({ kind: 'refused', reason: 'expired' })
  })
})

test('the newest chains of a device are kept, and an update stays in its place', () => {
  const chains = Array.from({ length: CHAINS_PER_DEVICE_MAX + 1 }, () => received(handoutOf(createChain({ now: created, random }))))
  const kept = chains.reduce<readonly ReceivedChain[]>(withChain, [])
  expect(kept.map((chain) => chain.chain)).toEqual(
    chains
      .slice(1)
      .reverse()
      .map((chain) => chain.chain),
  )
  const oldest = kept[CHAINS_PER_DEVICE_MAX - 1] as ReceivedChain
  const used = { ...oldest, step: 9 }
  expect(withChain(kept, used)).toEqual([...kept.slice(0, -1), used])
})

describe('a chain whose disk was replaced by an older one', () => {
  test('goes on behind the last step that was used, and gives no key of before', () => {
    const chain = createChain({ now: created, random })
    const { keys } = keysOf(chain, 10)
    const { own } = keysOf(chain, 3)
    for (const step of [3, 4, 7]) {
      const { own: after, messageKey, step: next } = nextKey(pastStep(own, step))
      expect([next, after.step]).toEqual([step + 1, step + 2])
      expect(messageKey).toEqual(keys[step + 1])
    }
    for (const step of [0, 2]) expect(pastStep(own, step)).toBe(own)
  })

  test('is forgotten up to a step, from which on it opens what it did', () => {
    const chain = createChain({ now: created, random })
    const { keys } = keysOf(chain, 10)
    const kept = keptOf(keysOf(chain, 2).own, alice)
    const read = keyAt(kept, 5)
    if (read.kind === 'refused') throw new Error(read.reason)
    const forgotten = forgetBefore(read.received, 8)
    for (const step of [2, 4, 7]) expect(keyAt(forgotten, step)).toEqual({ kind: 'refused', reason: 'used' })
    for (const step of [8, 9]) expect(keyAt(forgotten, step)).toMatchObject({ kind: 'key', key: keys[step] })
    // Up to where it stands it keeps what was skipped: entries that are on their way still open.
    for (const step of [3, 6]) expect(keyAt(forgetBefore(read.received, step), 4)).toMatchObject({ kind: 'key', key: keys[4] })
  })
})
