import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createParty, endsOf, initiated, NOW, opened, reasonOf, sealed, tryOpen } from '../../test/vectors/pair-of-devices.ts'
import { concatBytes, toHex, utf8ToBytes } from '../bytes/bytes.ts'
import { decode, encode, u16 } from '../bytes/codec.ts'
import { sign } from '../crypto/sign.ts'
import { pairing as storedPairing, prekeysRow } from '../host/records/sessions.ts'
import {
  ENVELOPE_BYTES_MAX,
  SESSION_MESSAGES_MAX,
  SESSION_MS_MAX,
  SESSIONS_PER_PAIR_MAX,
  SKIPPED_KEYS_PER_CHAIN_MAX,
  SKIPPED_KEYS_PER_PAIR_MAX,
  OLD_SESSION_MS_MAX,
} from '../limits.ts'
import { GENERATION_MAX, INITIAL_BYTES_MAX, SESSION_PLAINTEXT_BYTES_MAX, STEPS_LEFT_OUT_FREELY_MAX } from './limits.ts'
import { envelopeCodec } from './envelope.ts'
import { effortOf, skippedInPairing } from './opening.ts'
import { withSession } from './pairing-state.ts'
import { initiate, needsRekey, sealTo } from './pairing.ts'
import { initial as initialPart } from './pqxdh.ts'
import { reusableStatement } from './prekey-bundle.ts'
import { bundleOf, takeOneTime } from './prekeys.ts'
import { skippedIn } from './ratchet.ts'
import type { Party } from '../../test/vectors/pair-of-devices.ts'
import type { Session } from './pairing-state.ts'
import type { PrekeyBundle } from './prekey-bundle.ts'

const alice = createParty('alice')
const bob = createParty('bob', 2)
const mallory = createParty('mallory', 1)
const reusableBundle = bundleOf(bob.prekeys, { oneTime: undefined })
const taken = takeOneTime(bob.prekeys)
const bobWithTaken: Party = { ...bob, prekeys: taken.store }

/** Alice has written once, Bob has answered. */
function talking(): { alice: Party; bob: Party } {
  const hello = sealed(initiated(alice, bob, taken.bundle), 'hello')
  const atBob = opened(bobWithTaken, alice, hello.envelope)
  const answer = sealed(atBob.self, 'hi')
  return { alice: opened(hello.self, bob, answer.envelope).self, bob: answer.self }
}

const stateOf = ({ pairing, prekeys }: Party): string =>
  toHex(concatBytes(pairing === undefined ? new Uint8Array() : encode(storedPairing, pairing), encode(prekeysRow, prekeys)))

// An initial envelope is: tag, length (2), initial part, length (2), message.
const INITIAL_AT = 3
const initialLength = (envelope: Uint8Array): number => ((envelope[1] as number) << 8) + (envelope[2] as number)
const initialOf = (envelope: Uint8Array) => decode(initialPart, envelope.slice(INITIAL_AT, INITIAL_AT + initialLength(envelope)))

function withInitial(envelope: Uint8Array, change: Partial<ReturnType<typeof initialOf>>): Uint8Array {
  const part = encode(initialPart, { ...initialOf(envelope), ...change })
  const rest = envelope.slice(INITIAL_AT + initialLength(envelope))
  return Uint8Array.of(1, part.length >> 8, part.length & 255, ...part, ...rest)
}

