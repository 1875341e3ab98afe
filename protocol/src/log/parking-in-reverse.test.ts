import { describe, expect, it } from 'vitest'
import { createAuthor, createReceiver, deliver, writeBare } from '../../test/fixtures/feeds.ts'
import { PARKED_ENTRIES_PER_PEER_MAX } from '../limits.ts'
import type { WireEntry } from '../wire/entry.ts'

const alice = createAuthor('alice')

describe('fifty thousand entries in reverse', () => {
  it('never park more than one peer may, and leave a log that goes on from there', { timeout: 60_000 }, () => {
    const wires = writeBare(alice, 50_000)
    let receiver = createReceiver([alice])
    let most = 0
    const take = (batch: readonly WireEntry[]): void => {
      receiver = { ...deliver(receiver, batch).receiver, stored: [] }
      most = Math.max(most, receiver.parking.peers.values().next().value?.entries ?? 0)
    }
    for (let at = wires.length; at > 0; at -= 1_000) take(wires.slice(Math.max(0, at - 1_000), at).toReversed())
    expect(most).toBe(PARKED_ENTRIES_PER_PEER_MAX)
    expect(receiver.accepted.length).toBeGreaterThan(PARKED_ENTRIES_PER_PEER_MAX)
    const before = receiver.accepted.length
    take(wires.slice(before, before + 1_024))
    expect(receiver.accepted.length).toBe(before + 1_024)
    expect(receiver.parking.bytes).toBe(0)
  })
})
