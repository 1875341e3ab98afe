import { expect, test } from 'vitest'
import { createSeeded } from '../simulation/seeded.ts'
import { evaluationOf, foldMembership } from './fold.ts'
import { randomHistory } from './histories.ts'
import { entryNamed } from './names.ts'
import { evaluate } from './one-pass.ts'
import { evaluate as evaluateAgain, evaluateWhole } from './second-evaluator.ts'
import { compareRank, type Grant } from '../../src/membership/grant.ts'
import { historyAt } from '../../src/membership/outcome.ts'
import type { EntryId } from '../../src/bytes/ids.ts'
import type { Membership } from '../../src/membership/state.ts'
import type { ControlEntry, Evaluation } from '../../src/membership/types.ts'

/** How many random histories; a long run asks for more. */
const HISTORIES = Number(process.env['KITH_MEMBERSHIP_HISTORIES'] ?? 20_000)
/** What follows from the agreement of evaluators, or takes more than they do, is tried on some of them. */
const SOME = Math.ceil(HISTORIES / 10)
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

test(
  'entries in any order, and given twice, make the same group as all of them at once, and as a second evaluator does',
  { timeout: 3_600_000 },
  () => {
    const wrong: number[] = []
    for (let seed = FROM; seed < FROM + HISTORIES; seed++) {
      const { conversation, entries } = randomHistory(seed)
      const whole = textOf(evaluate(conversation, entries))
      const again = textOf(evaluateAgain(conversation, entries))
      const mixed = shuffled([...entries, ...entries.slice(0, 3)], seed)
      const step = textOf(evaluationOf(foldMembership(conversation, mixed)))
      if (step !== whole || again !== whole) wrong.push(seed)
    }
    expect(wrong).toEqual([])
  },
)

test('what the history was for whoever wrote an entry is the same as for a second evaluator', { timeout: 3_600_000 }, () => {
  const wrong: number[] = []
  let shown = 0
  for (let seed = FROM; seed < FROM + SOME; seed++) {
    const { conversation, entries } = randomHistory(seed)
    const { histories } = evaluateWhole(conversation, entries)
    const membership = foldMembership(conversation, entries)
    for (const { id, past } of entries) {
      const history = histories.get(id)
      if (history === 'all') shown += 1
      if (history !== undefined && historyAt(membership, past) !== history) wrong.push(seed)
    }
  }
  expect(wrong).toEqual([])
  expect(shown).toBeGreaterThan(SOME / 5)
})

/** Acts that mean something even where they are refused: what begins a group counts, and who closes a link need not know whether it was ever open. */
const NEVER_SILENCED = new Set(['create-group', 'open-link'])

/** `entries` with those that `isDropped` names saying something that is refused always. They stay in the pasts of others. */
const silenced = (entries: readonly ControlEntry[], isDropped: (id: EntryId) => boolean): readonly ControlEntry[] =>
  entries.map((entry) =>
    isDropped(entry.id) && !NEVER_SILENCED.has(entry.act.kind)
      ? { ...entry, act: { kind: 'close-link', link: entryNamed('none') } }
      : entry,
  )

test('what is refused has no effect', () => {
  const wrong: number[] = []
  let refused = 0
  for (let seed = FROM; seed < FROM + SOME; seed++) {
    const { conversation, entries } = randomHistory(seed)
    const { accepted, ...whole } = evaluationOf(foldMembership(conversation, entries))
    const quiet = silenced(entries, (id) => !accepted.has(id))
    refused += entries.length - accepted.size
    if (textOf(evaluationOf(foldMembership(conversation, quiet))) !== textOf({ accepted, ...whole })) wrong.push(seed)
  }
  expect(wrong).toEqual([])
  expect(refused).toBeGreaterThan(SOME)
})

/** Entries that rest on a grant senior to `limit`, and on which one. Who lets people in acts for a member, whoever it is. */
const restingAbove = ({ entries }: Membership, limit: Grant): string =>
  JSON.stringify(
    [...entries.values()].flatMap(({ entry, authority }) =>
      authority !== undefined && entry.act.kind !== 'let-in' && compareRank(authority, limit) < 0
        ? [[entry.id, authority.maker.id, authority.index, authority.depth]]
        : [],
    ),
  )

test('no junior affects a senior: without all that juniors did, seniors have done the same', () => {
  const wrong: number[] = []
  let silent = 0
  for (let seed = FROM; seed < FROM + SOME; seed++) {
    const { conversation, entries } = randomHistory(seed)
    const whole = foldMembership(conversation, entries)
    const authorities = [...whole.entries.values()].flatMap(({ authority }) => authority ?? [])
    if (authorities.length === 0) continue
    const limit = authorities[seed % authorities.length] as Grant
    const juniors = new Set(
      [...whole.entries.values()].flatMap(({ entry: { id, act }, authority }) =>
        authority !== undefined && act.kind !== 'resign' && compareRank(authority, limit) >= 0 ? [id] : [],
      ),
    )
    silent += juniors.size
    const quiet = foldMembership(
      conversation,
      silenced(entries, (id) => juniors.has(id)),
    )
    if (restingAbove(quiet, limit) !== restingAbove(whole, limit)) wrong.push(seed)
  }
  expect(wrong).toEqual([])
  expect(silent).toBeGreaterThan(SOME)
})
