// The members of a group from the whole set of its control entries: one pass over the grants, seniors first (docs/protocol.md §11.4). Whoever keeps a
// group up to date uses membership.ts; this is what that must agree with, and what starts from nothing.

import { grantsOf, isBeginning, isVoid, strikesOf } from '../../src/membership/effects.ts'
import { compareRank, doesStrike, isAbove, isEnough } from '../../src/membership/grant.ts'
import { isBefore, NO_PLACES, placeEntry, placeOf } from '../../src/membership/past.ts'
import type { AccountId, ConversationId, EntryId } from '../../src/bytes/ids.ts'
import type { Grant, Strike } from '../../src/membership/grant.ts'
import type { Place, Places } from '../../src/membership/past.ts'
import type { ControlEntry, Evaluate, Evaluation, History, Role } from '../../src/membership/types.ts'

type Pass = {
  readonly entries: ReadonlyMap<EntryId, ControlEntry>
  readonly places: Places
  readonly accepted: Map<EntryId, Grant | undefined>
  /** Acts that wait for a grant of their author. */
  readonly acts: Map<AccountId, ControlEntry[]>
  readonly grants: Map<AccountId, Grant[]>
  readonly strikes: Map<AccountId, Strike[]>
  /** Grants whose turn has not come, the most senior last. */
  readonly waiting: Grant[]
  /** Accepted `close-link`s by their link. */
  readonly closes: Map<EntryId, Place[]>
}

export const evaluate: Evaluate = (conversation, given) => {
  const entries = countedOf(conversation, given)
  const pass = beginPass(entries)
  const create = entries.get(conversation as string as EntryId)
  if (create !== undefined && !isVoid(create)) accept(pass, create, undefined)
  const above = takeTurns(pass, (grant) => grant.role !== 'member', isNotLetIn)
  // Who lets people in makes members only, and no act of a member is another one: so all that decides about links is known by now.
  for (const grant of above) takeTurn(pass, grant, isLetIn)
  takeTurns(pass, () => true, isLetIn)
  return evaluationOf(pass)
}

const isLetIn = ({ act }: ControlEntry): boolean => act.kind === 'let-in'
const isNotLetIn = ({ act }: ControlEntry): boolean => act.kind !== 'let-in'

/** Entries that count, each after its past. */
function countedOf(conversation: ConversationId, given: readonly ControlEntry[]): ReadonlyMap<EntryId, ControlEntry> {
  const known = new Map(given.map((entry) => [entry.id, entry]))
  const lacking = new Map<EntryId, number>()
  const followers = new Map<EntryId, ControlEntry[]>()
  for (const entry of known.values()) {
    const past = new Set(entry.past)
    lacking.set(entry.id, past.size)
    for (const id of past) pushTo(followers, id, entry)
  }
  const counted = new Map<EntryId, ControlEntry>()
  const ready = [...known.values()].filter((entry) => isBeginning(conversation, entry))
  for (let entry = ready.pop(); entry !== undefined; entry = ready.pop()) {
    counted.set(entry.id, entry)
    for (const follower of followers.get(entry.id) ?? []) {
      const left = (lacking.get(follower.id) ?? 0) - 1
      lacking.set(follower.id, left)
      if (left === 0) ready.push(follower)
    }
  }
  return counted
}

function beginPass(entries: ReadonlyMap<EntryId, ControlEntry>): Pass {
  let places = NO_PLACES
  for (const entry of entries.values()) places = placeEntry(places, entry)
  const pass: Pass = {
    entries,
    places,
    accepted: new Map(),
    acts: new Map(),
    grants: new Map(),
    strikes: new Map(),
    waiting: [],
    closes: new Map(),
  }
  for (const entry of entries.values()) {
    // What somebody does to the own grants needs no authority, so it is there from the start.
    if (entry.act.kind === 'leave' || entry.act.kind === 'resign') addStrikes(pass, entry, undefined)
    if (entry.act.kind === 'leave') pass.accepted.set(entry.id, undefined)
    else if (entry.act.kind === 'resign') {
      pass.accepted.set(entry.id, undefined)
      pushTo(pass.acts, entry.author, entry)
    } else if (!isVoid(entry)) pushTo(pass.acts, entry.author, entry)
  }
  return pass
}

/** Gives their turn to all grants that `isTheirs` lets through, seniors first, and returns them in that order. */
function takeTurns(pass: Pass, isTheirs: (grant: Grant) => boolean, isEligible: (entry: ControlEntry) => boolean): readonly Grant[] {
  const taken: Grant[] = []
  for (;;) {
    const grant = pass.waiting.at(-1)
    if (grant === undefined || !isTheirs(grant)) return taken
    pass.waiting.pop()
    taken.push(grant)
    takeTurn(pass, grant, isEligible)
  }
}

