// What a device makes of own entries that others return, and how often it asks for what it has lost.

import { describe, expect, test } from 'vitest'
import { createAuthor, createReceiver, NOW, write } from '../../../test/fixtures/feeds.ts'
import { partialState } from '../../../test/fixtures/node-state.ts'
import { seededRandom } from '../../../test/vectors/seeded-random.ts'
import { chainIdOf, conversationIdOf } from '../../bytes/ids.ts'
import { createChain, nextKey } from '../../group/sender-chain.ts'
import { createDevice } from '../../identity/device.ts'
import { NO_LOOKUPS } from '../../log/lookups.ts'
import { EMPTY_PARKING } from '../../log/parking.ts'
import { createPrekeys } from '../../session/prekeys.ts'
import { createDraft } from '../draft.ts'
import { skipStep } from '../incoming/opening.ts'
import { appealWhenAsked, takeBack } from './restore.ts'
import { NOTHING_YET } from '../state.ts'
import type { Admission } from '../../log/admit.ts'
import type { Draft, Env } from '../draft.ts'
import type { Conversation } from '../state.ts'

const [alice, bob, mallory] = [createAuthor('alice'), createAuthor('bob'), createAuthor('mallory')]
const id = conversationIdOf(new Uint8Array(32).fill(1))
const random = seededRandom('restore')
const chain = createChain({ random, now: NOW })
const prekeys = createPrekeys({ device: createDevice(random), now: NOW, random, oneTime: 0 })

/** Alice, who talks with Bob, at this minute. */
function aliceBefore(more: Partial<Conversation> = {}, parking = EMPTY_PARKING): Draft {
  const conversation = { ...NOTHING_YET, id, phase: 'open', log: createReceiver([alice, bob], id).log, chain, ...more }
  const state = partialState({
    self: { device: { id: alice.device } },
    peers: [bob, mallory].map(({ device }) => [device, { device: { id: device }, envelopes: [] }]),
    conversations: [[id, conversation]],
    parking,
    prekeys,
  })
  return createDraft(state, { now: NOW as Env['now'], random })
}
const here = ({ state }: Draft): Conversation => state.conversations.get(id) ?? expect.fail('no conversation')
const appeals = ({ effects }: Draft): number => effects.filter((effect) => effect.kind === 'refused' && effect.what === 'this disk').length

describe('what came without what opens it', () => {
  const after = (asks: number, shut = [bob.device], more: Partial<Conversation> = {}): Draft => {
    const draft = aliceBefore({ missing: { since: 0, asks, upTo: new Map(), shut }, ...more })
    appealWhenAsked(draft, id)
    return draft
  }

  test('is appealed for once it was asked for twice, and a few times after that', () => {
    const asked = Array.from({ length: 11 }, (_, asks) => asks)
    expect(asked.filter((asks) => appeals(after(asks)) > 0)).toEqual([2, 3, 4, 5, 6, 7, 8])
  })

  test('is appealed for to members of the chat only, and only once somebody can have answered', () => {
    expect(appeals(after(2, [mallory.device, bob.device]))).toBe(1)
    expect(appeals(after(2, [mallory.device]))).toBe(0)
    expect(appeals(after(2, []))).toBe(0)
    expect(appeals(after(2, [bob.device], { phase: 'joining' } as Partial<Conversation>))).toBe(1)
    expect(appeals(after(2, [bob.device], { phase: 'invited' } as Partial<Conversation>))).toBe(0)
  })

  test('is appealed for once in a minute', () => {
    const draft = after(2)
    appealWhenAsked(draft, id)
    expect(appeals(draft)).toBe(1)
  })
})

