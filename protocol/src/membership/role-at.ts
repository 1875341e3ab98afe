// What an account is at some place of the log: whether what it wrote there counts (docs/protocol.md §11.6).

import { doesStrike, isAbove } from './grant.ts'
import { isBefore, placeOf } from './past.ts'
import { standingOf } from './state.ts'
import type { AccountId, EntryId } from '../bytes/ids.ts'
import type { Membership } from './state.ts'
import type { Role } from './types.ts'

/** An entry of the log that is no control entry. */
export type Written = {
  readonly author: AccountId
  /** Control entries which, with their own pasts, are all those in its past. */
  readonly past: readonly EntryId[]
  /** Whether it is in the past of a control entry, cuts included: of what takes grants of its author away. */
  readonly isKnownTo: (control: EntryId) => boolean
}

/** The role in which it was written; undefined when it does not count. */
export function roleAt(membership: Membership, { author, past, isKnownTo }: Written): Role | undefined {
  const { grants, strikes } = standingOf(membership, author)
  const above = past.map((id) => placeOf(membership, id))
  let role: Role | undefined
  for (const grant of grants) {
    if (role !== undefined && !isAbove(grant.role, role)) continue
    const isGiven = above.some((place) => place.id === grant.maker.id || isBefore(grant.maker, place))
    if (isGiven && !strikes.some((line) => line.strikes.some((strike) => doesStrike(strike, grant) && !isKnownTo(strike.by.id))))
      role = grant.role
  }
  return role
}
