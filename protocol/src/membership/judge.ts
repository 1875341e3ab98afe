// Whether an entry is accepted, and on which grant that rests, as things stand (docs/protocol.md §11.4).

import { isBeginning, isVoid } from './effects.ts'
import { compareRank, isEnough, isStruckFor } from './grant.ts'
import { isBefore, placeOf } from './past.ts'
import { standingOf, useOf } from './state.ts'
import type { EntryId } from '../bytes/ids.ts'
import type { Grant } from './grant.ts'
import type { Place } from './past.ts'
import type { Judged, Membership } from './state.ts'
import type { ControlEntry } from './types.ts'

/** Judges an entry that was not there before: nobody has it in the past, so what is struck now is struck for it. */
export const judgeNew = (membership: Membership, entry: ControlEntry, place: Place): Judged =>
  judgeBy(standingOf(membership, entry.author).live, membership, entry, place)

/** Judges an entry once more. */
export const judgeAgain = (membership: Membership, entry: ControlEntry, place: Place): Judged =>
  judgeBy(standingOf(membership, entry.author).grants, membership, entry, place)

function judgeBy(grants: readonly Grant[], membership: Membership, entry: ControlEntry, place: Place): Judged {
  const { act, author } = entry
  if (isVoid(entry) || !isLinkGood(membership, entry, place)) return { entry, isAccepted: false, authority: undefined }
  if (act.kind === 'leave' || isBeginning(membership.conversation, entry)) return { entry, isAccepted: true, authority: undefined }
  const { strikes } = standingOf(membership, author)
  let authority: Grant | undefined
  for (const grant of grants) {
    if (authority !== undefined && compareRank(authority, grant) < 0) continue
    if (isEnough(grant.role, act) && isBefore(grant.maker, place) && !isStruckFor(grant, strikes, place)) authority = grant
  }
  return { entry, isAccepted: authority !== undefined || act.kind === 'resign', authority }
}

type LinkUses = { readonly link: EntryId; readonly uses: number; readonly place: Place }

/** True when as many as the link is for were let in before, whether that counted or not: so what comes later changes nothing about it. */
function isUsedUp(membership: Membership, { link, uses, place }: LinkUses): boolean {
  let before = 0
  return useOf(membership, link).letIns.some((id) => isBefore(placeOf(membership, id), place) && ++before >= uses)
}

/** True unless `entry` needs a link that is not there, or not good for it. */
function isLinkGood(membership: Membership, { act }: ControlEntry, place: Place): boolean {
  if (act.kind !== 'let-in' && act.kind !== 'close-link') return true
  const link = membership.entries.get(act.link)
  if (link?.entry.act.kind !== 'open-link' || !isBefore(placeOf(membership, act.link), place)) return false
  if (act.kind === 'close-link') return true
  if (isUsedUp(membership, { link: act.link, uses: link.entry.act.uses, place })) return false
  if (link.authority === undefined || isStruckFor(link.authority, standingOf(membership, link.entry.author).strikes, place)) return false
  return useOf(membership, act.link).closes.every((close) => isBefore(place, placeOf(membership, close)))
}
