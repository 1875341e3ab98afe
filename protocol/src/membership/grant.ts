// Grants, strikes, and the order of seniority (docs/protocol.md §11.3, §11.5).

import { isBefore } from './past.ts'
import { ROLES } from './types.ts'
import type { AccountId, EntryId } from '../bytes/ids.ts'
import type { Place } from './past.ts'
import type { Act, Role } from './types.ts'

export type Grant = {
  readonly account: AccountId
  readonly role: Role
  /** 0 for the one that `create-group` makes, else 1 more than its maker's authority has. */
  readonly depth: number
  readonly maker: Place
  /** Its place among the grants of its maker, from 0. */
  readonly index: number
  /** True when a `let-in` made it. */
  readonly isByLink: boolean
}

/** What takes grants of `account` away. */
export type Strike = {
  readonly account: AccountId
  readonly by: Place
  readonly kind: 'remove' | 'demote' | 'resign' | 'leave'
  /** What it leaves; undefined for nothing. */
  readonly role: Role | undefined
  /** undefined for what somebody does to the own grants: that needs none. */
  readonly authority: Grant | undefined
}

/** 0 for an owner, 2 for a member. */
const roleNumber = (role: Role): number => ROLES.indexOf(role)

/** True when `role` may more than `other`. */
export const isAbove = (role: Role, other: Role): boolean => roleNumber(role) < roleNumber(other)

/** Below 0 when `one` is senior to `other`; 0 for the same grant only. */
export function compareRank(one: Grant, other: Grant): number {
  if (one.role !== other.role) return roleNumber(one.role) - roleNumber(other.role)
  if (one.depth !== other.depth) return one.depth - other.depth
  if (one.maker.id !== other.maker.id) return one.maker.id < other.maker.id ? -1 : 1
  return one.index - other.index
}

/**
 * True when `strike` takes `grant` away, of the same account, for whatever its maker did not know. An entry that does both, strikes and gives, gives no more
 * than it leaves, so it never takes away what it made.
 */
export function doesStrike(strike: Strike, grant: Grant): boolean {
  if (strike.authority !== undefined && compareRank(strike.authority, grant) >= 0) return false
  if (strike.role !== undefined && !isAbove(grant.role, strike.role)) return false
  if (strike.kind === 'remove' && grant.isByLink) return true
  return !isBefore(strike.by, grant.maker)
}

/**
 * Strikes on one account, those of one line together, in its order. Whoever made a grant knew of a line what is at its beginning, so of thousands of strikes
 * only those behind that are looked at.
 */
export type StrikeLine = { readonly line: EntryId; readonly strikes: readonly Strike[] }

/** `lines` without the strikes of an entry. */
export const withoutStrikesOf = (lines: readonly StrikeLine[], id: EntryId): readonly StrikeLine[] =>
  lines
    .map(({ line, strikes }) => ({ line, strikes: strikes.filter(({ by }) => by.id !== id) }))
    .filter(({ strikes }) => strikes.length > 0)

/** `lines` with one strike more. */
export function withStrike(lines: readonly StrikeLine[], strike: Strike): readonly StrikeLine[] {
  const { line, at } = strike.by
  const found = lines.find((other) => other.line === line)
  if (found === undefined) return [...lines, { line, strikes: [strike] }]
  const before = found.strikes.findLastIndex((other) => other.by.at < at) + 1
  return lines.map((other) => (other === found ? { line, strikes: found.strikes.toSpliced(before, 0, strike) } : other))
}

/** True when `grant` is struck now. */
export const isStruck = (grant: Grant, lines: readonly StrikeLine[]): boolean => lines.some((line) => isStruckBy(grant, line, () => true))

/** True when `grant` is struck for what stands at `place`. */
export const isStruckFor = (grant: Grant, lines: readonly StrikeLine[], place: Place): boolean =>
  lines.some((line) => isStruckBy(grant, line, ({ by }) => by.id !== place.id && !isBefore(place, by)))

function isStruckBy(grant: Grant, { line, strikes }: StrikeLine, isMeant: (strike: Strike) => boolean): boolean {
  const known = grant.isByLink ? 0 : (grant.maker.past.get(line) ?? 0)
  for (let at = strikes.length - 1; at >= 0; at--) {
    const strike = strikes[at]
    if (strike === undefined || strike.by.at < known) return false
    if (isMeant(strike) && doesStrike(strike, grant)) return true
  }
  return false
}

/** True when a grant of `role` is enough for an act. */
export function isEnough(role: Role, act: Act): boolean {
  switch (act.kind) {
    case 'grant':
      return role === 'owner' || (role === 'admin' && act.items.every((item) => item.role !== 'owner'))
    case 'resign':
      return isAbove(role, act.role)
    case 'let-in':
      return true
    case 'create-group':
    case 'leave':
      return false
    case 'demote':
    case 'remove':
    case 'open-link':
    case 'close-link':
    case 'set-history':
      return isAbove(role, 'member')
  }
}
