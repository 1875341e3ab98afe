// The counts and sizes that frames and relay calls may have: exactly as many pass, one more does not.

import { describe, expect, test } from 'vitest'
import { decode, encode } from '../bytes/codec.ts'
import { conversationIdOf, mailboxIdOf } from '../bytes/ids.ts'
import { BLOB_BYTES_MAX, CONVERSATIONS_PER_HELLO_MAX, ENTRIES_PER_FRAME_MAX, MAILBOXES_PER_REQUEST_MAX } from '../limits.ts'
import { frame } from './frame.ts'
import { relayRequest } from './relay.ts'
import type { Frame } from './frame.ts'
import type { RelayRequest } from './relay.ts'

const conversation = conversationIdOf(new Uint8Array(32))
const mailbox = mailboxIdOf(new Uint8Array(32))
const many = <T>(count: number, item: T): readonly T[] => Array.from({ length: count }, () => item)

const FRAMES: readonly (readonly [what: string, max: number, make: (count: number) => Frame])[] = [
  ['conversations in a have', CONVERSATIONS_PER_HELLO_MAX, (count) => ({ kind: 'have', have: many(count, { conversation, heads: [] }) })],
  [
    'entries in a frame',
    ENTRIES_PER_FRAME_MAX,
    (count) => ({
      kind: 'entries',
      conversation,
      entries: many(count, { header: Uint8Array.of(1), signature: undefined, body: undefined }),
    }),
  ],
]

const REQUESTS: readonly (readonly [what: string, max: number, make: (count: number) => RelayRequest])[] = [
  [
    'mailboxes in a request',
    MAILBOXES_PER_REQUEST_MAX,
    (count) => ({ kind: 'open-mailboxes', proofs: many(count, { mailbox, signature: new Uint8Array(64) }) }),
  ],
  ['bytes in a blob', BLOB_BYTES_MAX, (count) => ({ kind: 'deposit', mailbox, blob: new Uint8Array(count) })],
]

describe('bounds of the wire', () => {
  test.each(FRAMES)('%s: %i pass, one more does not', (_what, max, make) => {
    expect(decode(frame, encode(frame, make(max)))).toEqual(make(max))
    expect(() => encode(frame, make(max + 1))).toThrow(RangeError)
  })

  test.each(REQUESTS)('%s: %i pass, one more does not', (_what, max, make) => {
    expect(decode(relayRequest, encode(relayRequest, make(max)))).toEqual(make(max))
    expect(() => encode(relayRequest, make(max + 1))).toThrow(RangeError)
  })

  test('a length above the bound is refused before anything is read', () => {
    const bytes = encode(relayRequest, { kind: 'deposit', mailbox, blob: new Uint8Array(BLOB_BYTES_MAX) })
    const longer = Uint8Array.from([...bytes, 0])
    const length = BLOB_BYTES_MAX + 1
    longer.set([length >>> 24, (length >>> 16) & 255, (length >>> 8) & 255, length & 255], 1 + 32)
    expect(() => decode(relayRequest, longer)).toThrow(expect.objectContaining({ code: 'malformed' }))
  })
})