describe('a session', () => {
  test.each<[string, PrekeyBundle]>([
    ['with a one-time prekey', taken.bundle],
    ['with the last resort', reusableBundle],
  ])('opens on the first message, %s, and carries text both ways', (_, bundle) => {
    const hello = sealed(initiated(alice, bob, bundle), 'hello')
    const atBob = opened(bobWithTaken, alice, hello.envelope)
    expect(atBob.text).toBe('hello')
    const answer = sealed(atBob.self, 'hi')
    const atAlice = opened(hello.self, bob, answer.envelope)
    expect(atAlice.text).toBe('hi')
    const more = sealed(atAlice.self, 'how are you')
    expect(opened(answer.self, alice, more.envelope).text).toBe('how are you')
  })

  test('repeats its initial part until the peer has answered, and no longer', () => {
    const first = sealed(initiated(alice, bob, reusableBundle), 'one')
    const second = sealed(first.self, 'two')
    expect(opened(bob, alice, second.envelope).text).toBe('two')
    const atBob = opened(opened(bob, alice, first.envelope).self, alice, second.envelope)
    const answer = sealed(atBob.self, 'hi')
    const third = sealed(opened(second.self, bob, answer.envelope).self, 'three')
    expect([first, second, third].map((item) => item.envelope[0])).toEqual([1, 1, 2])
    expect(opened(answer.self, alice, third.envelope).text).toBe('three')
  })

  test('survives being stored and loaded after every step', () => {
    const reload = (party: Party): Party => ({
      ...party,
      pairing: party.pairing && decode(storedPairing, encode(storedPairing, party.pairing)),
    })
    let { alice: a, bob: b } = talking()
    for (let i = 0; i < 6; i++) {
      const sent = sealed(reload(i % 2 === 0 ? a : b), `message ${i}`)
      const got = opened(reload(i % 2 === 0 ? b : a), i % 2 === 0 ? a : b, sent.envelope)
      expect(got.text).toBe(`message ${i}`)
      if (i % 2 === 0) [a, b] = [sent.self, got.self]
      else [a, b] = [got.self, sent.self]
    }
  })

  test('carries every message of random turns with loss and reordering', () => {
    const step = fc.record({ from: fc.constantFrom('alice' as const, 'bob' as const), delay: fc.nat(4), isLost: fc.boolean() })
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 25 }), (steps) => {
        const parties = talking()
        const travelling: { to: 'alice' | 'bob'; envelope: Uint8Array; text: string; due: number }[] = []
        const deliver = (now: number): void => {
          for (const item of travelling.filter((other) => other.due <= now)) {
            travelling.splice(travelling.indexOf(item), 1)
            const peer = parties[item.to === 'alice' ? 'bob' : 'alice']
            const got = opened(parties[item.to], peer, item.envelope)
            expect(got.text).toBe(item.text)
            parties[item.to] = got.self
            expect(reasonOf(got.self, peer, item.envelope)).toBe('used')
          }
        }
        steps.forEach(({ from, delay, isLost }, at) => {
          const text = `${from} ${at}`
          const sent = sealed(parties[from], text)
          parties[from] = sent.self
          if (!isLost) travelling.push({ to: from === 'alice' ? 'bob' : 'alice', envelope: sent.envelope, text, due: at + delay })
          deliver(at)
        })
        deliver(Number.POSITIVE_INFINITY)
      }),
      { numRuns: 25 },
    )
  })
})

