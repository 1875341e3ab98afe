import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createParty, endsOf, initiated, NOW, opened, reasonOf, sealed } from '../../test/vectors/pair-of-devices.ts'
import { seededRandom } from '../../test/vectors/seeded-random.ts'
import { createThief } from '../../test/vectors/thief.ts'
import { concatBytes, toHex } from '../bytes/bytes.ts'
import { decode, encode } from '../bytes/codec.ts'
import { encapsulate, KEM_CIPHERTEXT_BYTES, KEM_PUBLIC_BYTES, kemKeysOf } from '../crypto/kem.ts'
import { pairing as storedPairing, prekeysRow } from '../host/records/sessions.ts'
import { ENVELOPE_BYTES_MAX, HEALING_MS } from '../limits.ts'
import { answerSecret, healOnOpen, isEmptyAnswer } from './healed.ts'
import { healingPart, healOnSeal } from './healing.ts'
import { EMPTY_ANSWER_BYTES, HEALING_OFFERS_MAX, OFFERED_PLAINTEXT_BYTES_MAX, SESSION_PLAINTEXT_BYTES_MAX } from './limits.ts'
import { effortOf, unanswered } from './opening.ts'
import { offersHealing, sealTo } from './pairing.ts'
import { bundleOf, takeOneTime } from './prekeys.ts'
import type { Party } from '../../test/vectors/pair-of-devices.ts'
import type { Healing, HealingPart } from './healing-state.ts'
import type { Session } from './pairing-state.ts'
import type { Thief } from '../../test/vectors/thief.ts'

type Name = 'alice' | 'bob'
type Parties = Record<Name, Party>

const other = (name: Name): Name => (name === 'alice' ? 'bob' : 'alice')

/** Both have written, and Alice's turn has come. */
function talking(seed = ''): Parties {
  const [alice, bob] = [createParty(`alice${seed}`), createParty(`bob${seed}`, 1)]
  const { store, bundle } = takeOneTime(bob.prekeys)
  const hello = sealed(initiated(alice, bob, bundle), 'hello')
  const atBob = opened({ ...bob, prekeys: store }, alice, hello.envelope)
  const answer = sealed(atBob.self, 'hi')
  return { alice: opened(hello.self, bob, answer.envelope).self, bob: answer.self }
}

function send(parties: Parties, from: Name, { offers = false, text = 'text' } = {}): Uint8Array {
  const sent = sealed(parties[from], text, { offers })
  parties[from] = sent.self
  return sent.envelope
}

function receive(parties: Parties, to: Name, envelope: Uint8Array): string {
  const got = opened(parties[to], parties[other(to)], envelope)
  parties[to] = got.self
  return got.text
}

const give = (parties: Parties, from: Name, options?: Parameters<typeof send>[2]): string =>
  receive(parties, other(from), send(parties, from, options))

const reason = (parties: Parties, to: Name, envelope: Uint8Array): string => reasonOf(parties[to], parties[other(to)], envelope)

function sessionOf({ pairing }: Party): Session {
  const [session] = pairing?.sessions ?? []
  return session ?? expect.fail('no session')
}

const stateOf = ({ pairing, prekeys }: Party): string =>
  toHex(concatBytes(pairing === undefined ? new Uint8Array() : encode(storedPairing, pairing), encode(prekeysRow, prekeys)))

const HEALING = 3
const NONE_YET = { healed: NOW, offers: 0, seed: undefined, theirs: undefined, answered: 0, answer: undefined }
const partLength = ({ answer, offer }: HealingPart): number =>
  2 + (answer === undefined ? 0 : 4 + KEM_CIPHERTEXT_BYTES) + (offer === undefined ? 0 : 4 + KEM_PUBLIC_BYTES)

function partOf(envelope: Uint8Array): HealingPart {
  expect(envelope[0]).toBe(HEALING)
  // Without an initial part.
  expect(envelope[1]).toBe(0)
  const answer = envelope[2] === 1 ? 4 + KEM_CIPHERTEXT_BYTES : 0
  const offer = envelope[3 + answer] === 1 ? 4 + KEM_PUBLIC_BYTES : 0
  return decode(healingPart, envelope.slice(2, 4 + answer + offer))
}

