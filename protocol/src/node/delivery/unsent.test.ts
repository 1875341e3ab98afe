import { expect, test } from 'vitest'
import { partialState } from '../../../test/fixtures/node-state.ts'
import { conversationIdOf, deviceIdOf, toUnixMs } from '../../bytes/ids.ts'
import { createDraft } from '../draft.ts'
import { leaveUpTo } from './unsent.ts'
import type { Draft } from '../draft.ts'

const NOW = toUnixMs(1_800_000_000_000)
const id = conversationIdOf(new Uint8Array(32).fill(1))
const device = deviceIdOf(new Uint8Array(32).fill(2))
const LENGTH = 8

/** So much of the own feed has left, with three texts that were written so many ms ago in it. */
function left(length: number, age: number): Draft {
  const log = { feeds: new Map([[device, { device, tips: [{ seq: LENGTH - 1 }] }]]) }
  const conversations = new Map([[id, { id, log, unsent: { texts: 3, since: NOW - age } }]])
  const draft = createDraft(partialState({ self: { device: { id: device } }, conversations }), {
    now: NOW,
    random: () => new Uint8Array(0),
  })
  leaveUpTo(draft, id, length)
  return draft
}
const isWaiting = (draft: Draft): boolean => draft.state.conversations.get(id)?.unsent !== undefined

test('texts wait until the last own entry has left', () => {
  expect(isWaiting(left(LENGTH - 1, 60_000))).toBe(true)
  expect(left(LENGTH - 1, 60_000).effects).toEqual([])
  expect(isWaiting(left(LENGTH, 60_000))).toBe(false)
})

test.each([
  { age: 4_999, told: [] },
  { age: 5_000, told: [{ kind: 'went-out', messages: 3 }] },
])('of texts that leave after $age ms is told: $told', ({ age, told }) => {
  expect(left(LENGTH, age).effects).toEqual(told)
})