describe('starting a session', () => {
  const reason = (bundle: PrekeyBundle, self = alice, peer = bob): string => {
    const initiation = initiate(self.pairing, endsOf(self, peer), bundle, { now: NOW, random: self.random })
    return initiation.kind === 'refused' ? initiation.reason : 'initiated'
  }

  test('is refused with a bundle that the device did not sign', () => {
    expect(reason(taken.bundle)).toBe('initiated')
    expect(reason({ ...taken.bundle, reusable: bundleOf(mallory.prekeys, { oneTime: undefined }).reusable })).toBe('bundle')
    expect(reason({ ...taken.bundle, oneTime: takeOneTime(mallory.prekeys).bundle.oneTime })).toBe('bundle')
  })

  test('is refused with the bundle of another device, and with oneself', () => {
    expect(reason(bundleOf(mallory.prekeys, { oneTime: undefined }))).toBe('device')
    expect(reason(taken.bundle, bob, bob)).toBe('device')
  })

  test('is refused with a bundle of which only one of the two keys is the device’s, whoever signed it', () => {
    const signedBy = (signer: Party, keys: Pick<PrekeyBundle, 'signingKey' | 'agreementKey'>): PrekeyBundle => {
      const { reusable } = reusableBundle
      const signature = sign(signer.end.device.signSeed, reusableStatement(keys, reusable))
      return { ...keys, reusable: { ...reusable, signature }, oneTime: undefined }
    }
    const { signingKey, agreementKey } = bob.end.device
    const others = mallory.end.device
    expect(reason(signedBy(bob, { signingKey, agreementKey }))).toBe('initiated')
    expect(reason(signedBy(bob, { signingKey, agreementKey: others.agreementKey }))).toBe('device')
    expect(reason(signedBy(mallory, { signingKey: others.signingKey, agreementKey }))).toBe('device')
  })

  test('is refused when no higher generation is left', () => {
    const { pairing } = initiated(alice, bob, reusableBundle)
    const [session] = pairing?.sessions ?? []
    if (session === undefined) throw new Error('no session')
    const at = (generation: number): Party => ({ ...alice, pairing: { sessions: [{ ...session, generation }] } })
    expect(reason(reusableBundle, at(GENERATION_MAX - 1))).toBe('initiated')
    expect(reason(reusableBundle, at(GENERATION_MAX))).toBe('generation')
    const last = initiated(at(GENERATION_MAX - 1), bob, reusableBundle)
    expect(reasonOf(bob, alice, sealed(last, 'the last one').envelope)).toBe('opened')
  })

  test('leaves out as many generations as it is told to', () => {
    const begin = (from: Party, leap: number): number | undefined => {
      const initiation = initiate(from.pairing, endsOf(alice, bob), reusableBundle, { now: NOW, random: alice.random, leap })
      return initiation.kind === 'initiated' ? initiation.pairing.sessions[0]?.generation : undefined
    }
    expect([begin(alice, 0), begin(alice, 5)]).toEqual([1, 6])
    expect([begin(initiated(alice, bob, reusableBundle), 0), begin(initiated(alice, bob, reusableBundle), 5)]).toEqual([2, 7])
  })

  test('comes before writing', () => {
    const parts = { now: NOW, random: alice.random }
    expect(() => sealTo(initiated(alice, bob, reusableBundle).pairing ?? { sessions: [] }, new Uint8Array(1), parts)).not.toThrow()
    expect(() => sealTo({ sessions: [] }, new Uint8Array(1), parts)).toThrow('a pairing without a session')
  })

  test('of one generation puts the one with the smaller id first, on both sides', () => {
    const [session] = initiated(alice, bob, reusableBundle).pairing?.sessions ?? []
    if (session === undefined) throw new Error('no session')
    const [a, b] = ['0a', '0b'].map((id) => ({ ...session, id })) as [Session, Session]
    const idsOf = (first: Session, second: Session) => withSession({ sessions: [first] }, second, NOW).sessions.map(({ id }) => id)
    expect([idsOf(a, b), idsOf(b, a)]).toEqual([
      ['0a', '0b'],
      ['0a', '0b'],
    ])
    expect(idsOf(a, { ...b, generation: b.generation + 1 })).toEqual(['0b', '0a'])
  })
})