/** The same message with another part, or with none. */
function withPart(envelope: Uint8Array, part: HealingPart | undefined): Uint8Array {
  const message = envelope.slice(2 + partLength(partOf(envelope)))
  return part === undefined ? Uint8Array.of(2, ...message) : Uint8Array.of(HEALING, 0, ...encode(healingPart, part), ...message)
}

/** Alice has offered a key, and Bob has it. */
function offered(seed = ''): { readonly parties: Parties; readonly envelope: Uint8Array } {
  const parties = talking(seed)
  const envelope = send(parties, 'alice', { offers: true })
  receive(parties, 'bob', envelope)
  return { parties, envelope }
}

/** Bob's answer is under way. */
function answered(seed = ''): { readonly parties: Parties; readonly offer: Uint8Array; readonly answer: Uint8Array } {
  const { parties, envelope } = offered(seed)
  return { parties, offer: envelope, answer: send(parties, 'bob') }
}

/** Offer and answer, and both have them. */
function heal(parties: Parties, from: Name = 'alice'): void {
  give(parties, from, { offers: true })
  give(parties, other(from))
}

describe('an epoch', () => {
  test('is a key one way and its ciphertext back, and both write on after it', () => {
    const { parties, offer, answer } = answered()
    expect(partOf(offer)).toMatchObject({ answer: undefined, offer: { number: 1 } })
    expect(partOf(answer)).toMatchObject({ answer: { number: 1 }, offer: undefined })
    expect(receive(parties, 'alice', answer)).toBe('text')
    for (const from of ['alice', 'bob', 'bob', 'alice'] as const)
      expect(give(parties, from, { text: `${from} writes` })).toBe(`${from} writes`)
    expect(sessionOf(parties.alice).healing).toMatchObject({ offers: 1, seed: undefined, answer: undefined })
    expect(sessionOf(parties.bob).healing).toMatchObject({ answered: 1, theirs: undefined })
  })

  test('mixes its secret into the root: the same turns without it give another one', () => {
    const { parties, envelope } = offered()
    const session = sessionOf(parties.bob)
    const random = (length: number) => new Uint8Array(length).fill(5)
    const roots = [session, { ...session, healing: undefined }].map((one) => {
      const { pairing } = sealTo({ sessions: [one] }, new Uint8Array(1), { now: NOW, random })
      return toHex(sessionOf({ ...parties.bob, pairing }).ratchet.root)
    })
    expect(envelope[0]).toBe(HEALING)
    expect(roots[0]).not.toBe(roots[1])
  })

  test('follows another as often as there are turns, whoever begins', () => {
    const parties = talking()
    for (let round = 1; round <= 4; round++) {
      heal(parties, round % 2 === 1 ? 'alice' : 'bob')
      give(parties, 'alice')
      give(parties, 'bob')
      give(parties, 'alice')
      give(parties, 'bob')
    }
    expect(sessionOf(parties.alice).healing).toMatchObject({ offers: 2, answered: 2 })
    expect(sessionOf(parties.bob).healing).toMatchObject({ offers: 2, answered: 2 })
  })

  test('leaves no key behind that it was made with', () => {
    const { parties, answer } = answered()
    const seed = sessionOf(parties.alice).healing?.seed ?? expect.fail('no key')
    receive(parties, 'alice', answer)
    expect(stateOf(parties.alice)).not.toContain(toHex(seed))
  })

  test('adds 1,191 and 1,095 bytes, and an answer alone has the length by which it is told', () => {
    const { parties, offer, answer } = answered()
    const plain = sealed(parties.alice, 'text').envelope.length
    expect([offer.length - plain, answer.length - plain]).toEqual([1_191, 1_095])
    const silent = offered().parties.bob
    expect(
      sealTo(silent.pairing ?? expect.fail('no pairing'), Uint8Array.of(0), { now: NOW, random: silent.random }).envelope,
    ).toHaveLength(EMPTY_ANSWER_BYTES)
  })

  test('is part of what is stored, at every moment of it', () => {
    const parties = talking()
    const reload = (): void => {
      for (const name of ['alice', 'bob'] as const) {
        const { pairing } = parties[name]
        parties[name] = { ...parties[name], pairing: decode(storedPairing, encode(storedPairing, pairing ?? expect.fail('no pairing'))) }
      }
    }
    for (let round = 0; round < 3; round++) {
      reload()
      const offer = send(parties, 'alice', { offers: true })
      reload()
      receive(parties, 'bob', offer)
      reload()
      const answer = send(parties, 'bob')
      reload()
      receive(parties, 'alice', answer)
    }
    expect(sessionOf(parties.alice).healing?.offers).toBe(3)
  })
})

