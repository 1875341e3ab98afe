// Each decoder of identity, sessions, chains and invites under noise and altered bytes: a value whose one encoding these bytes are, or a
// typed refusal, and never anything else.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fromHex } from '../../src/bytes/bytes.ts'
import { encode, tryDecode } from '../../src/bytes/codec.ts'
import { chainHandout } from '../../src/group/sender-chain.ts'
import { acceptDeviceList, parseDeviceList } from '../../src/identity/device-list.ts'
import { initial } from '../../src/session/pqxdh.ts'
import { prekeyBundle } from '../../src/session/prekey-bundle.ts'
import { takeOneTime } from '../../src/session/prekeys.ts'
import { sessionPayload } from '../../src/session/payload.ts'
import { createParty, initiated, opened, reasonOf, sealed } from './pair-of-devices.ts'
import { suiteOneVectors } from './suite-1.ts'
import type { Codec } from '../../src/bytes/codec.ts'

const vectors = suiteOneVectors()
const vector = (section: string, name: string): Uint8Array => fromHex(vectors[section]?.[name] ?? '')

const alice = createParty('decoders alice')
const bob = createParty('decoders bob', 1)
const hello = sealed(initiated(alice, bob, takeOneTime(bob.prekeys).bundle), 'hello')
const talkingBob = opened(bob, alice, hello.envelope).self

/** The initial part stands behind a tag and its length. */
const initialPart = hello.envelope.slice(3, 3 + ((hello.envelope[1] as number) << 8) + (hello.envelope[2] as number))

function expectCanonical<T>(codec: Codec<T>, bytes: Uint8Array): void {
  expect(tryDecode(codec, bytes)).toBeDefined()
  const check = (given: Uint8Array): void => {
    const value = tryDecode(codec, given)
    if (value !== undefined) expect(encode(codec, value)).toEqual(given)
  }
  const altered = fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 }), fc.nat(3))
  fc.assert(
    fc.property(altered, ([at, change, cut]) => {
      check(bytes.map((byte, i) => (i === at % bytes.length ? byte ^ change : byte)).slice(0, bytes.length - cut))
    }),
    { numRuns: 200 },
  )
  fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), check))
}

test.each([
  { name: 'prekey bundle', run: () => expectCanonical(prekeyBundle, vector('prekeys', 'bundle')) },
  { name: 'initial part', run: () => expectCanonical(initial, initialPart) },
  { name: 'handout', run: () => expectCanonical(chainHandout, vector('chain', 'handout')) },
  { name: 'payload', run: () => expectCanonical(sessionPayload, vector('chain', 'payload')) },
])('$name: what decodes is the one encoding of its value', ({ run }) => {
  run()
})

test('noise and altered bytes are never accepted as a device list', () => {
  const signed = vector('identity', 'signedDeviceList')
  expect(acceptDeviceList(undefined, signed).kind).toBe('accepted')
  fc.assert(
    fc.property(fc.nat(), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const altered = signed.map((byte, i) => (i === at % signed.length ? byte ^ change : byte))
      expect(acceptDeviceList(undefined, altered).kind).toBe('refused')
      parseDeviceList(altered)
    }),
    { numRuns: 60 },
  )
})

test('noise is never opened as an envelope, whatever it begins with', () => {
  fc.assert(
    fc.property(fc.constantFrom(0, 1, 2, 3), fc.uint8Array({ maxLength: 1_500 }), (tag, noise) => {
      expect(['malformed', 'sealed', 'suite']).toContain(reasonOf(talkingBob, alice, Uint8Array.of(tag, ...noise)))
    }),
  )
})
