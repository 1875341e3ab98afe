// When a contact is written to at their other relay, and when not.

import { describe, expect, test } from 'vitest'
import { createSeeded } from '../../../test/simulation/seeded.ts'
import { partialState } from '../../../test/fixtures/node-state.ts'
import { toHex } from '../../bytes/bytes.ts'
import { IdMap } from '../../bytes/id-map.ts'
import { RETURN_MS, SILENT_MS, TURNS_AT_ONCE_MAX } from '../../limits.ts'
import { createMailboxKeys, grantOf, secondGrantOf } from '../../mailbox/keys.ts'
import { createDraft } from '../draft.ts'
import { NO_NET } from '../net.ts'
import { neededSpare, turnToOthers } from './turning.ts'
import type { DeviceId, MailboxId } from '../../bytes/ids.ts'
import type { Env } from '../draft.ts'
import type { RelaySession } from '../net.ts'
import type { NodeState, Peer } from '../state.ts'

const random = createSeeded(2).bytes
const [a, b] = ['a', 'b'].map((name) => ({ key: random(32), url: `wss://${name}.example.org` })) as [Relay, Relay]
type Relay = { readonly key: Uint8Array; readonly url: string }
const bob = 'b'.repeat(64) as DeviceId
const grant = grantOf(createMailboxKeys(a, random))
const atB = secondGrantOf(grant, b)
const START = 1_000_000
const [keyA, keyB] = [toHex(a.key), toHex(b.key)]

const up = (since: number, more: Partial<RelaySession> = {}): RelaySession => ({
  ...{ serial: 1, since, challenge: new Uint8Array(32), ahead: 0 },
  ...{ opened: new Set<never>(), bound: new Set<never>(), checks: new Map(), refused: new Map() },
  ...more,
})
const inUse = { first: { outbox: grant, spare: { grant: atB, isFirst: false } }, second: { outbox: atB, spare: { grant, isFirst: true } } }

type Given = {
  readonly use?: keyof typeof inUse
  readonly relays: ReadonlyMap<string, RelaySession>
  readonly down?: ReadonlyMap<string, number>
  readonly count?: number
}

function stateOf({ use = 'first', relays, down = new Map(), count = 1 }: Given): NodeState {
  const devices = Array.from({ length: count }, (_, at) => (at === 0 ? bob : at.toString(16).padStart(64, 'c')))
  const peers = devices.map((id) => [id, { device: { id }, envelopes: [], ...inUse[use] }] as const)
  return partialState({ self: { device: { id: '0'.repeat(64) } }, peers, net: { ...NO_NET, relays, down } })
}

function passed(state: NodeState, now: number): NodeState {
  const draft = createDraft(state, { now, random } as Env)
  turnToOthers(draft)
  return draft.state
}
const usedIn = (state: NodeState): unknown => (state.peers.get(bob) as Peer).outbox

