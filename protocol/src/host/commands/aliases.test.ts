import { expect, test } from 'vitest'
import { conversationIdOf } from '../../bytes/ids.ts'
import { createAliases } from './aliases.ts'

const ids = Array.from({ length: 200 }, (_, at) => conversationIdOf(new Uint8Array(32).fill(at)))

test('an alias is the same after each start, another for each chat and device, and no part of the id', () => {
  const mine = ids.map(createAliases(new Uint8Array(32).fill(1)))
  expect(ids.map(createAliases(new Uint8Array(32).fill(1)))).toEqual(mine)
  const theirs = ids.map(createAliases(new Uint8Array(32).fill(2)))
  expect(new Set([...mine, ...theirs]).size).toBe(2 * ids.length)
  for (const alias of mine) expect(alias).toMatch(/^[A-Za-z0-9_-]{11}$/)
})
