import { describe, expect, test } from 'vitest'
import { blobIdOf, conversationIdOf, deviceIdOf, mailboxIdOf } from '../../bytes/ids.ts'
import { HELD_BLOBS_MAX, HELD_BLOBS_TOTAL_MAX } from '../../limits.ts'
import { directoryOf } from '../../node/directory.ts'
import { createHolds } from './holds.ts'
import { RestMap } from '../../node/rest-map.ts'
import type { Acknowledgement, Effect } from '../../node/draft.ts'
import type { Conversation, NodeState, Peer } from '../../node/state.ts'

type Held = Extract<Effect, { kind: 'hold' }>

const bytes = (...given: readonly number[]): Uint8Array => Uint8Array.from({ length: 32 }, (_, at) => given[at] ?? 0)
/** The blob number `at` of a mailbox. */
const held = (mailbox: number, at: number): Held => ({
  kind: 'hold',
  blob: { kind: 'acknowledge', relay: 'relay', mailbox: mailboxIdOf(bytes(mailbox)), blob: blobIdOf(bytes(mailbox, at)) },
  sealed: bytes(mailbox, at),
})

const writer = { device: { id: deviceIdOf(bytes(7)) }, inbox: { keys: { mailbox: held(1, 0).blob.mailbox } } } as unknown as Peer
const feeds = new Map([[writer.device.id, {}]])
const conversation = (changed: object): Conversation =>
  ({
    id: conversationIdOf(bytes(8)),
    log: { feeds },
    chains: new Map(),
    closed: new Map(),
    blobKeys: new Map(),
    ...changed,
  }) as unknown as Conversation

const stateOf = (peers: readonly Peer[], ...conversations: readonly Conversation[]): NodeState =>
  ({
    self: { device: { id: deviceIdOf(bytes(9)) } },
    peers: RestMap.of(
      'contacts',
      peers.map((peer) => [peer.device.id, peer]),
    ),
    conversations: RestMap.of(
      'chats',
      conversations.map((known) => [known.id, known]),
    ),
    directory: directoryOf({ peers, conversations }),
  }) as unknown as NodeState

function bench() {
  const acknowledged: Acknowledgement[] = []
  const again: Held[] = []
  const holds = createHolds({
    acknowledge: (blob) => void acknowledged.push(blob),
    send: () => {},
    readAgain: (blob) => void again.push(blob),
  })
  return { holds, acknowledged, again }
}

describe('blobs that wait', () => {
  test('are a bounded number in one mailbox: of one more, the oldest is let go', () => {
    const { holds, acknowledged } = bench()
    for (let at = 0; at < HELD_BLOBS_MAX; at++) holds.hold(held(1, at))
    expect(acknowledged).toEqual([])
    holds.hold(held(1, HELD_BLOBS_MAX))
    expect(acknowledged).toEqual([held(1, 0).blob])
  })

  test('are a bounded number in all: of one more, the fullest mailbox gives its oldest', () => {
    const { holds, acknowledged } = bench()
    const each = HELD_BLOBS_MAX - 2
    const mailboxes = Math.floor(HELD_BLOBS_TOTAL_MAX / each)
    for (let mailbox = 0; mailbox < mailboxes; mailbox++) for (let at = 0; at < each; at++) holds.hold(held(mailbox, at))
    for (let at = 0; at < HELD_BLOBS_TOTAL_MAX - mailboxes * each; at++) holds.hold(held(100, at))
    expect(acknowledged).toEqual([])
    holds.hold(held(101, 0))
    expect(acknowledged).toEqual([held(0, 0).blob])
  })

  test('count once, however often they come', () => {
    const { holds, acknowledged } = bench()
    for (let round = 0; round < 3; round++) for (let at = 0; at < HELD_BLOBS_MAX; at++) holds.hold(held(1, at))
    expect(acknowledged).toEqual([])
  })

  test('are the same as when they came first, when the relay pushes them once more', () => {
    const { holds, again } = bench()
    const heldAt = (length: number) => new Map([[conversation({}).id, length]])
    for (const length of [3, 5]) holds.hold({ ...held(1, 0), heldAt: heldAt(length) })
    holds.follow(stateOf([]), stateOf([writer], conversation({})))
    expect(again.map((blob) => [...(blob.heldAt?.values() ?? [])])).toEqual([[3]])
  })

  test('make room when they are acknowledged', () => {
    const { holds, acknowledged } = bench()
    for (let at = 0; at < HELD_BLOBS_MAX; at++) holds.hold(held(1, at))
    holds.acknowledge(held(1, 3).blob)
    holds.hold(held(1, HELD_BLOBS_MAX))
    expect(acknowledged).toEqual([held(1, 3).blob])
  })

  test('are read again when it is known who writes there, and not while nothing has changed', () => {
    const { holds, again } = bench()
    holds.hold(held(1, 0))
    holds.follow(stateOf([]), stateOf([], conversation({})))
    expect(again).toEqual([])
    holds.follow(stateOf([]), stateOf([writer], conversation({})))
    expect(again).toEqual([held(1, 0)])
  })

  test('are read again when more is known of what the writer has, and of what no key will come for', () => {
    const { holds, again } = bench()
    const state = (changed: object): NodeState => stateOf([writer], conversation(changed))
    holds.hold(held(1, 0))
    holds.follow(state({}), state({ unsent: undefined }))
    expect(again).toEqual([])
    holds.follow(state({}), state({ log: { feeds: new Map([[writer.device.id, {}]]) } }))
    holds.follow(state({}), state({ chains: new Map([[writer.device.id, [{ chain: 'chain' }]]]) }))
    holds.follow(state({}), state({ closed: new Map([[writer.device.id, 7]]) }))
    holds.follow(state({}), state({ blobKeys: new Map([[writer.device.id, [new Uint8Array(32)]]]) }))
    expect(again).toEqual([held(1, 0), held(1, 0), held(1, 0), held(1, 0)])
  })
})
