import { describe, expect, test } from 'vitest'
import { createSeeded } from '../../test/simulation/seeded.ts'
import { decode } from '../bytes/codec.ts'
import { conversationIdOf, deviceIdOf, entryIdOf, toUnixMs } from '../bytes/ids.ts'
import { IdMap } from '../bytes/id-map.ts'
import { createLog, withFeed } from '../log/log.ts'
import { partialState } from '../../test/fixtures/node-state.ts'
import { verify } from '../crypto/sign.ts'
import { NO_DELIVERY } from '../node/state.ts'
import { NO_NET } from '../node/net.ts'
import { receiptStatement } from '../wire/receipt.ts'
import { hash } from '../crypto/hash.ts'
import { CONVERSATIONS_PER_HAVE_MAX, FRAME_BYTES_MAX } from '../limits.ts'
import { createNode } from '../node/create-node.ts'
import { step } from '../node/step.ts'
import { NetworkError } from '../ports.ts'
import { frame } from '../wire/frame.ts'
import { carryOut } from './carry-out.ts'
import type { ConversationId, DeviceId } from '../bytes/ids.ts'
import type { DueReceipt } from '../node/state.ts'
import type { Conversation, NodeState } from '../node/state.ts'
import type { DirectLink } from '../node/net.ts'
import type { Head } from '../wire/entry.ts'
import type { Frame } from '../wire/frame.ts'
import type { RelayRequest } from '../wire/relay.ts'
import type { OutsideParts } from './carry-out.ts'

const digest = (at: number): Uint8Array => hash(Uint8Array.of(at & 255, at >> 8))
const [alice, bob] = [deviceIdOf(digest(1)), deviceIdOf(digest(2))]

/** What is said of so many conversations: the conversations of each frame, in turn. */
async function toldOf(count: number, heads: readonly Pick<Head, 'device'>[]): Promise<readonly number[]> {
  const feeds = heads.map(({ device }) => ({
    device,
    tips: [{ seq: 1, id: entryIdOf(digest(3)) }] as never,
    fork: undefined,
    named: undefined,
  }))
  const all = Array.from({ length: count }, (_, at) => conversationIdOf(digest(at)))
  const logOf = (id: ConversationId) => feeds.reduce((log, feed) => withFeed(log, { ...feed, signingKey: digest(4) }), createLog(id))
  const state = partialState({ conversations: all.map((id) => [id, { id, delivery: IdMap.empty(), log: logOf(id) }] as const) })
  const sizes: number[] = []
  const send = (_to: unknown, bytes: Uint8Array): Promise<void> => {
    const value = decode(frame, bytes)
    expect(bytes.length).toBeLessThanOrEqual(FRAME_BYTES_MAX)
    sizes.push(value.kind === 'have' ? value.have.length : 0)
    return Promise.resolve()
  }
  const parts = { network: { send }, state: () => state } as unknown as OutsideParts
  for (let due: readonly ConversationId[] = all; due.length > 0;) {
    const { outcome } = await carryOut(parts, { kind: 'tell', key: 'link', device: bob, link: 1, conversations: due, receipts: [] })
    const told = outcome.kind === 'told' ? outcome.told : new Map<ConversationId, unknown>()
    due = due.filter((id) => !told.has(id))
  }
  return sizes
}

test('of more conversations than one frame may tell of, the others follow', async () => {
  expect(await toldOf(CONVERSATIONS_PER_HAVE_MAX, [])).toEqual([CONVERSATIONS_PER_HAVE_MAX])
  expect(await toldOf(CONVERSATIONS_PER_HAVE_MAX + 1, [])).toEqual([CONVERSATIONS_PER_HAVE_MAX, 1])
})

test('of more heads than a frame has bytes for, the others follow', async () => {
  expect(await toldOf(CONVERSATIONS_PER_HAVE_MAX, [{ device: alice }, { device: bob }])).toEqual([500, 500])
})

