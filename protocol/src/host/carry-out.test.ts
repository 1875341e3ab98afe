import { describe, expect, test } from 'vitest'
import { createSeeded } from '../../test/simulation/seeded.ts'
import { decode } from '../bytes/codec.ts'
import { conversationIdOf, deviceIdOf, entryIdOf, toUnixMs } from '../bytes/ids.ts'
import { hash } from '../crypto/hash.ts'
import { CONVERSATIONS_PER_HAVE_MAX, FRAME_BYTES_MAX } from '../limits.ts'
import { createNode } from '../node/create-node.ts'
import { step } from '../node/step.ts'
import { NetworkError } from '../ports.ts'
import { frame } from '../wire/frame.ts'
import { carryOut } from './carry-out.ts'
import type { ConversationId } from '../bytes/ids.ts'
import type { NodeState } from '../node/state.ts'
import type { Head } from '../wire/entry.ts'
import type { RelayRequest } from '../wire/relay.ts'
import type { OutsideParts } from './carry-out.ts'

const digest = (at: number): Uint8Array => hash(Uint8Array.of(at & 255, at >> 8))
const [alice, bob] = [deviceIdOf(digest(1)), deviceIdOf(digest(2))]

/** What is said of so many conversations: the conversations of each frame, in turn. */
async function toldOf(count: number, heads: readonly Pick<Head, 'device'>[]): Promise<readonly number[]> {
  const feeds = new Map(heads.map(({ device }) => [device, { device, tips: [{ seq: 1, id: entryIdOf(digest(3)) }] }]))
  const all = Array.from({ length: count }, (_, at) => conversationIdOf(digest(at)))
  const state = { conversations: new Map(all.map((id) => [id, { id, log: { conversation: id, feeds } }])) }
  const sizes: number[] = []
  const send = (_to: unknown, bytes: Uint8Array): Promise<void> => {
    const value = decode(frame, bytes)
    expect(bytes.length).toBeLessThanOrEqual(FRAME_BYTES_MAX)
    sizes.push(value.kind === 'have' ? value.have.length : 0)
    return Promise.resolve()
  }
  const parts = { network: { send }, state: () => state } as unknown as OutsideParts
  for (let due: readonly ConversationId[] = all; due.length > 0;) {
    const { outcome } = await carryOut(parts, { kind: 'have', key: 'link', device: bob, link: 1, conversations: due })
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
    await carryOut(parts, { kind: 'packet', key: 'packet', aim: '1', relay: '', conversation, to: 1 })
    return asked
  }

  test('is put while its invite is open', async () => {
    expect(await putWhile('tick')).toEqual(['put-record'])
  })

  test.each(['revoke-invite', 'remove'] as const)('is not put any more when its invite goes while it is read (%s)', async (what) => {
    await expect(putWhile(what)).rejects.toThrow(NetworkError)
  })
})
