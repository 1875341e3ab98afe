import { describe, expect, it } from 'vitest'
import { createAuthor, CONVERSATION, OTHER_CONVERSATION, write } from '../../test/fixtures/feeds.ts'
import { utf8ToBytes } from '../bytes/bytes.ts'
import { hash } from '../crypto/hash.ts'
import { deviceIdOf, entryIdOf } from '../bytes/ids.ts'
import { PARKED_BYTES_MAX, PARKED_BYTES_PER_PEER_MAX, PARKED_ENTRIES_PER_PEER_MAX, PARKED_MS_MAX, RUN_ENTRIES_MAX } from '../limits.ts'
import { bytesOf } from './incoming.ts'
import { LOOKUP_PLACES_MAX } from './limits.ts'
import { EMPTY_PARKING, expireParked, park, withoutConversation } from './parking.ts'
import type { DeviceId } from '../bytes/ids.ts'
import type { Written } from '../../test/fixtures/feeds.ts'
import type { Incoming } from './incoming.ts'
import type { Parking } from './parking.ts'

const alice = createAuthor('alice')
const small = write(alice)
const large = write(alice, { content: { kind: 'text', text: 'x'.repeat(15_000) } })

/** Stand-ins for parked entries: real headers, made-up ids and seqs, since parking looks at nothing else. */
const many = (count: number, from: DeviceId, entry: Written, start = 0): readonly Incoming[] =>
  Array.from({ length: count }, (_, at) => ({
    id: entryIdOf(hash(Uint8Array.of(at >> 16, (at >> 8) & 255, at & 255, from.charCodeAt(0)))),
    header: { ...entry.header, seq: start + at + 1 },
    headerBytes: entry.headerBytes,
    signature: undefined,
    body: entry.body,
    from,
    since: 0,
    isVerified: false,
  }))

const peer = (name: string): DeviceId => deviceIdOf(hash(utf8ToBytes(name)))
const distanceOf = (entry: Incoming): number => entry.header.seq
const countOf = (entries: readonly Incoming[], from: DeviceId): number => entries.filter((entry) => entry.from === from).length