describe('what a link tells', () => {
  const env = { now: toUnixMs(1_800_000_000_000), random: createSeeded(1).bytes }
  const self = createNode(env).self
  const id = conversationIdOf(digest(7))
  const tipOf = (seq: number) => ({ seq, id: entryIdOf(digest(10 + seq)), order: { time: 0, depth: seq } })
  const feedOf = (device: DeviceId, seq: number) => ({
    device,
    signingKey: digest(4),
    tips: [tipOf(seq)],
    fork: undefined,
    named: undefined,
  })
  const before = [feedOf(alice, 1), feedOf(bob, 2)].reduce(withFeed, createLog(id))
  const claim = { delivered: 4, read: 3, unreadable: [1], recovered: [] }

  async function said(
    link: Partial<DirectLink>,
    given: Partial<Conversation> = {},
    receipts: readonly DueReceipt[] = [],
  ): Promise<readonly Frame[]> {
    const log = withFeed(before, feedOf(alice, 3))
    const delivery = IdMap.of([[bob, { ...NO_DELIVERY, claim }]])
    const state = partialState({
      self,
      conversations: [[id, { id, log, delivery, missing: undefined, ...given }]],
      net: { ...NO_NET, links: new Map([[bob, { told: new Map(), receipts: new Map(), ...link }]]) },
    })
    const frames: Frame[] = []
    const send = (_to: unknown, bytes: Uint8Array): Promise<void> => Promise.resolve(void frames.push(decode(frame, bytes)))
    const parts = { network: { send }, pause: () => Promise.resolve(), state: () => state } as unknown as OutsideParts
    await carryOut(parts, { kind: 'tell', key: 'link', device: bob, link: 1, conversations: [id], receipts })
    return frames
  }
  const headOf = (device: DeviceId, seq: number): Head => ({ device, seq, id: tipOf(seq).id })

  test('is at first every head, with what was heard of receipts', async () => {
    const [have] = await said({})
    if (have?.kind !== 'have') throw new Error('no have')
    expect(have.have).toMatchObject([{ conversation: id, isWhole: true, heard: claim }])
    expect(new Set(have.have[0]?.heads)).toEqual(new Set([headOf(alice, 3), headOf(bob, 2)]))
  })

  test('is later the feeds that have changed since, and all of them again while something is missing', async () => {
    const told = new Map([[id, before]])
    expect(await said({ told })).toEqual([
      { kind: 'have', have: [{ conversation: id, isWhole: false, heads: [headOf(alice, 3)], heard: claim }] },
    ])
    expect(await said({ told }, { missing: { since: 0, asks: 0, upTo: new Map(), shut: [] } })).toMatchObject([
      { have: [{ isWhole: true }] },
    ])
  })

  test('are receipts first, each signed for the device that they are for, with the ends of its feed', async () => {
    const [first, second] = await said({}, {}, [{ conversation: id, claim }])
    expect(second?.kind).toBe('have')
    const [receipt] = first?.kind === 'receipts' ? first.receipts : []
    if (receipt === undefined) throw new Error('no receipt')
    expect(receipt).toMatchObject({ conversation: id, feed: bob, claim, tips: [{ seq: 2, id: tipOf(2).id }] })
    expect(verify(self.device.signingKey, receiptStatement(self.device.id, receipt), receipt.signature)).toBe(true)
  })
})

describe('a packet', () => {
  const conversationIn = ({ conversations }: NodeState): ConversationId => [...conversations.keys()][0] as ConversationId
  const putWhile = async (what: 'revoke-invite' | 'remove' | 'tick'): Promise<readonly string[]> => {
    const env = { now: toUnixMs(1_800_000_000_000), random: createSeeded(1).bytes }
    const relay = { key: digest(4), url: 'wss://relay.example' }
    const founded = step(createNode(env), { kind: 'create', relay, text: 'hello', ref: 'r' }, env)
    const conversation = conversationIn(founded.state)
    const rows = founded.writes.filter((write) => write.kind === 'put' && write.table === 'entries')
    let { state } = founded
    const read = () => {
      ;({ state } = step(state, { kind: what, conversation, when: 'always' }, env))
      return Promise.resolve(rows)
    }
    const asked: string[] = []
    const request = (_relay: string, { kind }: RelayRequest): Promise<void> => Promise.resolve(void asked.push(kind))
    const parts = { store: { read }, network: { request }, random: env.random, state: () => state } as unknown as OutsideParts
    await carryOut(parts, { kind: 'packet', key: 'packet', aim: '2', relay: '', conversation, upTo: 2 })
    return asked
  }

  test('is put while its invite is open', async () => {
    expect(await putWhile('tick')).toEqual(['put-record'])
  })

  test.each(['revoke-invite', 'remove'] as const)('is not put any more when its invite goes while it is read (%s)', async (what) => {
    await expect(putWhile(what)).rejects.toThrow(NetworkError)
  })
})
