import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createParty } from '../../test/vectors/pair-of-devices.ts'
import { chainIdOf, conversationIdOf, mailboxIdOf } from '../bytes/ids.ts'
import { PAYLOAD_ITEMS_MAX, SESSION_PLAINTEXT_BYTES_MAX } from './limits.ts'
import { encodePayload, parsePayload } from './payload.ts'
import { takeOneTime } from './prekeys.ts'
import type { PayloadItem } from './payload.ts'

const { bundle } = takeOneTime(createParty('payload', 1).prekeys)
const b = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
const conversation = b(32).map(conversationIdOf)

const item: fc.Arbitrary<PayloadItem> = fc.oneof(
  fc.record({
    kind: fc.constant('chain' as const),
    conversation,
    handout: fc.record({ chain: b(16).map(chainIdOf), step: fc.nat(99), key: b(32) }),
  }),
  fc.record({
    kind: fc.constant('mailbox' as const),
    grant: fc.record({
      relay: fc.record({ key: b(32), url: fc.constantFrom('wss://chat.example.org', 'ws://127.0.0.1:8080') }),
      mailbox: b(32).map(mailboxIdOf),
      sendSeed: b(32),
      sealKey: b(32),
    }),
  }),
  fc.record({ kind: fc.constant('token' as const), conversation, token: b(16) }),
  fc.constant({ kind: 'prekeys' as const, bundle }),
  fc.record({ kind: fc.constant('blob-key' as const), conversation, key: b(32) }),
)

test('a payload gives back what was put in', () => {
  fc.assert(
    fc.property(fc.array(item, { maxLength: 8 }), (payload) => {
      expect(parsePayload(encodePayload(payload))).toEqual(payload)
    }),
    { numRuns: 50 },
  )
})

test('noise, cuts and an unknown kind of item are no payload', () => {
  const encoded = encodePayload([{ kind: 'token', conversation: conversationIdOf(new Uint8Array(32)), token: new Uint8Array(16) }])
  expect(parsePayload(encoded)).toHaveLength(1)
  for (let length = 0; length < encoded.length; length++) expect(parsePayload(encoded.slice(0, length))).toBeUndefined()
  expect(parsePayload(encoded.map((byte, i) => (i === 1 ? 9 : byte)))).toBeUndefined()
})

test('a payload has a bounded number of items, and that of small ones fits into an envelope', () => {
  const handout = { chain: chainIdOf(new Uint8Array(16)), step: 0, key: new Uint8Array(32) }
  const one: PayloadItem = { kind: 'chain', conversation: conversationIdOf(new Uint8Array(32)), handout }
  const full = Array.from({ length: PAYLOAD_ITEMS_MAX }, () => one)
  expect(encodePayload(full).length).toBeLessThanOrEqual(SESSION_PLAINTEXT_BYTES_MAX)
  expect(() => encodePayload([...full, one])).toThrow(RangeError)
})
