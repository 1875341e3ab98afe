// Which entries may come out differently when an entry gives or takes something: those of the same account that stand after it, or beside it.

import { isBefore, placeOf } from './past.ts'
import { standingOf, useOf } from './state.ts'
import type { AccountId, EntryId } from '../bytes/ids.ts'
import type { Grant, Strike } from './grant.ts'
import type { Place } from './past.ts'
import type { Judged, Membership } from './state.ts'

/** Something to be judged again, and the most senior grant on account of which; undefined is senior to all. */
export type Turn = { readonly place: Place; readonly from: Grant | undefined }

/** A grant concerns what its account wrote with it in the past. */
export const concernedByGrant = (membership: Membership, grant: Grant): readonly Turn[] =>
  latestOf(membership, grant.account, (place) => isBefore(grant.maker, place)).map((place) => ({ place, from: grant }))

/** A strike concerns what its account wrote without being in its past, and whom others let in so by that account's links. */
export function concernedByStrike(membership: Membership, { account, by, authority }: Strike): readonly Turn[] {
  const isBeside = (place: Place): boolean => !isBefore(place, by)
  const own = latestOf(membership, account, isBeside).filter(({ id }) => id !== by.id)
  const letIn = standingOf(membership, account).links.flatMap((link) => letInsOf(membership, link).filter(isBeside))
  return [...own, ...letIn].map((place) => ({ place, from: authority }))
}

/** What opens or closes a link concerns whom others let in by it. */
export function concernedByLink(membership: Membership, { entry, authority }: Judged): readonly Turn[] {
  if (entry.act.kind !== 'open-link' && entry.act.kind !== 'close-link') return []
  const link = entry.act.kind === 'open-link' ? entry.id : entry.act.link
  return letInsOf(membership, link).map((place) => ({ place, from: authority }))
}

const letInsOf = (membership: Membership, link: EntryId): readonly Place[] =>
  useOf(membership, link).letIns.map((id) => placeOf(membership, id))

/** The last entries of an account, of each line, as long as they are `wanted`. */
function latestOf(membership: Membership, account: AccountId, isWanted: (place: Place) => boolean): readonly Place[] {
  const found: Place[] = []
  for (const device of standingOf(membership, account).devices) {
    for (const { tip } of membership.lines.get(device) ?? []) {
      for (let id: EntryId | undefined = tip; id !== undefined;) {
        const place: Place = placeOf(membership, id)
        if (!isWanted(place)) break
        found.push(place)
        id = place.before
      }
    }
  }
  return found
}
