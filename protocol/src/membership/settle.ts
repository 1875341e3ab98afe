// One entry more in a group: it is judged, and after it whatever its grants, strikes and links concern (docs/protocol.md §11.4, §11.5).
// What an act rests on is senior to what it makes, so judging in the order of seniority comes to an end, and to the same one whatever came first.

import { concernedByGrant, concernedByLink, concernedByStrike } from './concerned.ts'
import { grantsOf, strikesOf } from './effects.ts'
import { compareRank, doesStrike, isStruck, withoutStrikesOf, withStrike } from './grant.ts'
import { judgeAgain, judgeNew } from './judge.ts'
import { updateHistory, updateLink, updateMember } from './outcome.ts'
import { placeOf } from './past.ts'
import { judgedOf, standingOf, useOf } from './state.ts'
import type { AccountId } from '../bytes/ids.ts'
import type { Turn } from './concerned.ts'
import type { Grant, Strike } from './grant.ts'
import type { Place } from './past.ts'
import type { Draft, Judged } from './state.ts'
import type { ControlEntry } from './types.ts'

/** What an entry gives and takes. */
type Effects = { readonly grants: readonly Grant[]; readonly strikes: readonly Strike[] }

const NO_EFFECTS: Effects = { grants: [], strikes: [] }

/** Judges `entry`, which has its place and was not there before, and all that it concerns. */
export function settle(draft: Draft, entry: ControlEntry): void {
  register(draft, entry)
  const turns: Turn[] = []
  apply(draft, undefined, judgeNew(draft, entry, placeOf(draft, entry.id)), turns)
  for (let turn = turns.pop(); turn !== undefined; turn = turns.pop()) {
    const before = judgedOf(draft, turn.place.id)
    const after = judgeAgain(draft, before.entry, turn.place)
    if (!isSame(before, after)) apply(draft, before, after, turns)
  }
}

/** Where an entry is found when something happens that concerns it. */
function register(draft: Draft, { act, author, device, id }: ControlEntry): void {
  const standing = standingOf(draft, author)
  const devices = standing.devices.includes(device) ? standing.devices : [...standing.devices, device]
  const links = act.kind === 'open-link' ? [...standing.links, id] : standing.links
  if (devices !== standing.devices || links !== standing.links)
    draft.standings = draft.standings.with(author, { ...standing, devices, links })
  if (act.kind !== 'let-in') return
  const use = useOf(draft, act.link)
  draft.uses = draft.uses.with(act.link, { ...use, letIns: [...use.letIns, id] })
}

function isSame(one: Judged, other: Judged): boolean {
  if (one.authority === undefined || other.authority === undefined)
    return one.authority === other.authority && one.isAccepted === other.isAccepted
  return compareRank(one.authority, other.authority) === 0
}

/** Puts `after` in the place of `before`, and has everything that this concerns judged again. */
function apply(draft: Draft, before: Judged | undefined, after: Judged, turns: Turn[]): void {
  const place = placeOf(draft, after.entry.id)
  const lost = before === undefined ? NO_EFFECTS : effectsOf(before, place)
  const gained = effectsOf(after, place)
  draft.entries = draft.entries.with(after.entry.id, after)
  replaceEffects(draft, lost, gained)
  updateClosed(draft, after)
  updateHistory(draft, after, before)
  for (const grant of [...lost.grants, ...gained.grants]) queue(turns, concernedByGrant(draft, grant))
  for (const strike of lost.strikes) queue(turns, concernedByStrike(draft, strike))
  for (const strike of gained.strikes)
    queue(
      turns,
      concernedByStrike(draft, strike).filter((turn) => mayLose(judgedOf(draft, turn.place.id), strike)),
    )
  queue(turns, concernedByLink(draft, after))
}

/** True when `strike` may take away what an entry rests on. What is refused stays so: otherwise strikes by the thousand would have it judged each time. */
function mayLose({ entry, isAccepted, authority }: Judged, strike: Strike): boolean {
  if (entry.act.kind === 'let-in') return isAccepted
  return authority !== undefined && doesStrike(strike, authority)
}

const effectsOf = ({ entry, isAccepted, authority }: Judged, place: Place): Effects =>
  isAccepted ? { grants: grantsOf(entry, place, authority), strikes: strikesOf(entry, place, authority) } : NO_EFFECTS

function replaceEffects(draft: Draft, lost: Effects, gained: Effects): void {
  const struck = new Set([...lost.strikes, ...gained.strikes].map(({ account }) => account))
  const given = [...lost.grants, ...gained.grants].map(({ account }) => account)
  for (const account of new Set([...given, ...struck])) {
    const own = <T extends { readonly account: AccountId }>(effects: readonly T[]): readonly T[] =>
      effects.filter((effect) => effect.account === account)
    replaceOwn(
      draft,
      account,
      { grants: own(lost.grants), strikes: own(lost.strikes) },
      { grants: own(gained.grants), strikes: own(gained.strikes) },
    )
    updateMember(draft, account)
  }
  for (const account of struck) for (const link of standingOf(draft, account).links) updateLink(draft, link)
}

function replaceOwn(draft: Draft, account: AccountId, lost: Effects, gained: Effects): void {
  const standing = standingOf(draft, account)
  let { grants, strikes } = standing
  for (const grant of lost.grants) grants = grants.filter((other) => other.maker.id !== grant.maker.id)
  for (const strike of lost.strikes) strikes = withoutStrikesOf(strikes, strike.by.id)
  grants = [...grants, ...gained.grants]
  for (const strike of gained.strikes) strikes = withStrike(strikes, strike)
  const candidates = lost.grants.length + lost.strikes.length > 0 ? grants : [...standing.live, ...gained.grants]
  const live = candidates.filter((grant) => !isStruck(grant, strikes))
  draft.standings = draft.standings.with(account, { ...standing, grants, live, strikes })
}

function updateClosed(draft: Draft, { entry: { act, id }, isAccepted }: Judged): void {
  if (act.kind === 'open-link') updateLink(draft, id)
  if (act.kind !== 'close-link') return
  const use = useOf(draft, act.link)
  const others = use.closes.filter((close) => close !== id)
  draft.uses = draft.uses.with(act.link, { ...use, closes: isAccepted ? [...others, id] : others })
  updateLink(draft, act.link)
}

/** Puts turns among the others, the most senior last. */
function queue(turns: Turn[], more: readonly Turn[]): void {
  for (const turn of more) {
    let from = 0
    let to = turns.length
    while (from < to) {
      const middle = (from + to) >> 1
      const other = turns[middle]
      if (other !== undefined && compareTurns(other, turn) > 0) from = middle + 1
      else to = middle
    }
    turns.splice(from, 0, turn)
  }
}

function compareTurns({ from: one }: Turn, { from: other }: Turn): number {
  if (one === undefined || other === undefined) return (one === undefined ? 0 : 1) - (other === undefined ? 0 : 1)
  return compareRank(one, other)
}
