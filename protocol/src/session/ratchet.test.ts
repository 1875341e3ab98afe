import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { seededRandom } from '../../test/vectors/seeded-random.ts'
import { toHex, utf8ToBytes } from '../bytes/bytes.ts'
import { decode, encode } from '../bytes/codec.ts'
import { ratchet } from '../host/records/sessions.ts'
import { agreementKeyOf } from '../crypto/agree.ts'
import { FORWARD_JUMP_MAX, OLD_RATCHET_CHAINS_MAX, SKIPPED_KEYS_PER_CHAIN_MAX, SKIPPED_KEYS_PER_PAIR_MAX } from '../limits.ts'
import { kithProfile } from './kith-profile.ts'
import { openRatchet, sealRatchet, skippedIn, startAsInitiator, startAsResponder, stepsBefore, trimSkipped } from './ratchet.ts'
import type { Ratchet } from './ratchet-state.ts'

const random = seededRandom('ratchet')
const associated = new Uint8Array(32).fill(7)
const secret = random(32)
const start = { root: random(32), initiatorHeader: random(32), responderHeader: random(32) }
const alice = startAsInitiator(start, agreementKeyOf(secret))
const bob = startAsResponder(start, { secret, publicKey: agreementKeyOf(secret) })

function seal(ratchet: Ratchet, text: string): { readonly ratchet: Ratchet; readonly message: Uint8Array } {
  return sealRatchet(kithProfile, ratchet, { plaintext: utf8ToBytes(text), associated, random })
}

/** The state after `count` messages that nobody gets. */
function sealAndLose(ratchet: Ratchet, count: number): Ratchet {
  let at = ratchet
  for (let i = 0; i < count; i++) at = seal(at, 'lost').ratchet
  return at
}

const open = (ratchet: Ratchet, message: Uint8Array) => openRatchet(kithProfile, ratchet, { message, associated })

function opened(ratchet: Ratchet, message: Uint8Array): Ratchet {
  const opening = open(ratchet, message)
  if (opening.kind === 'refused') throw new Error(opening.reason)
  return opening.ratchet
}

const outcome = (ratchet: Ratchet, message: Uint8Array): string => {
  const opening = open(ratchet, message)
  return opening.kind === 'opened' ? 'opened' : opening.reason
}

/** Alice writes, Bob answers, so that both have a chain. */
function turned(): { readonly alice: Ratchet; readonly bob: Ratchet } {
  const hello = seal(alice, 'hello')
  const answer = seal(opened(bob, hello.message), 'hi')
  return { alice: opened(hello.ratchet, answer.message), bob: answer.ratchet }
}