describe('whoever has copied both sides and can compute X25519 backwards', () => {
  const thiefOf = ({ alice, bob }: Parties): Thief =>
    createThief(new Map(Object.entries({ alice, bob }).flatMap(([name, { pairing }]) => (pairing ? [[name, pairing] as const] : []))))

  /** What the thief reads of it. */
  function overheard(thief: Thief, parties: Parties, from: Name, offers = false): boolean {
    const envelope = send(parties, from, { offers })
    const secret = sessionOf(parties[from]).ratchet.ours?.secret
    receive(parties, other(from), envelope)
    return thief.hear(from, envelope, secret) !== undefined
  }

  test('reads what comes for as long as nothing heals, turn after turn', () => {
    const parties = talking()
    const thief = thiefOf(parties)
    for (let turn = 0; turn < 12; turn++) expect(overheard(thief, parties, turn % 2 === 0 ? 'alice' : 'bob')).toBe(true)
  })

  test('reads nothing after one round trip, from its second half on', () => {
    const parties = talking()
    const thief = thiefOf(parties)
    expect(overheard(thief, parties, 'alice', true)).toBe(true)
    const after = (['bob', 'alice', 'bob', 'alice', 'alice', 'bob'] as const).map((from) => overheard(thief, parties, from))
    expect(after).toEqual([false, false, false, false, false, false])
  })

  test('reads on where the key was offered before the copy was made, up to the next epoch', () => {
    const { parties } = offered()
    const thief = thiefOf(parties)
    // Bob's ciphertext is for a key that the thief has.
    expect(overheard(thief, parties, 'bob')).toBe(true)
    expect(overheard(thief, parties, 'alice', true)).toBe(true)
    expect([overheard(thief, parties, 'bob'), overheard(thief, parties, 'alice')]).toEqual([false, false])
  })
})

test('whoever has copied one side, and no more than that, reads nothing after one round trip either', () => {
  for (const robbed of ['alice', 'bob'] as const) {
    const parties = talking()
    const thief = createThief(new Map([[robbed, parties[robbed].pairing ?? expect.fail('no pairing')]]))
    const hears = (from: Name, offers = false): boolean => {
      const envelope = send(parties, from, { offers })
      receive(parties, other(from), envelope)
      return thief.hear(from, envelope) !== undefined
    }
    // Of the robbed side's next turn it knows nothing, of the other's it knows the key that it is for.
    expect(hears('alice', true)).toBe(robbed === 'bob')
    expect((['bob', 'alice', 'bob', 'alice'] as const).map((from) => hears(from))).toEqual([false, false, false, false])
  }
})