/** Accepts what waits for `grant` or a junior one of its account, and may rest on it. */
function takeTurn(pass: Pass, grant: Grant, isEligible: (entry: ControlEntry) => boolean): void {
  const waiting = pass.acts.get(grant.account) ?? []
  const strikes = pass.strikes.get(grant.account) ?? []
  const taken = waiting.filter((entry) => {
    const place = placeOf(pass.places, entry.id)
    return (
      isEligible(entry) &&
      isEnough(grant.role, entry.act) &&
      isBefore(grant.maker, place) &&
      !isStruckFor(grant, strikes, place) &&
      isLinkGood(pass, entry, place)
    )
  })
  if (taken.length === 0) return
  const chosen = new Set(taken)
  pass.acts.set(
    grant.account,
    waiting.filter((entry) => !chosen.has(entry)),
  )
  for (const entry of taken) accept(pass, entry, grant)
}

const isStruck = (grant: Grant, strikes: readonly Strike[]): boolean => strikes.some((strike) => doesStrike(strike, grant))

const isStruckFor = (grant: Grant, strikes: readonly Strike[], place: Place): boolean =>
  strikes.some((strike) => strike.by.id !== place.id && !isBefore(place, strike.by) && doesStrike(strike, grant))

/** True unless `entry` needs a link that is not there, or not good for it. */
function isLinkGood(pass: Pass, { act }: ControlEntry, place: Place): boolean {
  if (act.kind !== 'let-in' && act.kind !== 'close-link') return true
  const link = pass.entries.get(act.link)
  if (link?.act.kind !== 'open-link' || !isBefore(placeOf(pass.places, link.id), place)) return false
  if (act.kind === 'close-link') return true
  const before = [...pass.entries.values()].filter(
    (other) => other.act.kind === 'let-in' && other.act.link === link.id && isBefore(placeOf(pass.places, other.id), place),
  )
  if (before.length >= link.act.uses) return false
  const authority = pass.accepted.get(link.id)
  if (authority === undefined || isStruckFor(authority, pass.strikes.get(link.author) ?? [], place)) return false
  return (pass.closes.get(link.id) ?? []).every((close) => isBefore(place, close))
}

function accept(pass: Pass, entry: ControlEntry, authority: Grant | undefined): void {
  const place = placeOf(pass.places, entry.id)
  pass.accepted.set(entry.id, authority)
  if (entry.act.kind !== 'resign') addStrikes(pass, entry, authority)
  if (entry.act.kind === 'close-link') pushTo(pass.closes, entry.act.link, place)
  for (const grant of grantsOf(entry, place, authority)) {
    pushTo(pass.grants, grant.account, grant)
    queue(pass.waiting, grant)
  }
}

/** Puts `grant` in its turn. */
function queue(waiting: Grant[], grant: Grant): void {
  let from = 0
  let to = waiting.length
  while (from < to) {
    const middle = (from + to) >> 1
    const other = waiting[middle]
    if (other !== undefined && compareRank(other, grant) > 0) from = middle + 1
    else to = middle
  }
  waiting.splice(from, 0, grant)
}

function addStrikes(pass: Pass, entry: ControlEntry, authority: Grant | undefined): void {
  for (const strike of strikesOf(entry, placeOf(pass.places, entry.id), authority)) pushTo(pass.strikes, strike.account, strike)
}

function evaluationOf(pass: Pass): Evaluation {
  const members = new Map<AccountId, Role>()
  for (const [account, grants] of pass.grants) {
    for (const grant of grants) {
      if (isStruck(grant, pass.strikes.get(account) ?? [])) continue
      const role = members.get(account)
      if (role === undefined || isAbove(grant.role, role)) members.set(account, grant.role)
    }
  }
  const accepted = [...pass.accepted].map(
    ([id, grant]) => [id, grant === undefined ? undefined : { entry: grant.maker.id, index: grant.index }] as const,
  )
  return { counted: new Set(pass.entries.keys()), accepted: new Map(accepted), members, history: historyOf(pass), links: linksOf(pass) }
}

function linksOf(pass: Pass): ReadonlySet<EntryId> {
  const links = new Set<EntryId>()
  for (const [id, authority] of pass.accepted) {
    const entry = pass.entries.get(id)
    if (entry?.act.kind !== 'open-link' || authority === undefined || pass.closes.has(id)) continue
    if (!isStruck(authority, pass.strikes.get(entry.author) ?? [])) links.add(id)
  }
  return links
}

function historyOf(pass: Pass): History {
  const said = [...pass.accepted].flatMap(([id, authority]) => {
    const act = pass.entries.get(id)?.act
    return act?.kind === 'set-history' && authority !== undefined
      ? [{ place: placeOf(pass.places, id), authority, history: act.history }]
      : []
  })
  const latest = said.filter(({ place }) => said.every((other) => !isBefore(place, other.place)))
  const [first] = latest.toSorted((one, other) => compareRank(one.authority, other.authority) || (one.place.id < other.place.id ? -1 : 1))
  return first?.history ?? 'none'
}

function pushTo<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key)
  if (list === undefined) lists.set(key, [value])
  else list.push(value)
}