describe('own entries that somebody returns', () => {
  const own = write(alice, { conversation: id, seq: 6 })
  const theirs = write(bob, { conversation: id, seq: 6 })
  const back = (draft: Draft, accepted: readonly { readonly header: { readonly seq: number } }[], forks: readonly object[] = []): void =>
    takeBack(draft, { device: bob.device, id, length: 0, admission: { accepted, forks } as unknown as Admission, lookups: NO_LOOKUPS })
  const heldBy = (draft: Draft): number | undefined => here(draft).delivery.get(bob.device)?.announced

  test('are held by whoever returns them, and appealed for once', () => {
    const draft = aliceBefore()
    back(draft, [own, theirs])
    expect([heldBy(draft), here(draft).returned, appeals(draft)]).toEqual([7, 7, 1])
    expect(here(draft).chain).toBe(chain)
    back(draft, [own])
    expect([here(draft).returned, appeals(draft)]).toEqual([7, 1])
  })

  test('prove nothing about an envelope that was sealed after them, and leave alone what proves itself', () => {
    const { log } = createReceiver([alice, bob], id)
    const feed = log.feeds.get(alice.device) ?? expect.fail('no feed')
    const draft = aliceBefore({
      log: { ...log, feeds: log.feeds.with(alice.device, { ...feed, tips: [{ seq: 6, id: own.id, order: { time: NOW, depth: 6 } }] }) },
    })
    const waiting = [0, 1, 2].map((until) => ({ envelope: new Uint8Array(1), conversation: id, from: 0, until, deposited: false }))
    const elsewhere = {
      envelope: new Uint8Array(1),
      conversation: conversationIdOf(new Uint8Array(32)),
      from: 0,
      until: 2,
      deposited: false,
    }
    const peer = draft.state.peers.get(bob.device) ?? expect.fail('no peer')
    draft.state = { ...draft.state, peers: draft.state.peers.with(bob.device, { ...peer, envelopes: [...waiting, elsewhere] }) }
    takeBack(draft, {
      device: bob.device,
      id,
      length: 2,
      admission: { accepted: [own], forks: [] } as unknown as Admission,
      lookups: NO_LOOKUPS,
    })
    expect(
      draft.state.peers
        .get(bob.device)
        ?.envelopes.slice(0, 4)
        .map(({ until }) => until),
    ).toEqual([0, 1, 7, 2])
  })

  test('are not those of others', () => {
    const draft = aliceBefore()
    const before = draft.state
    back(draft, [theirs])
    expect([draft.state, draft.effects]).toEqual([before, []])
  })

  test('count as returned up to where others were known to have been', () => {
    const draft = aliceBefore({ missing: { since: 0, asks: 0, upTo: new Map([[alice.device, 9]]), shut: [] } })
    back(draft, [own])
    expect(here(draft).returned).toBe(9)
  })

  test('show a copy of this profile that is alive when there are more after those, and then the chain is another at once', () => {
    const draft = aliceBefore()
    back(draft, [own])
    back(draft, [write(alice, { conversation: id, seq: 7 })])
    expect([here(draft).returned, appeals(draft)]).toEqual([8, 2])
    expect(here(draft).chain.chain).not.toBe(chain.chain)
  })

  test('that wait for their past show the same when their signature was verified, and nothing when it was not', () => {
    const parkedOwn = (isVerified: boolean) => ({
      ...EMPTY_PARKING,
      conversations: new Map([[id, [{ ...own, from: bob.device, since: 0, isVerified }]]]),
    })
    const draft = aliceBefore({}, parkedOwn(true))
    back(draft, [])
    expect([heldBy(draft) ?? 0, here(draft).returned, appeals(draft)]).toEqual([0, 7, 1])
    const unproven = aliceBefore({}, parkedOwn(false))
    back(unproven, [])
    expect([here(unproven).returned, appeals(unproven)]).toEqual([0, 0])
  })
})

describe('a step of the own chain that a returned entry has used', () => {
  const { header } = write(alice, { conversation: id })

  test('is not used again, nor are those before it', () => {
    const draft = aliceBefore()
    skipStep(draft, id, { ...header, chain: chain.chain, step: 3 })
    expect(nextKey(here(draft).chain).step).toBe(4)
  })

  test('is left alone where it is behind, or of another chain', () => {
    const fourth = [1, 2, 3, 4].reduce((at) => nextKey(at).own, chain)
    const draft = aliceBefore({ chain: fourth })
    skipStep(draft, id, { ...header, chain: chain.chain, step: 2 })
    expect(nextKey(here(draft).chain).step).toBe(4)
    skipStep(draft, id, { ...header, chain: chainIdOf(new Uint8Array(16)), step: 9 })
    expect(nextKey(here(draft).chain).step).toBe(4)
  })
})

test('a device without a chat asks nobody about it', () => {
  const draft = createDraft(partialState({}), { now: NOW as Env['now'], random })
  appealWhenAsked(draft, id)
  expect(draft.effects).toEqual([])
})
