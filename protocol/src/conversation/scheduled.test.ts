// Words under a key and a date: what opens them, and what somebody may try with them.

import { describe, expect, test } from 'vitest'
import { conversationIdOf, deviceIdOf, entryIdOf } from '../bytes/ids.ts'
import { SCHEDULED_BYTES_MAX, TIME_MS_MAX } from '../limits.ts'
import { decode, encode } from '../bytes/codec.ts'
import { content as contentCodec } from '../wire/content.ts'
import { heldNameFor, openScheduled, sealScheduled } from './scheduled.ts'
import type { ScheduledSaid } from './scheduled.ts'

const bytes = (n: number, length = 32): Uint8Array => new Uint8Array(length).fill(n)
const place = { conversation: conversationIdOf(bytes(1)), device: deviceIdOf(bytes(2)), key: bytes(3) }
const text: ScheduledSaid = { kind: 'text', text: 'happy birthday' }
const due = 1_800_000_000_000
const sealed = sealScheduled(place, { due, content: text })

describe('what is sealed with a date', () => {
  test('opens with its key alone, as what it was', () => {
    expect(openScheduled(place, sealed)).toMatchObject({ due, content: text })
    const reply: ScheduledSaid = { kind: 'reply', target: entryIdOf(bytes(4)), text: 'yes' }
    expect(openScheduled(place, sealScheduled(place, { due, content: reply }))).toMatchObject({ due, content: reply })
    expect(openScheduled({ ...place, key: bytes(4) }, sealed)).toBeUndefined()
  })
  test('is of its author and chat: copied into an entry of somebody else it never opens', () => {
    expect(openScheduled({ ...place, device: deviceIdOf(bytes(9)) }, sealed)).toBeUndefined()
    expect(openScheduled({ ...place, conversation: conversationIdOf(bytes(9)) }, sealed)).toBeUndefined()
  })
  test('opens with no second key, whatever its author made of the cipher', () => {
    const other = sealScheduled({ ...place, key: bytes(4) }, { due, content: { kind: 'text', text: 'something else' } })
    expect(openScheduled({ ...place, key: bytes(4) }, other)).toBeDefined()
    expect(openScheduled({ ...place, key: bytes(4) }, { ...other, keyHash: sealed.keyHash })).toBeUndefined()
  })
  test('says nothing that is no message, and nothing of a date beyond all dates', () => {
    const late = { due: TIME_MS_MAX, content: text }
    expect(openScheduled(place, sealScheduled(place, late))).toMatchObject({ due: TIME_MS_MAX })
    expect(openScheduled(place, sealScheduled(place, { ...late, due: TIME_MS_MAX + 1 }))).toBeUndefined()
    const content = { kind: 'profile', name: 'Mallory' } as never
    expect(openScheduled(place, sealScheduled(place, { due, content }))).toBeUndefined()
  })
  test('has room for the longest text, and no entry has room for more', () => {
    const longest = sealScheduled(place, { due, content: { kind: 'reply', target: entryIdOf(bytes(4)), text: 'x'.repeat(15_000) } })
    expect(decode(contentCodec, encode(contentCodec, { kind: 'scheduled', act: longest }))).toEqual({ kind: 'scheduled', act: longest })
    const tooLong = { ...longest, sealed: bytes(0, SCHEDULED_BYTES_MAX + 1) }
    expect(() => encode(contentCodec, { kind: 'scheduled', act: tooLong })).toThrow()
  })
})

test('the name under which a relay holds a key says nothing of the key, and differs for each', () => {
  expect(heldNameFor(place.key)).toBe(heldNameFor(bytes(3)))
  expect(heldNameFor(bytes(4))).not.toBe(heldNameFor(place.key))
})