describe('an initial message', () => {
  const hello = sealed(initiated(alice, bob, taken.bundle), 'hello')
  const lastResort = sealed(initiated(alice, bob, reusableBundle), 'hello')

  test('whose one-time prekey was used before is refused', () => {
    const atBob = opened(bobWithTaken, alice, hello.envelope)
    const second = sealed(initiated(createParty('alice again'), bob, taken.bundle), 'hello')
    expect(reasonOf(bobWithTaken, createParty('alice again'), second.envelope)).toBe('opened')
    expect(reasonOf({ ...atBob.self, pairing: undefined }, createParty('alice again'), second.envelope)).toBe('prekey')
  })

  test('that is replayed is refused: by the session, and by the prekeys when the session is gone', () => {
    const atBob = opened(bobWithTaken, alice, hello.envelope).self
    expect(reasonOf(atBob, alice, hello.envelope)).toBe('used')
    expect(reasonOf({ ...atBob, pairing: undefined }, alice, hello.envelope)).toBe('prekey')
    const withLastResort = opened(bob, alice, lastResort.envelope).self
    expect(reasonOf(withLastResort, alice, lastResort.envelope)).toBe('used')
    expect(reasonOf({ ...withLastResort, pairing: undefined }, alice, lastResort.envelope)).toBe('replayed')
  })

  test('with an altered KEM ciphertext, or one of the wrong length, is refused', () => {
    expect(reasonOf(bobWithTaken, alice, withInitial(hello.envelope, {}))).toBe('opened')
    const { kemCiphertext } = initialOf(hello.envelope)
    for (const at of [0, 500, 1_087]) {
      const altered = kemCiphertext.map((byte, i) => (i === at ? byte ^ 1 : byte))
      expect(reasonOf(bobWithTaken, alice, withInitial(hello.envelope, { kemCiphertext: altered }))).toBe('sealed')
    }
    const length = initialLength(hello.envelope)
    const shorter = Uint8Array.of(
      1,
      (length - 1) >> 8,
      (length - 1) & 255,
      ...hello.envelope.slice(INITIAL_AT, INITIAL_AT + length - 1),
      ...hello.envelope.slice(INITIAL_AT + length),
    )
    expect(reasonOf(bobWithTaken, alice, shorter)).toBe('malformed')
  })

  test('with a low-order, non-canonical or high-bit ephemeral key is refused', () => {
    const { ephemeral } = initialOf(hello.envelope)
    const highBit = ephemeral.map((byte, i) => (i === 31 ? byte | 0x80 : byte))
    const aboveP = Uint8Array.of(0xee, ...new Uint8Array(30).fill(0xff), 0x7f)
    for (const key of [new Uint8Array(32), Uint8Array.of(1, ...new Uint8Array(31)), highBit, aboveP]) {
      expect(reasonOf(bobWithTaken, alice, withInitial(hello.envelope, { ephemeral: key }))).toBe('prekey')
    }
  })

  test('that names another generation, prekey, suite or no one-time prekey is refused: nothing can be downgraded', () => {
    const { generation, reusable } = initialOf(hello.envelope)
    expect(reasonOf(bobWithTaken, alice, withInitial(hello.envelope, { generation: generation + 1 }))).toBe('sealed')
    expect(reasonOf(bobWithTaken, alice, withInitial(hello.envelope, { generation: 0 }))).toBe('malformed')
    expect(reasonOf(bobWithTaken, alice, withInitial(hello.envelope, { generation: GENERATION_MAX + 1 }))).toBe('malformed')
    expect(reasonOf(bobWithTaken, alice, withInitial(hello.envelope, { oneTime: undefined }))).toBe('sealed')
    expect(reasonOf(bobWithTaken, alice, withInitial(hello.envelope, { reusable: reusable + 99 }))).toBe('prekey')
    for (const suite of [0, 2, 255]) expect(reasonOf(bobWithTaken, alice, withInitial(hello.envelope, { suite }))).toBe('suite')
  })

  test('made with another view of either device list is refused, and says so', () => {
    const stale: Party = { ...bob, end: { ...bob.end, listHash: new Uint8Array(32) } }
    const toStale = sealed(initiated(alice, stale, taken.bundle), 'hello')
    expect(reasonOf(bobWithTaken, alice, toStale.envelope)).toBe('device-list')
    const renewed: Party = { ...alice, end: { ...alice.end, listHash: new Uint8Array(32) } }
    expect(reasonOf(bobWithTaken, renewed, hello.envelope)).toBe('device-list')
    expect(reasonOf(bobWithTaken, renewed, withInitial(hello.envelope, { from: new Uint8Array(32) }))).toBe('sealed')
  })

  test('presented as another device’s, or made for another account, is refused: nobody shares a key unknowingly', () => {
    const withListOfAlice: Party = { ...mallory, end: { ...mallory.end, listHash: alice.end.listHash } }
    expect(reasonOf(bobWithTaken, alice, hello.envelope)).toBe('opened')
    expect(reasonOf(bobWithTaken, withListOfAlice, hello.envelope)).toBe('sealed')
    const otherAccount: Party = { ...alice, end: { ...alice.end, account: mallory.end.account } }
    expect(reasonOf(bobWithTaken, otherAccount, hello.envelope)).toBe('sealed')
    const sameAgreementKey: Party = { ...alice, end: { ...alice.end, device: { ...alice.end.device, id: mallory.end.device.id } } }
    expect(reasonOf(bobWithTaken, sameAgreementKey, hello.envelope)).toBe('sealed')
  })

  test('reflected to its sender is refused', () => {
    const reflecting = createParty('reflecting', 1)
    const peer = createParty('peer', 1)
    const sent = sealed(initiated(reflecting, peer, takeOneTime(peer.prekeys).bundle), 'hello')
    const alone: Party = { ...sent.self, pairing: undefined, prekeys: takeOneTime(reflecting.prekeys).store }
    const swappedLists = withInitial(sent.envelope, { from: peer.end.listHash, to: reflecting.end.listHash })
    expect(reasonOf(alone, peer, sent.envelope)).toBe('device-list')
    expect(reasonOf(alone, peer, swappedLists)).toBe('sealed')
    expect(reasonOf(sent.self, peer, sent.envelope)).toBe('sealed')
  })
})

