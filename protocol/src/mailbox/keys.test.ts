// The mailbox at a second relay: its owner and its writer come to the same one, and nobody else to either.

import { expect, test } from 'vitest'
import { toHex } from '../bytes/bytes.ts'
import { createSeeded } from '../../test/simulation/seeded.ts'
import { createMailboxKeys, grantOf, secondGrantOf, secondKeysOf } from './keys.ts'

const random = createSeeded(76).bytes
const [first, second, third] = ['a', 'b', 'c'].map((name) => ({ key: random(32), url: `wss://${name}.example.org` })) as [
  Relay,
  Relay,
  Relay,
]
type Relay = { readonly key: Uint8Array; readonly url: string }
const keys = createMailboxKeys(first, random)
const secretsOf = ({ mailbox, readSeed, sendSeed, sealKey }: typeof keys): readonly string[] => [
  mailbox,
  ...[readSeed, sendSeed, sealKey].map(toHex),
]

test('the owner and the writer know the same mailbox at a second relay', () => {
  expect(grantOf(secondKeysOf(keys, second))).toEqual(secondGrantOf(grantOf(keys), second))
  expect(secondKeysOf(keys, second)).toBe(secondKeysOf(keys, { ...second }))
})

test('nothing of it is what the first one has, or what it has at a third relay, so neither relay can relate them', () => {
  const all = [keys, secondKeysOf(keys, second), secondKeysOf(keys, third)].flatMap(secretsOf)
  expect(new Set(all).size).toBe(all.length)
})

test('the place of a relay is no part of it: one that has moved keeps its mailboxes', () => {
  expect(secretsOf(secondKeysOf(keys, { ...second, url: 'wss://d.example.org' }))).toEqual(secretsOf(secondKeysOf(keys, second)))
})

test('a writer, who has all but the read seed, comes to no read seed', () => {
  const writer = { ...grantOf(keys), readSeed: new Uint8Array(32) }
  expect(toHex(secondKeysOf(writer, second).readSeed)).not.toBe(toHex(secondKeysOf(keys, second).readSeed))
})
