// Strikes of one line, in whichever order they come.

import { expect, test } from 'vitest'
import { IdMap } from '../bytes/id-map.ts'
import { isStruck, withStrike } from './grant.ts'
import type { AccountId, EntryId } from '../bytes/ids.ts'
import type { Grant, Strike, StrikeLine } from './grant.ts'
import type { Place } from './past.ts'

const line = 'b'.repeat(64) as EntryId
const erin = 'e'.repeat(64) as AccountId
const NOTHING: IdMap<EntryId, number> = IdMap.empty()
const place = (id: string, at: number, past = NOTHING, of = line): Place => ({ id: id as EntryId, line: of, at, before: undefined, past })
const grantBy = (maker: Place, depth: number): Grant => ({ account: erin, role: 'member', depth, maker, index: 0, isByLink: false })
const authority: Grant = {
  ...grantBy(place('bob in', 0, NOTHING, 'a'.repeat(64) as EntryId), 1),
  account: 'b'.repeat(64) as AccountId,
  role: 'admin',
}
const strikes = [0, 1, 2].map((at): Strike => ({ account: erin, by: place(`out ${at}`, at), kind: 'remove', role: undefined, authority }))

test.each([
  [0, 1, 2],
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
])('%i, %i, %i: none is lost, and whoever knew of the first two is struck by the third', (...order) => {
  let lines: readonly StrikeLine[] = []
  for (const at of order) lines = withStrike(lines, strikes[at] as Strike)
  expect(lines).toEqual([{ line, strikes }])
  const known = (count: number): Grant => grantBy(place('erin in', 0, NOTHING.with(line, count), 'c'.repeat(64) as EntryId), 2)
  expect([0, 1, 2, 3].map((count) => isStruck(known(count), lines))).toEqual([true, true, true, false])
})