describe('parking', () => {
  it('holds what a peer may park, and refuses one entry more', () => {
    const full = park(EMPTY_PARKING, {
      conversation: CONVERSATION,
      entries: many(PARKED_ENTRIES_PER_PEER_MAX, peer('m'), small),
      distanceOf,
    })
    expect(full.refused).toEqual([])
    expect(full.parking.peers.get(peer('m'))?.entries).toBe(PARKED_ENTRIES_PER_PEER_MAX)
    const over = park(EMPTY_PARKING, {
      conversation: CONVERSATION,
      entries: many(PARKED_ENTRIES_PER_PEER_MAX + 1, peer('m'), small),
      distanceOf,
    })
    expect(over.refused).toEqual([{ reason: 'parking', from: peer('m'), device: alice.device, seq: PARKED_ENTRIES_PER_PEER_MAX + 1 }])
  })

  it('keeps an entry for seven days, and says which waited longer', () => {
    const [late, fresh] = many(2, peer('m'), small) as [Incoming, Incoming]
    const since = { ...fresh, since: 1 }
    expect(expireParked([late, since], PARKED_MS_MAX)).toEqual({ kept: [late, since], expired: [] })
    expect(expireParked([late, since], PARKED_MS_MAX + 1)).toEqual({ kept: [since], expired: [late] })
  })

  it('counts bytes as well as entries', () => {
    const fits = Math.floor(PARKED_BYTES_PER_PEER_MAX / bytesOf(large))
    const over = park(EMPTY_PARKING, { conversation: CONVERSATION, entries: many(fits + 1, peer('m'), large), distanceOf })
    expect(over.refused).toHaveLength(1)
    expect(over.parking.bytes).toBeLessThanOrEqual(PARKED_BYTES_PER_PEER_MAX)
  })

  it('keeps few entries in places that the feed has passed: each has much of the store read again and again', () => {
    const passed = { conversation: CONVERSATION, entries: many(500, peer('m'), small), distanceOf: () => 0 }
    const { parking, refused } = park(EMPTY_PARKING, passed)
    expect(parking.peers.get(peer('m'))?.entries).toBe(Math.floor(LOOKUP_PLACES_MAX / (RUN_ENTRIES_MAX + 2)))
    expect(refused.every(({ reason }) => reason === 'parking')).toBe(true)
    expect(park(EMPTY_PARKING, { ...passed, distanceOf }).refused).toEqual([])
  })

  it('counts a peer over all conversations', () => {
    const first = park(EMPTY_PARKING, { conversation: CONVERSATION, entries: many(600, peer('m'), small), distanceOf })
    const second = park(first.parking, { conversation: OTHER_CONVERSATION, entries: many(600, peer('m'), small), distanceOf })
    expect(second.refused).toHaveLength(200)
  })

  it('keeps what is nearest to the tip', () => {
    const far = park(EMPTY_PARKING, { conversation: CONVERSATION, entries: many(2_000, peer('m'), small).toReversed(), distanceOf })
    const kept = far.parking.conversations.get(CONVERSATION)?.map((entry) => entry.header.seq) ?? []
    expect(Math.max(...kept)).toBe(PARKED_ENTRIES_PER_PEER_MAX)
  })

  it('of one peer never makes room in that of another', () => {
    const fits = Math.floor(PARKED_BYTES_PER_PEER_MAX / bytesOf(large))
    let parking = EMPTY_PARKING
    const entries: Incoming[] = []
    for (const name of 'abcdefgh') {
      entries.push(...many(fits, peer(name), large))
      parking = park(parking, { conversation: CONVERSATION, entries, distanceOf }).parking
    }
    expect(parking.bytes).toBeGreaterThan(PARKED_BYTES_MAX - 9 * bytesOf(large))
    // The newcomer's entries are nearer than anybody's, and there is no room left.
    const nearer = many(fits, peer('z'), large, -20_000)
    const after = park(parking, { conversation: CONVERSATION, entries: [...nearer, ...entries], distanceOf })
    const left = after.parking.conversations.get(CONVERSATION) ?? []
    for (const name of 'abcdefgh') expect(countOf(left, peer(name))).toBe(fits)
    expect(countOf(left, peer('z'))).toBeLessThanOrEqual(8)
    expect(after.parking.bytes).toBeLessThanOrEqual(PARKED_BYTES_MAX)
  })

  it('of many peers in one conversation holds no more than fits in all, whoever came first', () => {
    const fits = Math.floor(PARKED_BYTES_PER_PEER_MAX / bytesOf(large))
    const entries = 'abcdefghij'.split('').flatMap((name) => many(fits, peer(name), large))
    const { parking, refused } = park(EMPTY_PARKING, { conversation: CONVERSATION, entries, distanceOf })
    expect(parking.bytes).toBeLessThanOrEqual(PARKED_BYTES_MAX)
    expect(parking.bytes).toBeGreaterThan(PARKED_BYTES_MAX - bytesOf(large))
    expect(countOf(parking.conversations.get(CONVERSATION) ?? [], peer('a'))).toBe(fits)
    expect(refused.length).toBe(entries.length - Math.floor(parking.bytes / bytesOf(large)))
  })

  it('remembers nothing of a peer of whom nothing is kept', () => {
    const fits = Math.floor(PARKED_BYTES_PER_PEER_MAX / bytesOf(large))
    const full = 'abcdefghij'.split('').flatMap((name) => many(fits, peer(name), large))
    const { parking } = park(EMPTY_PARKING, { conversation: CONVERSATION, entries: full, distanceOf })
    const late = many(3, peer('z'), large)
    const after = park(parking, { conversation: OTHER_CONVERSATION, entries: late, distanceOf })
    expect(after.refused).toHaveLength(late.length)
    expect(after.parking).toEqual(parking)
  })

  it('takes what fills it to the last byte, and not one byte more; what was there before takes nothing', () => {
    const [known, late] = [many(1, peer('a'), small), many(1, peer('m'), small)]
    const size = bytesOf(small)
    const keptWith = (free: number): readonly string[] => {
      const others = PARKED_BYTES_MAX - size - free
      const peers = new Map([
        [peer('a'), { entries: 1, bytes: size }],
        [peer('x'), { entries: 1, bytes: others }],
      ])
      const full: Parking = { conversations: new Map([[CONVERSATION, known]]), peers, bytes: size + others }
      const { parking } = park(full, { conversation: CONVERSATION, entries: [...known, ...late], distanceOf })
      return parking.conversations.get(CONVERSATION)?.map(({ from }) => from) ?? []
    }
    expect(keptWith(size)).toEqual([peer('a'), peer('m')])
    expect(keptWith(size - 1)).toEqual([peer('a')])
  })

  it('looks up as many places for what one peer has there as it may, and not one more', () => {
    const header = { ...small.header, deps: Array.from({ length: 16 }, () => ({ device: alice.device, seq: 0, id: small.id })) }
    const entries = many(LOOKUP_PLACES_MAX / 16 + 1, peer('m'), { ...small, header }, 10)
    const { parking, refused } = park(EMPTY_PARKING, { conversation: CONVERSATION, entries, distanceOf })
    expect(parking.peers.get(peer('m'))?.entries).toBe(LOOKUP_PLACES_MAX / 16)
    expect(refused).toHaveLength(1)
  })

  it('counts what a peer has left when one of two conversations is gone', () => {
    const one = park(EMPTY_PARKING, { conversation: CONVERSATION, entries: many(1, peer('m'), small), distanceOf }).parking
    expect(one.peers.get(peer('m'))).toEqual({ entries: 1, bytes: bytesOf(small) })
    const two = park(one, { conversation: OTHER_CONVERSATION, entries: many(1, peer('m'), small), distanceOf }).parking
    expect(two.peers.get(peer('m'))).toEqual({ entries: 2, bytes: 2 * bytesOf(small) })
    expect(withoutConversation(two, CONVERSATION).peers.get(peer('m'))).toEqual({ entries: 1, bytes: bytesOf(small) })
  })

  it('forgets a conversation that is gone', () => {
    const one = park(EMPTY_PARKING, { conversation: CONVERSATION, entries: many(3, peer('m'), small), distanceOf }).parking
    const two = park(one, { conversation: OTHER_CONVERSATION, entries: many(2, peer('m'), small), distanceOf }).parking
    expect(withoutConversation(two, CONVERSATION)).toEqual(
      park(EMPTY_PARKING, { conversation: OTHER_CONVERSATION, entries: many(2, peer('m'), small), distanceOf }).parking,
    )
    expect(withoutConversation(withoutConversation(two, CONVERSATION), OTHER_CONVERSATION)).toEqual(EMPTY_PARKING)
  })
})
