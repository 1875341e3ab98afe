// Which blobs are put together, and what becomes of that.

import { describe, expect, test } from 'vitest'
import { IdMap } from '../../bytes/id-map.ts'
import { blobIdOf, conversationIdOf, deviceIdOf, toUnixMs } from '../../bytes/ids.ts'
import { GATHERED_BLOBS_MAX, GATHERED_BYTES_MAX, GROUP_GATHERED_BYTES_MAX, WAITING_BLOBS_MAX } from '../../limits.ts'
import { partialState } from '../../../test/fixtures/node-state.ts'
import { createDraft } from '../draft.ts'
import { NO_DELIVERY } from '../state.ts'
import { confirmDelivery } from './reach.ts'
import { gatherable, gathered, noteWaiting } from './waiting.ts'
import type { Draft } from '../draft.ts'
import type { Conversation, WaitingBlob } from '../state.ts'
import type { Verdict } from '../../wire/relay.ts'

const bytes = (fill: number): Uint8Array => new Uint8Array(32).fill(fill)
const id = conversationIdOf(bytes(1))
const device = deviceIdOf(bytes(2))
const pair: Pick<Conversation, 'group'> = { group: undefined }
const group = { group: {} } as unknown as Pick<Conversation, 'group'>

/** Blobs one after the other, of an entry each. */
const blobsOf = (...sizes: readonly number[]): readonly WaitingBlob[] =>
  sizes.map((size, at) => ({ from: at, to: at, bytes: size, blob: blobIdOf(bytes(at)) }))
const many = (count: number, size: number): readonly number[] => Array.from({ length: count }, () => size)
const placesOf = (blobs: readonly WaitingBlob[]): readonly number[] => blobs.map(({ from }) => from)

describe('what is put together', () => {
  test('is what fills the next larger blob, and nothing before it does', () => {
    expect(gatherable(pair, blobsOf(...many(7, 560)))).toEqual([])
    expect(placesOf(gatherable(pair, blobsOf(...many(8, 560))))).toEqual([0, 1, 2, 3, 4, 5, 6])
    expect(placesOf(gatherable(pair, blobsOf(3_900, 3_900, 3_900, 3_900, 560)))).toEqual([])
    expect(placesOf(gatherable(pair, blobsOf(3_900, 3_900, 3_900, 3_900, 560, 560)))).toEqual([0, 1, 2, 3, 4])
  })

  test('begins behind what is larger already', () => {
    expect(placesOf(gatherable(pair, blobsOf(3_900, ...many(8, 560))))).toEqual([1, 2, 3, 4, 5, 6, 7])
    expect(gatherable(pair, blobsOf(16_500, ...many(7, 560)))).toEqual([])
  })

  test('is no more than a blob has room for, which is less in a group', () => {
    const large = many(5, 15_000)
    expect(placesOf(gatherable(pair, blobsOf(...large)))).toEqual([0, 1, 2])
    expect(3 * 15_000).toBeLessThan(GATHERED_BYTES_MAX)
    expect(4 * 15_000).toBeGreaterThan(GATHERED_BYTES_MAX)
    expect(gatherable(group, blobsOf(...large))).toEqual([])
    expect(placesOf(gatherable(group, blobsOf(9_000, 9_000, 9_000)))).toEqual([0, 1])
    expect(3 * 9_000).toBeGreaterThan(GROUP_GATHERED_BYTES_MAX)
  })

  test('of very small ones is as many as a relay takes at once', () => {
    expect(gatherable(pair, blobsOf(...many(GATHERED_BLOBS_MAX, 10)))).toEqual([])
    expect(gatherable(pair, blobsOf(...many(GATHERED_BLOBS_MAX + 1, 10)))).toHaveLength(GATHERED_BLOBS_MAX)
  })

  test('takes along what has to stay only between others', () => {
    const staying = (blobs: readonly WaitingBlob[], ...at: readonly number[]): readonly WaitingBlob[] =>
      blobs.map((blob, index) => (at.includes(index) ? { ...blob, blob: undefined } : blob))
    const all = blobsOf(...many(9, 560))
    expect(placesOf(gatherable(pair, staying(all, 3)))).toEqual([0, 1, 2, 3, 4, 5, 6])
    expect(placesOf(gatherable(pair, staying(all, 0, 6)))).toEqual([1, 2, 3, 4, 5])
    expect(gatherable(pair, staying(all, 0, 1, 2, 3, 4, 5))).toEqual([])
    expect(gatherable(pair, staying(all, 0, 1, 2, 3, 4, 5, 6, 7, 8))).toEqual([])
  })
})

