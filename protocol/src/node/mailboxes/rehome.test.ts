// When a relay counts as another one in the place of one that was known.

import { expect, test } from 'vitest'
import { toHex } from '../../bytes/bytes.ts'
import { rehome } from './placing.ts'
import { isReplaced } from './rehome.ts'
import { createDraft } from '../draft.ts'
import { NO_NET } from '../net.ts'
import { AsleepError, RestMap } from '../rest-map.ts'
import { partialState } from '../../../test/fixtures/node-state.ts'
import type { Env } from '../draft.ts'
import type { NodeState } from '../state.ts'

const bytes = (fill: number): Uint8Array => new Uint8Array(32).fill(fill)
const old = { key: bytes(1), url: 'wss://chat.example.org' }
const home = { key: bytes(2), url: old.url }

const stateOf = (found: typeof home | undefined, challenge: Uint8Array | undefined = bytes(9)): NodeState =>
  ({ home: found, net: { ...NO_NET, relays: new Map([[toHex(home.key), { challenge }]]) } }) as unknown as NodeState

test('a relay is replaced once another key has greeted as the home relay at its address', () => {
  expect(isReplaced(stateOf(home), old)).toBe(true)
})

test('a relay is not replaced by itself, by one at another address, or by one that has only been heard of', () => {
  expect(isReplaced(stateOf(home), home)).toBe(false)
  expect(isReplaced(stateOf(home), { ...old, url: 'wss://chat.example.com' })).toBe(false)
  expect(isReplaced({ ...stateOf(home), net: NO_NET }, old)).toBe(false)
  const silent = {
    ...stateOf(home),
    net: { ...NO_NET, relays: new Map([[toHex(home.key), { challenge: undefined }]]) },
  } as unknown as NodeState
  expect(isReplaced(silent, old)).toBe(false)
  expect(isReplaced(stateOf(undefined), old)).toBe(false)
})

test('when the home moves, all contacts that rest are named in one go, and nothing was done for some of them before', () => {
  const devices = ['a', 'b', 'c'].map((letter) => letter.repeat(64))
  const contacts = devices.map((id) => [id, { device: { id }, isPaired: true, inbox: { keys: { relay: old } } }] as const)
  const state = {
    ...partialState({ ...stateOf(home) }),
    peers: RestMap.of('contacts', [], contacts) as unknown as NodeState['peers'],
  }
  const draft = createDraft(state, {} as Env)
  const named = (): readonly string[] => {
    try {
      rehome(draft)
      return []
    } catch (error) {
      return error instanceof AsleepError ? error.ids : []
    }
  }
  expect(named()).toEqual(devices)
  expect(draft.state).toBe(state)
})