describe('a contact', () => {
  test('is written to at the second relay once the first has been silent for a while and the second was there', () => {
    const state = stateOf({ relays: new Map([[keyB, up(START - 60_000)]]), down: new Map([[keyA, START]]) })
    expect(usedIn(passed(state, START + SILENT_MS - 1))).toEqual(grant)
    const after = passed(state, START + SILENT_MS)
    expect(usedIn(after)).toEqual(atB)
    expect(after.peers.get(bob)?.spare).toEqual({ grant, isFirst: true })
  })

  test('whose first relay answers stays there, whatever the second does', () => {
    const both = stateOf({
      relays: new Map([
        [keyA, up(START)],
        [keyB, up(0)],
      ]),
    })
    expect(usedIn(passed(both, START + RETURN_MS))).toEqual(grant)
    const alone = stateOf({ relays: new Map([[keyA, up(START)]]), down: new Map([[keyB, 0]]) })
    expect(usedIn(passed(alone, START + RETURN_MS))).toEqual(grant)
  })

  test('is not moved by this device’s own network: where no relay has been there for a while nobody is', () => {
    const offline = stateOf({
      relays: new Map(),
      down: new Map([
        [keyA, 0],
        [keyB, 0],
      ]),
    })
    expect(passed(offline, START)).toBe(offline)
    const back = stateOf({ relays: new Map([[keyB, up(START)]]), down: new Map([[keyA, 0]]) })
    expect(usedIn(passed(back, START + SILENT_MS - 1))).toEqual(grant)
    expect(usedIn(passed(back, START + SILENT_MS))).toEqual(atB)
  })

  test('is not moved to a relay that is not there either, or has not greeted', () => {
    const third = stateOf({ relays: new Map([['c'.repeat(64), up(0)]]) })
    expect(usedIn(passed(third, START))).toEqual(grant)
    const mute = stateOf({ relays: new Map([[keyB, up(0, { challenge: undefined })]]) })
    expect(usedIn(passed(mute, START))).toEqual(grant)
  })

  test('whose second relay is needed is one to be connected with there, and otherwise is not', () => {
    const third = stateOf({ relays: new Map([['c'.repeat(64), up(0)]]) })
    expect(neededSpare(third, bob)).toBeUndefined()
    expect(neededSpare(passed(third, START), bob)).toEqual(b)
    expect(neededSpare(stateOf({ use: 'second', relays: new Map() }), bob)).toEqual(a)
  })

  test('is left where one relay refuses a mailbox more than once, and does not go to one that does so too', () => {
    const refusing = (mailbox: MailboxId, ms: number): Partial<RelaySession> => ({ refused: new Map([[mailbox, { since: START, ms }]]) })
    const once = stateOf({
      relays: new Map([
        [keyA, up(0, refusing(grant.mailbox, 5_000))],
        [keyB, up(0)],
      ]),
    })
    expect(usedIn(passed(once, START))).toEqual(grant)
    const twice = up(0, refusing(grant.mailbox, 10_000))
    expect(
      usedIn(
        passed(
          stateOf({
            relays: new Map([
              [keyA, twice],
              [keyB, up(0)],
            ]),
          }),
          START,
        ),
      ),
    ).toEqual(atB)
    const both = new Map([
      [keyA, twice],
      [keyB, up(0, refusing(atB.mailbox, 10_000))],
    ])
    expect(usedIn(passed(stateOf({ relays: both }), START))).toEqual(grant)
  })

  test('is not moved while what was left would have to wait there: a crash until then would forget that it was to be left again', () => {
    const chat = { id: 'd'.repeat(64), log: { feeds: new Map([[bob, {}]]) } }
    const state = stateOf({ relays: new Map([[keyB, up(0)]]) })
    const directory = { ...state.directory, shared: IdMap.of([[bob, [chat.id]]]) } as unknown as NodeState['directory']
    const again = new Map([[`moved/${bob}/${chat.id}`, { since: START, times: 1 }]])
    const moved = { ...state, directory, net: { ...state.net, again } }
    expect(usedIn(passed(moved, START + 9_999))).toEqual(grant)
  })

  test('goes back when the first relay has been there again for long', () => {
    const state = stateOf({
      use: 'second',
      relays: new Map([
        [keyA, up(START)],
        [keyB, up(0)],
      ]),
    })
    expect(usedIn(passed(state, START + RETURN_MS - 1))).toEqual(atB)
    expect(usedIn(passed(state, START + RETURN_MS))).toEqual(grant)
  })
})

test('of thousands of contacts a bounded number is moved from one second to the next', () => {
  const state = stateOf({ relays: new Map([[keyB, up(0)]]), count: TURNS_AT_ONCE_MAX + 10 })
  const moved = (after: NodeState): number => [...after.peers.awake.values()].filter(({ spare }) => spare?.isFirst === true).length
  expect(moved(passed(state, START))).toBe(TURNS_AT_ONCE_MAX)
  expect(moved(passed(passed(state, START), START))).toBe(TURNS_AT_ONCE_MAX + 10)
})
