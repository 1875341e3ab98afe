// Rows about files that are left at relays: what is written is read back, and of devices and mailboxes no more than may be.

import { expect, it } from 'vitest'
import { conversationIdOf, deviceIdOf, entryIdOf, mailboxIdOf, toUnixMs } from '../../bytes/ids.ts'
import { RELAYED_TO_MAX } from '../../attachments/limits.ts'
import { placeIn, putClearing, putLeaving, readClearing, readLeaving } from './rows.ts'

const filled = (n: number): Uint8Array => new Uint8Array(32).fill(n)
const place = { conversation: conversationIdOf(filled(1)), message: entryIdOf(filled(2)), item: 3 }
const shared = { namesKey: filled(4), count: 500, since: toUnixMs(1_800_000_000_000) }

it('are read as they were written, for as many devices as may be and for no more', () => {
  const leaving = (count: number) => ({
    ...shared,
    to: Array.from({ length: count }, (_, done) => ({ device: deviceIdOf(filled(5)), done })),
  })
  const clearing = (count: number) => ({ ...shared, mailboxes: Array.from({ length: count }, () => mailboxIdOf(filled(6))) })
  for (const count of [0, RELAYED_TO_MAX]) {
    const [left, cleared] = [putLeaving(place, leaving(count)), putClearing(place, clearing(count))]
    if (left.kind !== 'put' || cleared.kind !== 'put') throw new Error('not written')
    expect([placeIn(left.key), placeIn(cleared.key)]).toEqual([place, place])
    expect([readLeaving(left), readClearing(cleared)]).toEqual([leaving(count), clearing(count)])
  }
  expect(() => putLeaving(place, leaving(RELAYED_TO_MAX + 1))).toThrow()
  expect(() => putClearing(place, clearing(RELAYED_TO_MAX + 1))).toThrow()
})
