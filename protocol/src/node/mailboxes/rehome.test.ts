// When a relay counts as another one in the place of one that was known.

import { expect, test } from 'vitest'
import { toHex } from '../../bytes/bytes.ts'
import { isReplaced } from './rehome.ts'
import { NO_NET } from '../net.ts'
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