describe('an answer', () => {
  const expectRefused = (parties: Parties, envelope: Uint8Array, as: string): void => {
    const before = stateOf(parties.alice)
    expect(reason(parties, 'alice', envelope)).toBe(as)
    expect(stateOf(parties.alice)).toBe(before)
  }

  test('that is replayed is refused', () => {
    const { parties, answer } = answered()
    receive(parties, 'alice', answer)
    expectRefused(parties, answer, 'used')
    give(parties, 'alice')
    give(parties, 'bob')
    // Its chain is over, and nothing of it is left.
    expectRefused(parties, answer, 'sealed')
  })

  test('with any byte of its ciphertext, or its number, altered is refused, and the genuine one is followed after that', () => {
    const { parties, answer } = answered()
    const part = partOf(answer)
    const { ciphertext, number } = part.answer ?? expect.fail('no answer')
    for (const at of [0, 1, 500, 959, 960, 1_087]) {
      const altered = ciphertext.map((byte, i) => (i === at ? byte ^ 1 : byte))
      expectRefused(parties, withPart(answer, { ...part, answer: { number, ciphertext: altered } }), 'sealed')
    }
    for (const wrong of [0, 2, 0xffff_ffff])
      expectRefused(parties, withPart(answer, { ...part, answer: { number: wrong, ciphertext } }), 'sealed')
    expect(receive(parties, 'alice', answer)).toBe('text')
  })

  test('of the wrong length is malformed', () => {
    const { parties, answer } = answered()
    expectRefused(parties, Uint8Array.of(...answer.slice(0, 600), ...answer.slice(601)), 'malformed')
    expectRefused(parties, answer.slice(0, 500), 'malformed')
  })

  test('of another session is refused', () => {
    const { parties, answer } = answered()
    const elsewhere = partOf(answered(' elsewhere').answer)
    expectRefused(parties, withPart(answer, elsewhere), 'sealed')
  })

  test('of another epoch is refused', () => {
    const { parties, answer } = answered()
    const first = partOf(answer)
    receive(parties, 'alice', answer)
    give(parties, 'alice', { offers: true })
    const second = send(parties, 'bob')
    expectRefused(parties, withPart(second, first), 'sealed')
    const { ciphertext } = first.answer ?? expect.fail('no answer')
    expectRefused(parties, withPart(second, { answer: { number: 2, ciphertext }, offer: undefined }), 'sealed')
    expect(receive(parties, 'alice', second)).toBe('text')
  })

  test('that was stripped, or put where there was none, does not open: nothing is talked down', () => {
    const { parties, answer, offer } = answered()
    expectRefused(parties, withPart(answer, undefined), 'sealed')
    const bob = talking()
    const key = send(bob, 'alice', { offers: true })
    const before = stateOf(bob.bob)
    expect(reason(bob, 'bob', withPart(key, undefined))).toBe('sealed')
    expect(reason(bob, 'bob', withPart(key, { ...partOf(key), answer: partOf(answer).answer }))).toBe('sealed')
    expect(stateOf(bob.bob)).toBe(before)
    expect(partOf(offer).offer).toBeDefined()
    expect(receive(bob, 'bob', key)).toBe('text')
  })

  test('nobody asked for is refused', () => {
    const { parties, answer } = answered()
    const unasked = { ...sessionOf(parties.alice), healing: undefined }
    const alice = { ...parties.alice, pairing: { sessions: [unasked] } }
    expectRefused({ ...parties, alice }, answer, 'sealed')
  })

  test('withheld for ever leaves the session as it is: it goes on, and nothing says that it was healed', () => {
    const parties = talking()
    for (let turn = 0; turn < 60; turn++) {
      const from = turn % 2 === 0 ? 'alice' : 'bob'
      // Bob forgets what was offered, as somebody does who does not want to answer.
      parties.bob = { ...parties.bob, pairing: { sessions: [{ ...sessionOf(parties.bob), healing: undefined }] } }
      const offers =
        from === 'alice' &&
        offersHealing(parties.alice.pairing ?? expect.fail(), { now: NOW + HEALING_MS, isRenewal: true, isWaiting: false })
      expect(give(parties, from, { offers, text: `turn ${turn}` })).toBe(`turn ${turn}`)
    }
    expect(sessionOf(parties.alice).healing).toMatchObject({ healed: NOW, offers: 1 })
    expect(sessionOf(parties.alice).healing?.seed).toBeDefined()
  })
})

