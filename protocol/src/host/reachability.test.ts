// Which relays the network adapter is told of, when several people name one relay in different places.

import { describe, expect, test } from 'vitest'
import { toUnixMs } from '../bytes/ids.ts'
import { toHex } from '../bytes/bytes.ts'
import { ADDRESS_MS, createReachability } from './reachability.ts'
import { NO_REMOVALS } from '../node/state.ts'
import type { NodeState } from '../node/state.ts'
import type { Network } from '../ports.ts'
import type { RelayAddress } from '../wire/capability.ts'

const RELAY = new Uint8Array(32).fill(1)
const HOME = new Uint8Array(32).fill(2)
const at = (key: Uint8Array, url: string): RelayAddress => ({ key, url })
const home = at(HOME, 'wss://home.example')

type Naming = { readonly device: string; readonly relay: RelayAddress; readonly as: 'contact' | 'stranger' }

const stateWith = (namings: readonly Naming[], up: readonly Uint8Array[] = [HOME]): NodeState =>
  ({
    home,
    conversations: new Map(),
    peers: new Map(
      namings.map(({ device, relay, as }) => [
        device,
        { device: { id: device }, pairing: as === 'contact' ? { sessions: [] } : undefined, outbox: { relay, mailbox: device } },
      ]),
    ),
    removals: NO_REMOVALS,
    net: { visited: [], relays: new Map(up.map((key) => [toHex(key), {}])), links: new Map() },
  }) as unknown as NodeState

function createScene() {
  const told: string[][] = []
  let now = 0
  const network = {
    setRelays: (relays: readonly RelayAddress[]) => void told.push(relays.map(({ url }) => url)),
    setPeers: () => {},
    dial: () => {},
  } as unknown as Network
  const { follow, dial } = createReachability(network, () => toUnixMs(now))
  const pass = (ms: number, state: NodeState): void => {
    for (const until = now + ms; now < until; now += 1_000) dial(state)
  }
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
      { device: 'mallory', relay: at(RELAY, 'wss://attacker.example'), as: 'contact' },
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

test('a device that has signed nothing yet is no way to anybody: its signing key may be somebody else’s', () => {
  const told: (readonly string[])[] = []
  const dialled: string[] = []
  const network = {
    setRelays: () => {},
    setPeers: (peers: readonly { readonly device: string }[]) => void told.push(peers.map(({ device }) => device)),
    dial: (device: string) => void dialled.push(device),
  } as unknown as Network
  const { follow } = createReachability(network, () => toUnixMs(0))
  const state = stateWith([
    { device: 'bob', relay: home, as: 'contact' },
    { device: 'mallory', relay: home, as: 'contact' },
  ])
  const feeds = (tips: Readonly<Record<string, readonly object[]>>) => ({
    ...state,
    conversations: new Map([['one', { log: { feeds: new Map(Object.entries(tips).map(([device, its]) => [device, { tips: its }])) } }]]),
  })
  follow(feeds({ bob: [{ seq: 0 }], mallory: [] }) as unknown as NodeState)
  expect([told.at(-1), dialled]).toEqual([['bob'], ['bob']])
  follow(feeds({ bob: [{ seq: 0 }], mallory: [{ seq: 0 }] }) as unknown as NodeState)
  expect(told.at(-1)).toEqual(['bob', 'mallory'])
})
