// Which relays the network adapter is told of, when several people name one relay in different places.

import { describe, expect, test } from 'vitest'
import { partialState } from '../../../test/fixtures/node-state.ts'
import { conversationIdOf, deviceIdOf, mailboxIdOf, toUnixMs } from '../../bytes/ids.ts'
import { toHex } from '../../bytes/bytes.ts'
import { DIALS_AT_ONCE_MAX } from '../../limits.ts'
import { withPeer } from '../../node/change.ts'
import { NO_NET } from '../../node/net.ts'
import { NO_REMOVALS } from '../../node/state.ts'
import { ADDRESS_MS, createReachability } from './reachability.ts'
import type { DeviceId } from '../../bytes/ids.ts'
import type { NodeState, Peer } from '../../node/state.ts'
import type { Network } from '../../ports.ts'
import type { RelayAddress } from '../../wire/capability.ts'

const RELAY = new Uint8Array(32).fill(1)
const HOME = new Uint8Array(32).fill(2)
const at = (key: Uint8Array, url: string): RelayAddress => ({ key, url })
const home = at(HOME, 'wss://home.example')

type Naming = { readonly device: string; readonly relay: RelayAddress; readonly as: 'contact' | 'stranger' }

/** Ids that sort as the names do. */
const idOf = (name: string): DeviceId => deviceIdOf(new Uint8Array(32).fill(name.charCodeAt(0)))

const stateWith = (
  namings: readonly Naming[],
  up: readonly Uint8Array[] = [HOME],
  conversations: Iterable<[string, object]> = [],
): NodeState =>
  partialState({
    home,
    conversations,
    peers: namings.map(({ device, relay, as }) => [
      idOf(device),
      {
        device: { id: idOf(device) },
        pairing: as === 'contact' ? { sessions: [] } : undefined,
        outbox: { relay, mailbox: mailboxIdOf(new Uint8Array(32).fill(device.charCodeAt(0))) },
      },
    ]),
    removals: NO_REMOVALS,
    net: { ...NO_NET, relays: new Map(up.map((key) => [toHex(key), {}])) },
  })

function createScene() {
  const told: string[][] = []
  let now = 0
  const network = {
    setRelays: (relays: readonly RelayAddress[]) => void told.push(relays.map(({ url }) => url)),
    setPeers: () => {},
    dial: () => {},
  } as unknown as Network
  let before = partialState({})
  const { follow: change, dial } = createReachability(network, { clock: () => toUnixMs(now), initial: before })
  const follow = (state: NodeState): void => {
    change(before, state)
    before = state
  }
  const pass = (ms: number, state: NodeState): void => {
    for (const until = now + ms; now < until; now += 1_000) dial(state)
  }
  told.length = 0
  return { follow, pass, last: () => told.at(-1), told }
}

describe('a relay that is named in several places', () => {
  test('and is the home relay is looked for where the page says, and nowhere else', () => {
    const { follow, pass, told } = createScene()
    const state = stateWith([{ device: 'mallory', relay: at(HOME, 'wss://attacker.example'), as: 'contact' }], [])
    follow(state)
    pass(10 * ADDRESS_MS, state)
    expect(told).toEqual([['wss://home.example']])
  })

  test('is looked for where a contact says, before where a stranger says', () => {
    const { follow, last } = createScene()
    follow(
      stateWith([
        { device: 'mallory', relay: at(RELAY, 'wss://attacker.example'), as: 'stranger' },
        { device: 'bob', relay: at(RELAY, 'wss://relay.example'), as: 'contact' },
      ]),
    )
    expect(last()).toEqual(['wss://home.example', 'wss://relay.example'])
  })

  test('is found in the end where one contact says the truth and another does not', () => {
    const { follow, pass, last } = createScene()
    const both: readonly Naming[] = [
      { device: 'alf', relay: at(RELAY, 'wss://attacker.example'), as: 'contact' },
      { device: 'bob', relay: at(RELAY, 'wss://relay.example'), as: 'contact' },
    ]
    const away = stateWith(both)
    follow(away)
    expect(last()).toEqual(['wss://home.example', 'wss://attacker.example'])
    pass(ADDRESS_MS + 1_000, away)
    expect(last()).toEqual(['wss://home.example', 'wss://relay.example'])
    pass(ADDRESS_MS, away)
    expect(last()).toEqual(['wss://home.example', 'wss://attacker.example'])
  })

  test('is not left, once it was reached, for a place that somebody names later', () => {
    const { follow, pass, told } = createScene()
    const bob: Naming = { device: 'bob', relay: at(RELAY, 'wss://relay.example'), as: 'contact' }
    const mallory: Naming = { device: 'alf', relay: at(RELAY, 'wss://attacker.example'), as: 'contact' }
    const up = [HOME, RELAY]
    follow(stateWith([bob]))
    follow(stateWith([bob], up))
    follow(stateWith([mallory, bob], up))
    pass(10 * ADDRESS_MS, stateWith([mallory, bob], up))
    expect(told).toEqual([['wss://home.example', 'wss://relay.example']])
  })

  test('is looked for elsewhere as soon as nobody names its place any more', () => {
    const { follow, last } = createScene()
    follow(stateWith([{ device: 'bob', relay: at(RELAY, 'wss://old.example'), as: 'contact' }], [HOME, RELAY]))
    follow(stateWith([{ device: 'bob', relay: at(RELAY, 'wss://new.example'), as: 'contact' }], [HOME, RELAY]))
    expect(last()).toEqual(['wss://home.example', 'wss://new.example'])
  })
})