describe('a key', () => {
  test('that is none, has no number, or an empty part, is malformed', () => {
    const parties = talking()
    const envelope = send(parties, 'alice', { offers: true })
    const { key } = partOf(envelope).offer ?? expect.fail('no key')
    const withKey = (number: number, bytes: Uint8Array) => withPart(envelope, { answer: undefined, offer: { number, key: bytes } })
    expect(reason(parties, 'bob', withKey(1, key))).toBe('opened')
    expect(reason(parties, 'bob', withKey(1, new Uint8Array(KEM_PUBLIC_BYTES).fill(255)))).toBe('malformed')
    expect(reason(parties, 'bob', withKey(0, key))).toBe('malformed')
    expect(reason(parties, 'bob', withPart(envelope, { answer: undefined, offer: undefined }))).toBe('malformed')
    expect(
      reason(
        parties,
        'bob',
        withKey(
          1,
          key.map((byte, i) => (i === 1_183 ? byte ^ 1 : byte)),
        ),
      ),
    ).toBe('sealed')
  })

  test('that comes late, after a newer one was answered, is not answered: nobody has its secret any more', () => {
    const parties = talking()
    // The same key goes twice, and one of the envelopes takes its time.
    const late = send(parties, 'alice', { offers: true })
    receive(parties, 'bob', send(parties, 'alice', { offers: true }))
    receive(parties, 'alice', send(parties, 'bob'))
    heal(parties)
    receive(parties, 'bob', late)
    expect(unanswered(parties.bob.pairing ?? expect.fail('no pairing'))).toBeUndefined()
    for (const from of ['alice', 'bob', 'alice', 'bob'] as const) expect(give(parties, from)).toBe('text')
  })

  test('goes with first messages as well, so that a session that nobody answered is answered', () => {
    const [carol, bob] = [createParty('carol'), createParty('bob')]
    const parties: Parties = { alice: initiated(carol, bob, bundleOf(bob.prekeys, { oneTime: undefined })), bob }
    const lost = send(parties, 'alice', { offers: true })
    const envelope = send(parties, 'alice', { offers: true })
    expect([...lost.slice(0, 2), ...envelope.slice(0, 2)]).toEqual([HEALING, 1, HEALING, 1])
    const before = stateOf(parties.bob)
    for (let at = 0; at < envelope.length; at += 97)
      expect(
        reason(
          parties,
          'bob',
          envelope.map((byte, i) => (i === at ? byte ^ 1 : byte)),
        ),
        `byte ${at}`,
      ).not.toBe('opened')
    expect(stateOf(parties.bob)).toBe(before)
    receive(parties, 'bob', envelope)
    const atBob = parties.bob.pairing ?? expect.fail('no pairing')
    expect(unanswered(atBob)?.healing?.theirs?.number, 'before any other message came').toBe(1)
    expect(unanswered({ sessions: [] })).toBeUndefined()
    expect(reason(parties, 'bob', envelope)).toBe('used')
    expect(receive(parties, 'bob', lost)).toBe('text')
    expect(partOf(send(parties, 'bob')).answer).toMatchObject({ number: 1 })
    give(parties, 'bob')
    for (const from of ['alice', 'bob', 'alice'] as const) expect(give(parties, from)).toBe('text')
    expect(sessionOf(parties.alice).healing).toMatchObject({ offers: 1, seed: undefined })
  })

  test('crosses with the other side’s: both are answered, one turn after the other', () => {
    const { parties } = offered()
    give(parties, 'bob')
    // Bob's chain is open, and Alice's turn begins: both offer before either hears of it.
    const [fromBob, fromAlice] = [send(parties, 'bob', { offers: true }), send(parties, 'alice', { offers: true })]
    receive(parties, 'alice', fromBob)
    receive(parties, 'bob', fromAlice)
    expect(partOf(send(parties, 'bob')).answer).toMatchObject({ number: 2 })
    give(parties, 'bob')
    expect(partOf(send(parties, 'alice')).answer).toMatchObject({ number: 1 })
    give(parties, 'alice')
    for (const name of ['alice', 'bob'] as const)
      expect(sessionOf(parties[name]).healing).toMatchObject({ theirs: undefined, seed: undefined })
    for (const from of ['bob', 'alice', 'bob'] as const) expect(give(parties, from)).toBe('text')
  })

  test('goes with nothing that would grow beyond an envelope, an answer with everything', () => {
    const parties = talking()
    const longest = (length: number, party: Party, offers: boolean): Uint8Array =>
      sealTo(party.pairing ?? expect.fail('no pairing'), new Uint8Array(length), { now: NOW, random: party.random, offers }).envelope
    expect(longest(OFFERED_PLAINTEXT_BYTES_MAX, parties.alice, true)[0]).toBe(HEALING)
    expect(longest(OFFERED_PLAINTEXT_BYTES_MAX + 1, parties.alice, true)[0]).toBe(2)
    const { bob } = offered().parties
    const answer = longest(SESSION_PLAINTEXT_BYTES_MAX, bob, true)
    expect(partOf(answer)).toMatchObject({ answer: { number: 1 }, offer: undefined })
    expect(answer.length).toBeLessThanOrEqual(ENVELOPE_BYTES_MAX)
    expect(longest(OFFERED_PLAINTEXT_BYTES_MAX, bob, true).length).toBeLessThanOrEqual(ENVELOPE_BYTES_MAX)
  })

  test('is offered with a renewal, or after six hours, not before the peer has answered, and once more when what it came with has arrived', () => {
    const parties = talking()
    const pairing = (): NonNullable<Party['pairing']> => parties.alice.pairing ?? expect.fail('no pairing')
    const may = (change: Partial<Parameters<typeof offersHealing>[1]> = {}, of = pairing()) =>
      offersHealing(of, { now: NOW, isRenewal: false, isWaiting: false, ...change })
    expect([may(), may({ isRenewal: true }), may({ isRenewal: true, isWaiting: true })]).toEqual([false, true, true])
    expect([may({ now: NOW + HEALING_MS - 1 }), may({ now: NOW + HEALING_MS }), may({ now: NOW - HEALING_MS })]).toEqual([
      false,
      true,
      true,
    ])
    const after = (offers: number) => ({ sessions: [{ ...sessionOf(parties.alice), healing: { ...NONE_YET, offers } }] })
    expect([HEALING_OFFERS_MAX - 1, HEALING_OFFERS_MAX].map((offers) => may({ isRenewal: true }, after(offers)))).toEqual([true, false])
    send(parties, 'alice', { offers: true })
    expect([may({ isRenewal: true, isWaiting: true }), may({ isWaiting: false })]).toEqual([false, true])
    // Whoever answers mixes a fresh secret in anyhow.
    expect(offersHealing(offered().parties.bob.pairing ?? expect.fail('no pairing'), { now: NOW, isRenewal: true, isWaiting: false })).toBe(
      false,
    )
    expect(offersHealing({ sessions: [] }, { now: NOW, isRenewal: true, isWaiting: false })).toBe(false)
  })
})