describe('an ordinary message', () => {
  test('that is replayed is refused', () => {
    const { alice: a, bob: b } = talking()
    const sent = sealed(a, 'once')
    const got = opened(b, a, sent.envelope)
    expect(reasonOf(got.self, a, sent.envelope)).toBe('used')
  })

  test('reflected to its sender is refused', () => {
    const { alice: a, bob: b } = talking()
    const sent = sealed(a, 'mine')
    expect(reasonOf(b, a, sent.envelope)).toBe('opened')
    expect(reasonOf(sent.self, b, sent.envelope)).toBe('sealed')
  })

  test('of a stranger, or noise, is refused', () => {
    const { alice: a, bob: b } = talking()
    expect(reasonOf({ ...b, pairing: undefined }, a, sealed(a, 'x').envelope)).toBe('sealed')
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (noise) => ['malformed', 'sealed'].includes(reasonOf(b, a, noise))))
  })

  test('with any byte flipped is refused and leaves the state byte-identical', () => {
    const { alice: a, bob: b } = talking()
    const sent = sealed(sealed(a, 'lost').self, 'hello')
    const before = stateOf(b)
    for (let at = 0; at < sent.envelope.length; at++) {
      expect(
        reasonOf(
          b,
          a,
          sent.envelope.map((byte, i) => (i === at ? byte ^ 1 : byte)),
        ),
        `byte ${at}`,
      ).not.toBe('opened')
    }
    expect(stateOf(b)).toBe(before)
    expect(reasonOf(b, a, sent.envelope)).toBe('opened')
  })

  test('with an initial part larger than any is malformed', () => {
    const { alice: a, bob: b } = talking()
    const withPart = (length: number): Uint8Array => Uint8Array.of(1, length >> 8, length & 255, ...new Uint8Array(length), 0, 1, 0)
    expect(reasonOf(b, a, withPart(INITIAL_BYTES_MAX))).toBe('malformed')
    expect(reasonOf(b, a, withPart(INITIAL_BYTES_MAX + 1))).toBe('malformed')
  })

  test('larger than an envelope may be is malformed', () => {
    const { alice: a, bob: b } = talking()
    const largest = sealTo(initiated(a, b, reusableBundle).pairing ?? { sessions: [] }, new Uint8Array(SESSION_PLAINTEXT_BYTES_MAX), {
      now: NOW,
      random: a.random,
    })
    expect(largest.envelope.length).toBeLessThanOrEqual(ENVELOPE_BYTES_MAX)
    expect(reasonOf(b, a, largest.envelope)).toBe('opened')
    expect(reasonOf(b, a, Uint8Array.of(...largest.envelope, ...new Uint8Array(ENVELOPE_BYTES_MAX)))).toBe('malformed')
    const withLength = (length: number) => {
      const begun = encode(envelopeCodec, { kind: 'initial', initial: new Uint8Array(1), message: new Uint8Array(0) })
      return encode(envelopeCodec, { kind: 'initial', initial: new Uint8Array(1), message: new Uint8Array(length - begun.length) })
    }
    const [full, over] = [withLength(ENVELOPE_BYTES_MAX), withLength(ENVELOPE_BYTES_MAX + 1)]
    expect([full.length, effortOf(b.pairing, full), effortOf(b.pairing, over)]).toEqual([ENVELOPE_BYTES_MAX, 'handshake', 0])
    const noise = (length: number) => Uint8Array.of(2, ...encode(u16, length - 3), ...new Uint8Array(length - 3))
    expect([reasonOf(b, a, noise(ENVELOPE_BYTES_MAX)), reasonOf(b, a, noise(ENVELOPE_BYTES_MAX + 1))]).toEqual(['sealed', 'malformed'])
    const pairing = a.pairing ?? { sessions: [] }
    expect(() => sealTo(pairing, new Uint8Array(SESSION_PLAINTEXT_BYTES_MAX + 1), { now: NOW, random: a.random })).toThrow(RangeError)
  })
})