test('a device that has signed nothing yet, or nothing but an invite that is not answered, is no way to anybody: its signing key may be somebody else’s', () => {
  const told: (readonly string[])[] = []
  const dialled: string[] = []
  const network = {
    setRelays: () => {},
    setPeers: (peers: readonly { readonly device: string }[]) => void told.push(peers.map(({ device }) => device)),
    dial: (device: string) => void dialled.push(device),
  } as unknown as Network
  const [bob, mallory] = [idOf('bob'), idOf('mallory')]
  const feeds = (phase: 'invited' | 'open', ...tips: readonly (readonly [DeviceId, readonly object[]])[]): NodeState => {
    const id = conversationIdOf(new Uint8Array(32))
    const namings = (['bob', 'mallory'] as const).map((device) => ({ device, relay: home, as: 'contact' }) as const)
    return stateWith(namings, [HOME], [[id, { id, phase, log: { feeds: new Map(tips.map(([device, its]) => [device, { tips: its }])) } }]])
  }
  const first = feeds('open', [bob, [{ seq: 0 }]], [mallory, []])
  const { follow } = createReachability(network, { clock: () => toUnixMs(0), initial: first })
  expect([told.at(-1), dialled]).toEqual([[bob], [bob]])
  const both = [[bob, [{ seq: 0 }]] as const, [mallory, [{ seq: 0 }]] as const] as const
  follow(first, feeds('open', ...both))
  expect(told.at(-1)).toEqual([bob, mallory])
  told.length = 0
  const invited = feeds('invited', ...both)
  const { follow: go } = createReachability(network, { clock: () => toUnixMs(0), initial: invited })
  expect([told, dialled.length]).toEqual([[], 3])
  go(invited, feeds('open', ...both))
  expect(told).toEqual([[bob, mallory]])
})

test('of many contacts that are away a bounded number is tried at one time, and everybody in turn', () => {
  const names = Array.from({ length: DIALS_AT_ONCE_MAX + 3 }, (_, at) => String.fromCharCode(97 + at))
  const conversation = conversationIdOf(new Uint8Array(32))
  const feeds = new Map(names.map((name) => [idOf(name), { tips: [{ seq: 0 }] }]))
  const state = stateWith(
    names.map((device) => ({ device, relay: home, as: 'contact' })),
    [HOME],
    [[conversation, { id: conversation, phase: 'open', log: { feeds } }]],
  )
  const dialled: string[] = []
  const network = { setRelays: () => {}, setPeers: () => {}, dial: (device: string) => void dialled.push(device) } as unknown as Network
  const { dial } = createReachability(network, { clock: () => toUnixMs(0), initial: state })
  dialled.length = 0
  dial(state)
  expect(new Set(dialled).size).toBe(DIALS_AT_ONCE_MAX)
  dial(state)
  expect(new Set(dialled).size).toBe(names.length)
})

test('who was heard of through a mailbox is tried at once', () => {
  const conversation = conversationIdOf(new Uint8Array(32))
  const bob = idOf('bob')
  const before = stateWith(
    [{ device: 'bob', relay: home, as: 'contact' }],
    [HOME],
    [[conversation, { id: conversation, phase: 'open', log: { feeds: new Map([[bob, { tips: [{ seq: 0 }] }]]) } }]],
  )
  const dialled: string[] = []
  const network = { setRelays: () => {}, setPeers: () => {}, dial: (device: string) => void dialled.push(device) } as unknown as Network
  const { follow } = createReachability(network, { clock: () => toUnixMs(0), initial: before })
  dialled.length = 0
  follow(before, withPeer(before, { ...(before.peers.get(bob) as Peer), lastHeard: 7 }))
  expect(dialled).toEqual([bob])
})