test('a state from before the key was offered refuses the answer, and a new session heals it', () => {
  const parties = talking()
  const copy = parties.alice
  give(parties, 'alice', { offers: true })
  const answer = send(parties, 'bob')
  const restored = { ...parties, alice: copy }
  const before = stateOf(copy)
  expect(reason(restored, 'alice', answer)).toBe('sealed')
  expect(stateOf(copy)).toBe(before)
  const bundle = bundleOf(parties.bob.prekeys, { oneTime: undefined })
  restored.alice = initiated(copy, parties.bob, bundle)
  expect(endsOf(restored.alice, parties.bob).peer.device.id).toBe(parties.bob.end.device.id)
  for (const from of ['alice', 'bob', 'alice'] as const) expect(give(restored, from)).toBe('text')
  heal(restored)
  for (const from of ['alice', 'bob'] as const) expect(give(restored, from)).toBe('text')
})

test('every message of random turns with keys opens once, however they are lost, reordered and cut off by crashes', () => {
  const step = fc.record({
    from: fc.constantFrom<Name>('alice', 'bob'),
    delay: fc.nat(5),
    fate: fc.constantFrom('arrives', 'arrives', 'arrives', 'lost', 'never left'),
    offers: fc.boolean(),
  })
  fc.assert(
    fc.property(fc.array(step, { minLength: 5, maxLength: 30 }), (steps) => {
      const parties = talking()
      const travelling: { readonly to: Name; readonly envelope: Uint8Array; readonly text: string; readonly due: number }[] = []
      const deliver = (now: number): void => {
        for (const item of travelling.filter(({ due }) => due <= now)) {
          travelling.splice(travelling.indexOf(item), 1)
          expect(receive(parties, item.to, item.envelope)).toBe(item.text)
          const { pairing } = parties[item.to]
          parties[item.to] = { ...parties[item.to], pairing: decode(storedPairing, encode(storedPairing, pairing ?? expect.fail())) }
          expect(reason(parties, item.to, item.envelope)).toBe('used')
        }
      }
      steps.forEach(({ from, delay, fate, offers }, at) => {
        const before = parties[from]
        const text = `${from} ${at}`
        const envelope = send(parties, from, { offers, text })
        // The process dies before the state is stored: then nothing has left either.
        if (fate === 'never left') parties[from] = before
        if (fate === 'arrives') travelling.push({ to: other(from), envelope, text, due: at + delay })
        deliver(at)
      })
      deliver(Number.POSITIVE_INFINITY)
    }),
    { numRuns: 40 },
  )
})