const stateWith = (waiting: readonly WaitingBlob[]) =>
  partialState({
    self: { device: { id: deviceIdOf(bytes(9)) } },
    conversations: new Map([
      [
        id,
        {
          id,
          group: undefined,
          log: { feeds: new Map() },
          delivery: IdMap.of([[device, { ...NO_DELIVERY, waiting }]]),
          chains: IdMap.empty(),
          chain: { chain: 'none' },
        },
      ],
    ]),
    peers: new Map([[device, { device: { id: device }, envelopes: [] }]]),
    net: { links: new Map() },
  })
const draftWith = (waiting: readonly WaitingBlob[]): Draft =>
  createDraft(stateWith(waiting), { now: toUnixMs(1_800_000_000_000), random: () => new Uint8Array(0) })
const waitingIn = ({ state }: Draft): readonly WaitingBlob[] => state.conversations.get(id)?.delivery.get(device)?.waiting ?? []

describe('what waits', () => {
  const left = (from: number, to = from): WaitingBlob => ({ from, to, bytes: 560, blob: blobIdOf(bytes(100 + from)) })

  test('is remembered in the order of its entries, and only as far as they follow each other', () => {
    const draft = draftWith([])
    for (const from of [4, 5, 6]) noteWaiting(draft, { id, device }, left(from))
    expect(placesOf(waitingIn(draft))).toEqual([4, 5, 6])
    // The second was not stored, as it seems, and went again with the third.
    noteWaiting(draft, { id, device }, left(5, 6))
    expect(placesOf(waitingIn(draft))).toEqual([4, 5])
    noteWaiting(draft, { id, device }, left(9))
    expect(placesOf(waitingIn(draft))).toEqual([9])
  })

  test('is no more than is remembered of one device', () => {
    const draft = draftWith([])
    for (let from = 0; from <= WAITING_BLOBS_MAX; from += 1) noteWaiting(draft, { id, device }, left(from))
    expect(placesOf(waitingIn(draft))).toEqual(Array.from({ length: WAITING_BLOBS_MAX }, (_, at) => at + 1))
  })

  test('ends with what they have confirmed', () => {
    const delivery = { ...NO_DELIVERY, waiting: [left(0, 3), left(4, 6), left(7)], announced: 6 }
    const state = stateWith([])
    const conversation = state.conversations.get(id) as Conversation
    const draft = createDraft(
      { ...state, conversations: state.conversations.with(id, { ...conversation, delivery: IdMap.of([[device, delivery]]) }) },
      { now: toUnixMs(1), random: () => new Uint8Array(0) },
    )
    confirmDelivery(draft, id, device)
    expect(placesOf(waitingIn(draft))).toEqual([4, 7])
  })
})

describe('what came of it', () => {
  const waiting = blobsOf(560, 560, 560, 560)
  const blobs = waiting.slice(1, 3)
  const into: WaitingBlob = { from: 1, to: 2, bytes: 1_100, blob: blobIdOf(bytes(50)) }
  const came = (
    answer: Verdict | undefined,
    given: { readonly into?: WaitingBlob | undefined; readonly before?: readonly WaitingBlob[] } = {},
  ) => {
    const draft = draftWith(given.before ?? waiting)
    gathered(draft, { kind: 'gathered', device, conversation: id, blobs, into: 'into' in given ? given.into : into, answer })
    return waitingIn(draft)
  }
  const refused = (reason: 'unknown' | 'busy' | 'disk' | 'too-many' | 'denied'): Verdict => ({ kind: 'refused', reason, retryMs: 0 })

  test('is one blob in the place of those', () => {
    expect(came({ kind: 'done' })).toEqual([waiting[0], into, waiting[3]])
  })

  test('is nothing where the relay had no time or room; it is asked again', () => {
    for (const reason of ['busy', 'disk', 'too-many'] as const) expect(came(refused(reason))).toBe(waiting)
  })

  test('is that they are left as they are, and all before them, where the relay does not hold them or the bodies are not here', () => {
    for (const answer of [refused('unknown'), refused('denied'), undefined]) expect(came(answer)).toEqual([waiting[3]])
    expect(came({ kind: 'done' }, { into: undefined })).toEqual([waiting[3]])
  })

  test('counts for nothing when they were left anew meanwhile, or confirmed', () => {
    const anew = waiting.with(2, { from: 2, to: 2, bytes: 560, blob: blobIdOf(bytes(60)) })
    expect(came({ kind: 'done' }, { before: anew })).toBe(anew)
    expect(came({ kind: 'done' }, { before: waiting.slice(2) })).toEqual(waiting.slice(2))
  })
})