test('an initial message with any byte flipped is refused and leaves the state byte-identical', () => {
  const hello = sealed(initiated(alice, bob, taken.bundle), 'hello')
  const before = stateOf(bobWithTaken)
  // Every byte around the KEM ciphertext, and some of it.
  const length = hello.envelope.length
  const places = Array.from({ length }, (_, at) => at).filter((at) => at < 120 || at > 1_190 || at % 97 === 0)
  for (const at of places) {
    expect(
      reasonOf(
        bobWithTaken,
        alice,
        hello.envelope.map((byte, i) => (i === at ? byte ^ 1 : byte)),
      ),
      `byte ${at}`,
    ).not.toBe('opened')
  }
  expect(stateOf(bobWithTaken)).toBe(before)
  expect(reasonOf(bobWithTaken, alice, hello.envelope)).toBe('opened')
})

describe('after a crash', () => {
  // With one keystream, the difference of two ciphertexts would be the difference of their plaintexts.
  const isOneKeystream = (a: Uint8Array, b: Uint8Array, plain: readonly [string, string]): boolean => {
    const [first, second] = plain.map(utf8ToBytes) as [Uint8Array, Uint8Array]
    const body = (envelope: Uint8Array): Uint8Array => envelope.slice(envelope.length - first.length - 16, envelope.length - 16)
    return body(a).every((byte, i) => (byte ^ (body(b)[i] as number)) === ((first[i] as number) ^ (second[i] as number)))
  }

  test('a state restored from before a message never uses a key with a nonce twice', () => {
    // In the middle of a turn, so that no new ratchet key hides the repetition.
    const middle = sealed(talking().alice, 'before').self
    const plain = ['first plaintext', 'other plaintext'] as const
    const [one, two] = [sealed(middle, plain[0]), sealed(middle, plain[1])]
    expect(isOneKeystream(one.envelope, two.envelope, plain)).toBe(false)
  })

  test('a state restored from before opening opens the same message again and goes on', () => {
    const { alice: a, bob: b } = talking()
    const sent = sealed(a, 'hello')
    expect(opened(b, a, sent.envelope).text).toBe('hello')
    const again = opened(b, a, sent.envelope)
    const next = sealed(again.self, 'answer')
    expect(opened(sent.self, b, next.envelope).text).toBe('answer')
  })
})

