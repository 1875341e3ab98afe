// What follows from grants and strikes for everybody to see: members, open links, history (docs/protocol.md §11.6).

import { compareRank, isAbove, isStruck } from './grant.ts'
import { headsOf, isBefore, placeOf } from './past.ts'
import { judgedOf, standingOf, useOf } from './state.ts'
import type { AccountId, EntryId } from '../bytes/ids.ts'
import type { Draft, Judged, Membership } from './state.ts'
import type { Role } from './types.ts'

/** Works out the role of an account whose live grants may have changed. */
export function updateMember(draft: Draft, account: AccountId): void {
  let role: Role | undefined
  for (const grant of standingOf(draft, account).live) if (role === undefined || isAbove(grant.role, role)) role = grant.role
  draft.members = role === undefined ? draft.members.without(account) : draft.members.with(account, role)
}

/** Works out whether a link is open, after anything that it rests on changed. */
export function updateLink(draft: Draft, link: EntryId): void {
  const opened = draft.entries.get(link)
  const isOpen =
    opened?.entry.act.kind === 'open-link' &&
    opened.authority !== undefined &&
    !isStruck(opened.authority, standingOf(draft, opened.entry.author).strikes) &&
    useOf(draft, link).closes.length === 0
  draft.links = isOpen ? draft.links.with(link, true) : draft.links.without(link)
}

/** Works out the history after an entry that sets it was judged for the first time or anew. */
export function updateHistory(draft: Draft, after: Judged, before: Judged | undefined): void {
  if (after.entry.act.kind !== 'set-history' || (before === undefined && !after.isAccepted)) return
  const place = placeOf(draft, after.entry.id)
  if (before === undefined) draft.histories = [...draft.histories.filter((id) => !isBefore(placeOf(draft, id), place)), place.id]
  else draft.histories = latestHistoriesOf(draft)
  const said = draft.histories.flatMap((id) => {
    const { entry, authority } = judgedOf(draft, id)
    return entry.act.kind === 'set-history' && authority !== undefined ? [{ id, authority, history: entry.act.history }] : []
  })
  const [first] = said.toSorted((one, other) => compareRank(one.authority, other.authority) || (one.id < other.id ? -1 : 1))
  draft.history = first?.history ?? 'none'
}

// An old entry that comes out differently is rare, and may uncover others; so all are looked at.
function latestHistoriesOf(membership: Membership): readonly EntryId[] {
  const accepted = [...membership.entries.values()].filter(({ entry, isAccepted }) => entry.act.kind === 'set-history' && isAccepted)
  return headsOf(
    membership,
    accepted.map(({ entry }) => entry.id),
  )
}
