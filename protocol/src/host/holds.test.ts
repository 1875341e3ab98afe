import { describe, expect, test } from 'vitest'
import { blobIdOf, mailboxIdOf } from '../bytes/ids.ts'
import { HELD_BLOBS_MAX, HELD_BLOBS_TOTAL_MAX } from '../limits.ts'
import { createHolds } from './holds.ts'
import type { Acknowledgement, Effect } from '../node/draft.ts'
import type { NodeState } from '../node/state.ts'

type Held = Extract<Effect, { kind: 'hold' }>

const bytes = (...given: readonly number[]): Uint8Array => Uint8Array.from({ length: 32 }, (_, at) => given[at] ?? 0)
/** The blob number `at` of a mailbox. */
const held = (mailbox: number, at: number): Held => ({
  kind: 'hold',
  blob: { kind: 'acknowledge', relay: 'relay', mailbox: mailboxIdOf(bytes(mailbox)), blob: blobIdOf(bytes(mailbox, at)) },
  sealed: bytes(mailbox, at),
})

function bench() {
  const acknowledged: Acknowledgement[] = []
  const again: Held[] = []
  const holds = createHolds({ acknowledge: (blob) => void acknowledged.push(blob), readAgain: (blob) => void again.push(blob) })
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

  test('make room when they are acknowledged', () => {
    const { holds, acknowledged } = bench()
    for (let at = 0; at < HELD_BLOBS_MAX; at++) holds.hold(held(1, at))
    holds.acknowledge(held(1, 3).blob)
    holds.hold(held(1, HELD_BLOBS_MAX))
    expect(acknowledged).toEqual([held(1, 3).blob])
  })

  test('are read again when it is known who writes there, and not while nothing has changed', () => {
    const { holds, again } = bench()
    const before = { peers: new Map(), conversations: new Map() } as unknown as NodeState
    holds.hold(held(1, 0))
    holds.follow(before, { ...before, conversations: new Map() })
    expect(again).toEqual([])
    const device = 'writer'
    const peers = new Map([[device, { device: { id: device }, inbox: { keys: { mailbox: held(1, 0).blob.mailbox } } }]])
    holds.follow(before, { ...before, peers, conversations: new Map() } as unknown as NodeState)
    expect(again).toEqual([held(1, 0)])
  })

  test('are read again when more is known of what the writer has, and of what no key will come for', () => {
    const { holds, again } = bench()
    const [self, device] = ['self', 'writer']
    const peers = new Map([[device, { device: { id: device }, inbox: { keys: { mailbox: held(1, 0).blob.mailbox } } }]])
    const feed = {}
    const state = (changed: object): NodeState => {
      const known = { log: { feeds: new Map([[device, feed]]) }, chains: new Map(), closed: new Map(), ...changed }
      return { self: { device: { id: self } }, peers, conversations: new Map([['id', { id: 'id', ...known }]]) } as unknown as NodeState
    }
    holds.hold(held(1, 0))
    holds.follow(state({}), state({ unsent: undefined }))
    expect(again).toEqual([])
    holds.follow(state({}), state({ log: { feeds: new Map([[device, {}]]) } }))
    holds.follow(state({}), state({ chains: new Map([[device, [{ chain: 'chain' }]]]) }))
    holds.follow(state({}), state({ closed: new Map([[device, 7]]) }))
    expect(again).toEqual([held(1, 0), held(1, 0), held(1, 0)])
  })
})