test('an answer to our key costs as much as a handshake to judge, made up or not, and nothing once its turn is known', () => {
  const { parties, answer } = answered()
  const { pairing } = parties.alice
  const part = partOf(answer)
  const madeUp = withPart(answer, { ...part, answer: { number: 1, ciphertext: new Uint8Array(KEM_CIPHERTEXT_BYTES) } })
  expect(reason(parties, 'alice', madeUp)).toBe('sealed')
  for (const envelope of [answer, madeUp]) expect(effortOf(pairing, envelope)).toBe('handshake')
  const ofNoKey = withPart(answer, { ...part, answer: { number: 2, ciphertext: new Uint8Array(KEM_CIPHERTEXT_BYTES) } })
  expect(effortOf(pairing, ofNoKey), 'of a key that was not offered').toBe(0)
  const [session] = pairing?.sessions ?? expect.fail('no session')
  const besides = { sessions: [...(talking('another').alice.pairing?.sessions ?? []), session ?? expect.fail('no session')] }
  expect(effortOf(besides, answer), 'in the second of two sessions').toBe('handshake')
  const next = send(parties, 'bob')
  receive(parties, 'alice', answer)
  expect(effortOf(parties.alice.pairing, next)).toBe(0)
})

test('an empty answer is told from others of its length, and from answers with something to say', () => {
  const { parties } = offered()
  const { pairing, random } = parties.bob
  const empty = sealTo(pairing ?? expect.fail('no pairing'), Uint8Array.of(0), { now: NOW, random }).envelope
  expect([empty.length, isEmptyAnswer(empty)]).toEqual([EMPTY_ANSWER_BYTES, true])
  const said = ({ bob }: Parties) => Array.from({ length: 1_300 }, (_, length) => sealed(bob, 'x'.repeat(length)).envelope)
  const plain = said(talking('plain')).filter(({ length }) => length === EMPTY_ANSWER_BYTES)
  expect([plain.length, ...plain.map(isEmptyAnswer)]).toEqual([1, false])
  const [short, long] = [sealed(talking('plain').bob, ''), sealed(parties.bob, 'x'.repeat(300))].map(({ envelope }) => envelope)
  if (short === undefined || long === undefined) throw new Error('nothing was sealed')
  expect(partOf(long).answer).toBeDefined()
  expect([short.length === EMPTY_ANSWER_BYTES, isEmptyAnswer(short)]).toEqual([false, false])
  expect([long.length === EMPTY_ANSWER_BYTES, isEmptyAnswer(long)]).toEqual([false, false])
})

describe('the state of healing', () => {
  const session = (healing: Partial<Healing>): Session => ({ ...sessionOf(talking('state').alice), healing: { ...NONE_YET, ...healing } })
  const random = seededRandom('state of healing')
  const seed = random(64)
  const { ciphertext, shared } = encapsulate(kemKeysOf(seed).publicKey, random(32)) ?? expect.fail('no key')

  test('gives the secret of an answer to the key that was offered last, and of no other', () => {
    const offered = session({ offers: 2, seed })
    expect(answerSecret(offered, { number: 2, ciphertext })).toEqual(shared)
    for (const number of [0, 1, 3]) expect(answerSecret(offered, { number, ciphertext })).toBeUndefined()
    expect(answerSecret(session({ offers: 2 }), { number: 2, ciphertext })).toBeUndefined()
  })

  test('takes a key of theirs once, and none that is older than the last or was answered', () => {
    const key = kemKeysOf(random(64)).publicKey
    const theirsAfter = (number: number, before: Partial<Healing>): number | undefined => {
      const told = { answer: undefined, offer: { number, key } }
      const { theirs } = healOnOpen(session(before), told, { now: NOW, isTurn: false })
      return theirs?.key === key ? theirs.number : undefined
    }
    const theirs = { number: 3, key: kemKeysOf(random(64)).publicKey }
    expect([2, 3, 4].map((number) => theirsAfter(number, { theirs }))).toEqual([undefined, undefined, 4])
    expect([2, 3, 4].map((number) => theirsAfter(number, { answered: 3 }))).toEqual([undefined, undefined, 4])
  })

  test('begins with the first key', () => {
    const bare = { ...sessionOf(talking('state').alice), healing: undefined }
    expect(healOnSeal(bare, { now: NOW, random, offers: false })).toEqual({ healing: undefined, part: undefined, mixed: undefined })
    expect(healOnSeal(bare, { now: NOW, random, offers: true })).toMatchObject({ healing: { offers: 1 }, part: { offer: { number: 1 } } })
  })
})