describe('skipped messages', () => {
  test('a jump of 2,000 is followed, one of 2,001 refused', () => {
    const at = sealAndLose(alice, FORWARD_JUMP_MAX)
    const allowed = seal(at, 'x')
    const beyond = seal(allowed.ratchet, 'x')
    expect(outcome(bob, allowed.message)).toBe('opened')
    expect(outcome(bob, beyond.message)).toBe('jump')
    expect(outcome(opened(bob, allowed.message), beyond.message)).toBe('opened')
  })

  test('a jump at the end of the peer’s last chain is bounded too', () => {
    const { alice: a, bob: b } = turned()
    const first = seal(a, 'first of a new chain')
    const answer = seal(opened(b, first.message), 'answer')
    for (const [count, expected] of [
      [FORWARD_JUMP_MAX, 'opened'],
      [FORWARD_JUMP_MAX + 1, 'jump'],
    ] as const) {
      // Bob has the beginning of Alice's chain and loses its end. His answer makes her begin another one, which tells how long the old one was.
      const next = seal(opened(sealAndLose(first.ratchet, count), answer.message), 'next')
      expect(next.ratchet.previous).toBe(1 + count)
      expect(outcome(answer.ratchet, next.message)).toBe(expected)
    }
  })

  test('are counted before any of their keys is made, at the end of the last chain as well', () => {
    const { alice: a, bob: b } = turned()
    const steps = (ratchet: Ratchet, message: Uint8Array): number => stepsBefore(kithProfile, ratchet, message)
    const first = seal(a, 'first of a new chain')
    expect(steps(b, seal(sealAndLose(a, 7), 'the eighth').message)).toBe(7)
    const heard = opened(b, first.message)
    expect(steps(heard, seal(sealAndLose(first.ratchet, 5), 'x').message)).toBe(5)
    expect(steps(heard, first.message)).toBe(0)
    const answer = seal(heard, 'answer')
    const turn = opened(sealAndLose(first.ratchet, 30), answer.message)
    expect(steps(answer.ratchet, seal(sealAndLose(turn, 3), 'x').message)).toBe(30 + 3)
  })

  test('1,000 keys are kept in each chain, the newest ones', () => {
    const early = seal(alice, 'early')
    const beforeLast = sealAndLose(early.ratchet, SKIPPED_KEYS_PER_CHAIN_MAX - 1)
    const second = seal(beforeLast, 'second')
    const within = opened(bob, seal(beforeLast, 'x').message)
    expect(skippedIn(within)).toBe(SKIPPED_KEYS_PER_CHAIN_MAX)
    expect(outcome(within, early.message)).toBe('opened')
    const beyond = opened(bob, seal(second.ratchet, 'x').message)
    expect(skippedIn(beyond)).toBe(SKIPPED_KEYS_PER_CHAIN_MAX)
    expect(outcome(beyond, early.message)).toBe('used')
    expect(outcome(beyond, second.message)).toBe('opened')
  })

  test('2,000 keys are kept over all chains, and 5 old chains', () => {
    let { alice: a, bob: b } = turned()
    const firstOfTurn: Uint8Array[] = []
    for (let turn = 0; turn < OLD_RATCHET_CHAINS_MAX + 2; turn++) {
      const first = seal(a, `first of ${turn}`)
      firstOfTurn.push(first.message)
      const last = seal(sealAndLose(first.ratchet, 449), 'last')
      b = opened(b, last.message)
      expect(b.receiving.length).toBeLessThanOrEqual(1 + OLD_RATCHET_CHAINS_MAX)
      expect(skippedIn(b)).toBeLessThanOrEqual(SKIPPED_KEYS_PER_PAIR_MAX)
      const answer = seal(b, 'answer')
      b = answer.ratchet
      a = opened(last.ratchet, answer.message)
    }
    expect(skippedIn(b)).toBe(SKIPPED_KEYS_PER_PAIR_MAX)
    const readable = firstOfTurn.map((message) => outcome(b, message))
    expect(readable.filter((result) => result === 'opened')).toHaveLength(4)
    expect(readable.slice(-4)).toEqual(['opened', 'opened', 'opened', 'opened'])
    expect(decode(ratchet, encode(ratchet, b))).toEqual(b)
  })

  test('5 old chains are kept, however little was skipped in them', () => {
    let { alice: a, bob: b } = turned()
    const firstOfTurn: Uint8Array[] = []
    for (let turn = 0; turn < OLD_RATCHET_CHAINS_MAX + 3; turn++) {
      const first = seal(a, 'skipped')
      const second = seal(first.ratchet, 'arrives')
      firstOfTurn.push(first.message)
      const answer = seal(opened(b, second.message), 'answer')
      b = answer.ratchet
      a = opened(second.ratchet, answer.message)
    }
    expect(b.receiving).toHaveLength(1 + OLD_RATCHET_CHAINS_MAX)
    const readable = firstOfTurn.map((message) => outcome(b, message) === 'opened')
    expect(readable).toEqual([false, false, ...Array.from({ length: 1 + OLD_RATCHET_CHAINS_MAX }, () => true)])
  })

  test('within a chain the oldest keys are let go first', () => {
    const b = opened(bob, seal(sealAndLose(alice, 10), 'x').message)
    expect(trimSkipped(b, 4).receiving[0]?.skipped.map((item) => item.step)).toEqual([6, 7, 8, 9])
    expect(trimSkipped(b, 10)).toEqual(b)
  })
})

describe('keys', () => {
  test('are gone once they were used', () => {
    const lost = seal(alice, 'lost')
    const next = seal(lost.ratchet, 'next')
    const afterNext = opened(bob, next.message)
    const afterBoth = opened(afterNext, lost.message)
    expect(outcome(afterBoth, next.message)).toBe('used')
    expect(outcome(afterBoth, lost.message)).toBe('used')
    expect(skippedIn(afterBoth)).toBe(0)
  })

  test('of a chain that is over are gone, and so is our ratchet secret once it was answered', () => {
    const { alice: a, bob: b } = turned()
    expect(a.ours).toBeUndefined()
    const next = opened(b, seal(a, 'x').message)
    expect(next.ours).toBeUndefined()
    expect(next.receiving).toHaveLength(1)
    const state = toHex(encode(ratchet, next))
    expect(b.ours && state.includes(toHex(b.ours.secret))).toBe(false)
    expect(state.includes(toHex(b.root))).toBe(false)
  })

  test('of every message differ', () => {
    let at = turned().alice
    const bodies = new Set<string>()
    for (let i = 0; i < 20; i++) {
      const sent = seal(at, 'the same text')
      bodies.add(toHex(sent.message.slice(80)))
      at = sent.ratchet
    }
    expect(bodies.size).toBe(20)
  })
})