describe('the life of a session', () => {
  test('ends for writing after 7 days or 1,000 messages', () => {
    const { alice: a } = talking()
    const pairing = a.pairing ?? { sessions: [] }
    expect(needsRekey({ sessions: [] }, NOW)).toBe(true)
    expect(needsRekey(pairing, NOW + SESSION_MS_MAX - 1)).toBe(false)
    expect(needsRekey(pairing, NOW + SESSION_MS_MAX)).toBe(true)
    expect(needsRekey(pairing, NOW - SESSION_MS_MAX)).toBe(true)
    const counted = (messages: number) => ({ sessions: pairing.sessions.map((session) => ({ ...session, messages })) })
    expect(needsRekey(counted(SESSION_MESSAGES_MAX - 1), NOW)).toBe(false)
    expect(needsRekey(counted(SESSION_MESSAGES_MAX), NOW)).toBe(true)
  })

  test('counts messages in both directions', () => {
    const { alice: a, bob: b } = talking()
    expect([a, b].map((party) => party.pairing?.sessions[0]?.messages)).toEqual([2, 2])
  })

  test('that nobody answers goes on being written to: the peer may only be away', () => {
    const waiting = initiated(alice, bob, reusableBundle)
    const late = sealed(waiting, 'after a long time')
    expect(opened(bob, alice, late.envelope, NOW + 2 * OLD_SESSION_MS_MAX).text).toBe('after a long time')
  })

  test('is over for reading too when it is 30 days old and a new one begins', () => {
    const { alice: a, bob: b } = talking()
    const late = sealed(a, 'late')
    const sessionsAt = (now: number): number => {
      const next = sealed(initiated(late.self, b, bundleOf(b.prekeys, { oneTime: undefined }), now), 'next')
      return opened(b, next.self, next.envelope, now).self.pairing?.sessions.length ?? 0
    }
    expect(sessionsAt(NOW + OLD_SESSION_MS_MAX - 1)).toBe(2)
    expect(sessionsAt(NOW + OLD_SESSION_MS_MAX)).toBe(1)
  })

  test('together with the others of its pair holds 2,000 skipped keys, those of the preferred session first', () => {
    let [from, to] = [alice, bob]
    for (let i = 0; i < 3; i++) {
      from = initiated(from, to, bundleOf(to.prekeys, { oneTime: undefined }))
      for (let lost = 0; lost < SKIPPED_KEYS_PER_CHAIN_MAX; lost++) from = sealed(from, 'lost').self
      const last = sealed(from, 'last')
      from = last.self
      to = opened(to, from, last.envelope).self
    }
    const held = to.pairing?.sessions.map((session) => skippedIn(session.ratchet)) ?? []
    expect(held.reduce((sum, count) => sum + count, 0)).toBe(SKIPPED_KEYS_PER_PAIR_MAX)
    expect(held).toEqual([SKIPPED_KEYS_PER_CHAIN_MAX, SKIPPED_KEYS_PER_CHAIN_MAX, 0])
  })

  test('a new session takes over, and messages of the old ones still open, up to five', () => {
    const { alice: a, bob: b } = talking()
    let [from, to] = [a, b]
    const late = sealed(from, 'late')
    from = late.self
    for (let i = 1; i < SESSIONS_PER_PAIR_MAX; i++) {
      const rekeyed = sealed(initiated(from, to, bundleOf(to.prekeys, { oneTime: undefined }), NOW + i), `session ${i}`)
      from = rekeyed.self
      const got = opened(to, from, rekeyed.envelope, NOW + i)
      expect(got.text).toBe(`session ${i}`)
      to = got.self
    }
    expect(to.pairing?.sessions).toHaveLength(SESSIONS_PER_PAIR_MAX)
    expect(to.pairing?.sessions.map((session) => session.id)).toEqual(from.pairing?.sessions.map((session) => session.id))
    expect(reasonOf(to, from, late.envelope)).toBe('opened')
    const sixth = sealed(initiated(from, to, bundleOf(to.prekeys, { oneTime: undefined })), 'sixth')
    const got = opened(to, from, sixth.envelope)
    expect(got.self.pairing?.sessions).toHaveLength(SESSIONS_PER_PAIR_MAX)
    expect(reasonOf(got.self, from, late.envelope)).toBe('sealed')
    expect(tryOpen(got.self, sixth.self, sealed(sixth.self, 'goes on').envelope).kind).toBe('opened')
  })
})

describe('to judge an envelope costs', () => {
  test('as much as a handshake where it begins a session which is not known, and nothing when it is', () => {
    const hello = sealed(initiated(alice, bob, reusableBundle), 'hello')
    expect(effortOf(undefined, hello.envelope)).toBe('handshake')
    expect(effortOf(talking().bob.pairing, hello.envelope), 'of another session').toBe('handshake')
    expect(effortOf(opened(bob, alice, hello.envelope).self.pairing, sealed(hello.self, 'again').envelope)).toBe(0)
  })

  test('the steps that it leaves out, and as much as a handshake for more than are free', () => {
    const { alice: a, bob: b } = talking()
    let at = a
    for (let lost = 0; lost < STEPS_LEFT_OUT_FREELY_MAX; lost++) at = sealed(at, 'lost').self
    const allowed = sealed(at, 'x')
    expect(effortOf(b.pairing, allowed.envelope)).toBe(STEPS_LEFT_OUT_FREELY_MAX)
    expect(skippedInPairing(opened(b, alice, allowed.envelope).self.pairing)).toBe(STEPS_LEFT_OUT_FREELY_MAX)
    expect(effortOf(b.pairing, sealed(allowed.self, 'x').envelope)).toBe('handshake')
  })

  test('nothing where nobody can have written it, or it is none', () => {
    const { alice: a, bob: b } = talking()
    const { envelope } = sealed(a, 'x')
    expect(
      effortOf(
        b.pairing,
        envelope.map((byte, at) => (at === 40 ? byte ^ 1 : byte)),
      ),
    ).toBe(0)
    expect(effortOf(b.pairing, Uint8Array.of(7))).toBe(0)
  })
})
