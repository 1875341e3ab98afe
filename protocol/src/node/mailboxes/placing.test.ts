// Where own mailboxes lie a second time, and when that changes.

import { describe, expect, test } from 'vitest'
import { createSeeded } from '../../../test/simulation/seeded.ts'
import { partialState } from '../../../test/fixtures/node-state.ts'
import { toHex } from '../../bytes/bytes.ts'
import { LEAVE_RELAY_MS, MOVES_AT_ONCE_MAX, MOVES_MS } from '../../limits.ts'
import { createMailboxKeys, secondKeysOf } from '../../mailbox/keys.ts'
import { createDraft } from '../draft.ts'
import { NO_NET } from '../net.ts'
import { bothOf } from './both.ts'
import { lookAfterRelays } from './placing.ts'
import type { Env } from '../draft.ts'
import type { Inbox } from './inbox.ts'
import type { NodeState } from '../state.ts'

const random = createSeeded(4).bytes
const [a, b, c] = ['a', 'b', 'c'].map((name) => ({ key: random(32), url: `wss://${name}.example.org` })) as [Relay, Relay, Relay]
type Relay = { readonly key: Uint8Array; readonly url: string }
const START = 1_000_000
const keys = createMailboxKeys(a, random)
const atTwo: Inbox = { keys, registered: true, second: { relay: b, registered: true } }

type Given = {
  readonly inbox: Inbox
  readonly homes: readonly [Relay, Relay?]
  readonly up?: readonly Relay[]
  readonly down?: readonly Relay[]
  readonly count?: number
}

function stateOf({ inbox, homes: [home, second], up = [], down = [], count = 1 }: Given): NodeState {
  const peers = Array.from({ length: count }, (_, at) => {
    const id = at.toString(16).padStart(64, 'b')
    return [id, { device: { id }, envelopes: [], pairing: {}, inbox }] as const
  })
  const relays = new Map(up.map(({ key }) => [toHex(key), { since: START }]))
  const net = { ...NO_NET, relays, down: new Map(down.map(({ key }) => [toHex(key), START])) }
  return partialState({ self: { device: { id: '0'.repeat(64) } }, home, second, peers, net })
}

function passed(state: NodeState, ms: number): NodeState {
  const draft = createDraft(state, { now: START + ms, random } as Env)
  lookAfterRelays(draft)
  return draft.state
}
const inboxIn = (state: NodeState): Inbox | undefined => [...state.peers.awake.values()][0]?.inbox

describe('a mailbox', () => {
  test('from before there were two relays gets a second at the other home', () => {
    const before = { keys, registered: true }
    expect(inboxIn(passed(stateOf({ inbox: before, homes: [a, b] }), 0))).toEqual({ ...before, second: { relay: b, registered: false } })
    expect(inboxIn(passed(stateOf({ inbox: before, homes: [b, a] }), 0))?.second?.relay).toBe(b)
    expect(inboxIn(passed(stateOf({ inbox: before, homes: [a] }), 0))).toBe(before)
  })

  test('stays where it is while its relays answer, whatever the list names', () => {
    for (const homes of [
      [a, b],
      [b, a],
      [c, b],
      [b, c],
    ] as const)
      expect(inboxIn(passed(stateOf({ inbox: atTwo, homes: [...homes] }), LEAVE_RELAY_MS))).toBe(atTwo)
  })

  test('stays at a relay that is silent for long and still named: there is no better one', () => {
    expect(inboxIn(passed(stateOf({ inbox: atTwo, homes: [b, a], down: [a] }), LEAVE_RELAY_MS))).toBe(atTwo)
  })

  test('of a relay that is silent for long and not among the homes any more has its second as the first', () => {
    const state = stateOf({ inbox: atTwo, homes: [b, c], down: [a] })
    expect(inboxIn(passed(state, LEAVE_RELAY_MS - 1))).toBe(atTwo)
    const after = inboxIn(passed(state, LEAVE_RELAY_MS))
    expect(after?.keys).toBe(secondKeysOf(keys, b))
    expect(after).toMatchObject({ registered: true, second: { relay: c, registered: false } })
    expect(bothOf(after).map((each) => each.keys.relay)).toEqual([b, c])
  })

  test('of a relay that was not there since the start is left as well, once that is long', () => {
    const state = passed(stateOf({ inbox: atTwo, homes: [b, c] }), 0)
    expect(inboxIn(state)).toBe(atTwo)
    expect(inboxIn(passed(state, LEAVE_RELAY_MS))?.keys).toBe(secondKeysOf(keys, b))
  })

  test('whose second relay is gone gets another second, and keeps its name', () => {
    const after = inboxIn(passed(stateOf({ inbox: atTwo, homes: [a, c], down: [b] }), LEAVE_RELAY_MS))
    expect(after).toEqual({ ...atTwo, second: { relay: c, registered: false } })
  })
})

test('of thousands of contacts a few are told from one second to the next, and then all are looked at after a while only', () => {
  const state = stateOf({ inbox: { keys, registered: true }, homes: [a, b], count: MOVES_AT_ONCE_MAX + 2 })
  const moved = (after: NodeState): number => [...after.peers.awake.values()].filter(({ inbox }) => inbox?.second !== undefined).length
  const first = passed(state, 0)
  expect([moved(first), first.net.placed]).toEqual([MOVES_AT_ONCE_MAX, 0])
  const then = passed(first, 1_000)
  expect([moved(then), then.net.placed]).toEqual([MOVES_AT_ONCE_MAX + 2, START + 1_000])
  expect(passed(then, 1_000 + MOVES_MS - 1)).toBe(then)
})