describe('refusals', () => {
  test('leave the state byte-identical, whatever was flipped', () => {
    const { alice: a, bob: b } = turned()
    const { message } = seal(sealAndLose(a, 3), 'hello')
    const before = toHex(encode(ratchet, b))
    for (let at = 0; at < message.length; at++) {
      expect(
        outcome(
          b,
          message.map((byte, i) => (i === at ? byte ^ 1 : byte)),
        ),
      ).toBe('sealed')
    }
    expect(toHex(encode(ratchet, b))).toBe(before)
    expect(outcome(b, message)).toBe('opened')
  })

  test('a message under other associated data does not open', () => {
    const { message } = seal(alice, 'x')
    expect(openRatchet(kithProfile, bob, { message, associated }).kind).toBe('opened')
    expect(openRatchet(kithProfile, bob, { message, associated: new Uint8Array(32) })).toEqual({ kind: 'refused', reason: 'sealed' })
  })

  test('a low-order ratchet key from the peer itself is refused', () => {
    const { bob: b } = turned()
    const lowOrder = (key: Uint8Array): Uint8Array =>
      kithProfile.seal({
        messageKey: new Uint8Array(32),
        headerKey: b.nextReceivingHeader,
        header: { ratchetKey: key, previous: 0, step: 0 },
        plaintext: utf8ToBytes('x'),
        associated,
        random,
      })
    for (const key of [new Uint8Array(32), Uint8Array.of(1, ...new Uint8Array(31)), new Uint8Array(32).fill(255)]) {
      expect(outcome(b, lowOrder(key))).toBe('sealed')
    }
  })

  test('a header that names another ratchet key than its chain has is refused', () => {
    const first = seal(alice, 'x')
    const b = opened(bob, first.message)
    const { sending, ours } = first.ratchet
    if (sending === undefined || ours === undefined) throw new Error('Alice has no chain')
    const withKey = (ratchetKey: Uint8Array, step = sending.next): Uint8Array =>
      kithProfile.seal({
        messageKey: kithProfile.chainStep(sending.key).messageKey,
        headerKey: sending.headerKey,
        header: { ratchetKey, previous: 0, step },
        plaintext: utf8ToBytes('x'),
        associated,
        random,
      })
    expect(outcome(b, withKey(ours.publicKey))).toBe('opened')
    expect(outcome(b, withKey(agreementKeyOf(secret)))).toBe('sealed')
    // No step is gone to find that out.
    const stepsTo = (ratchetKey: Uint8Array): number => stepsBefore(kithProfile, b, withKey(ratchetKey, sending.next + 7))
    expect([stepsTo(ours.publicKey), stepsTo(agreementKeyOf(secret))]).toEqual([7, 0])
  })

  test('the side that was never written to cannot write', () => {
    expect(() => seal(bob, 'x')).toThrow()
  })
})

test('every message of random turns opens once, however they are lost and reordered', () => {
  const step = fc.record({ from: fc.constantFrom('a' as const, 'b' as const), delay: fc.nat(8), isLost: fc.boolean() })
  fc.assert(
    fc.property(fc.array(step, { minLength: 5, maxLength: 60 }), (steps) => {
      const { alice: a, bob: b } = turned()
      const state = { a, b }
      const travelling: { readonly to: 'a' | 'b'; readonly message: Uint8Array; readonly text: string; readonly due: number }[] = []
      const deliver = (now: number): void => {
        for (const item of travelling.filter((other) => other.due <= now)) {
          travelling.splice(travelling.indexOf(item), 1)
          const opening = open(state[item.to], item.message)
          if (opening.kind === 'refused') throw new Error(opening.reason)
          expect(opening.plaintext).toEqual(utf8ToBytes(item.text))
          state[item.to] = decode(ratchet, encode(ratchet, opening.ratchet))
          expect(outcome(state[item.to], item.message)).toBe('used')
        }
      }
      steps.forEach(({ from, delay, isLost }, at) => {
        const sent = seal(state[from], `${from} ${at}`)
        state[from] = sent.ratchet
        if (!isLost) travelling.push({ to: from === 'a' ? 'b' : 'a', message: sent.message, text: `${from} ${at}`, due: at + delay })
        deliver(at)
      })
      deliver(Number.POSITIVE_INFINITY)
    }),
    { numRuns: 40 },
  )
})
