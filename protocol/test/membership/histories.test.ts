import { expect, test } from 'vitest'
import { createSeeded } from '../simulation/seeded.ts'
import { evaluationOf, foldMembership } from './fold.ts'
import { randomHistory } from './histories.ts'
import { evaluate } from './one-pass.ts'
import type { ControlEntry, Evaluation } from '../../src/membership/types.ts'

/** How many random histories; more than a million have been tried so. */
const HISTORIES = Number(process.env['KITH_MEMBERSHIP_HISTORIES'] ?? 20_000)
/** The first seed: a run goes on where another one ended. */
const FROM = Number(process.env['KITH_MEMBERSHIP_FROM'] ?? 0)

/** The same for two evaluations exactly when they say the same. */
function textOf({ counted, accepted, members, history, links }: Evaluation): string {
  const authorities = [...accepted].map(([id, name]) => (name === undefined ? id : `${id} ${name.entry} ${name.index}`))
  return JSON.stringify([
    [...counted].toSorted(),
    authorities.toSorted(),
    [...members].map(([account, role]) => `${account} ${role}`).toSorted(),
    history,
    [...links].toSorted(),
  ])
}

function shuffled(entries: readonly ControlEntry[], seed: number): readonly ControlEntry[] {
  const seeded = createSeeded(seed)
  return entries
    .map((entry) => ({ entry, at: seeded.next() }))
    .toSorted((one, other) => one.at - other.at)
    .map(({ entry }) => entry)
}

test('entries in any order, and given twice, make the same group as all of them at once', { timeout: 3_600_000 }, () => {
  const wrong: number[] = []
  for (let seed = FROM; seed < FROM + HISTORIES; seed++) {
    const { conversation, entries } = randomHistory(seed)
    const whole = textOf(evaluate(conversation, entries))
    const mixed = shuffled([...entries, ...entries.slice(0, 3)], seed)
    const step = textOf(evaluationOf(foldMembership(conversation, mixed)))
    if (step !== whole) wrong.push(seed)
  }
  expect(wrong).toEqual([])
})
