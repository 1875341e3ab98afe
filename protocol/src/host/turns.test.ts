// The order in which a busy engine serves what waits.

import { expect, test } from 'vitest'
import { createTurns } from './turns.ts'

const served = (turns: ReturnType<typeof createTurns<string>>, count = Infinity): readonly string[] => {
  const items: string[] = []
  for (let item = turns.next('all'); item !== undefined; item = items.length < count ? turns.next('all') : undefined) items.push(item)
  return items
}

test('what a source sends keeps its order, and sources take turns', () => {
  const turns = createTurns<string>()
  for (const item of ['m1', 'm2', 'm3']) turns.push('mallory', item)
  for (const item of ['b1', 'b2']) turns.push('bob', item)
  expect(served(turns)).toEqual(['m1', 'b1', 'm2', 'b2', 'm3'])
  expect(turns.has('all')).toBe(false)
})

test('whoever comes late waits for one thing of each of the others, however much they have sent', () => {
  const turns = createTurns<string>()
  for (let at = 0; at < 1_000; at++) turns.push('mallory', `m${at}`)
  served(turns, 10)
  turns.push('bob', 'hello')
  expect(served(turns, 2)).toContain('hello')
})

test('own things come before all others, in their order', () => {
  const turns = createTurns<string>()
  turns.push('mallory', 'm1')
  turns.push(undefined, 'one')
  turns.push(undefined, 'two')
  expect(served(turns)).toEqual(['one', 'two', 'm1'])
})

test('all that waits can be let go of', () => {
  const turns = createTurns<string>()
  turns.push('mallory', 'm1')
  turns.push(undefined, 'one')
  expect(turns.clear().toSorted()).toEqual(['m1', 'one'])
  expect(turns.has('all')).toBe(false)
  expect(turns.next('all')).toBeUndefined()
})

test('what is put back comes first in its lane, and own things can be served alone', () => {
  const turns = createTurns<string>()
  for (const item of ['m1', 'm2']) turns.push('mallory', item)
  turns.push(undefined, 'one')
  expect(turns.next('own')).toBe('one')
  expect([turns.has('own'), turns.next('own'), turns.has('all')]).toEqual([false, undefined, true])
  const first = turns.next('all') ?? ''
  turns.putBack('mallory', first)
  turns.putBack(undefined, 'one')
  expect(served(turns)).toEqual(['one', 'm1', 'm2'])
})
