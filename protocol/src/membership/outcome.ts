// What follows from grants and strikes for everybody to see: members, open links, history (docs/protocol.md §11.6).

import { compareRank, isAbove, isStruck } from './grant.ts'
import { headsOf, isBefore, placeOf } from './past.ts'
import { judgedOf, standingOf, useOf } from './state.ts'
import type { AccountId, EntryId } from '../bytes/ids.ts'
import type { Draft, Judged, Membership } from './state.ts'
import type { History, Role } from './types.ts'

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
  draft.history = seniorHistory(draft, draft.histories)
}

/** What accepted `set-history`s that do not know of each other come to. */
function seniorHistory(membership: Membership, ids: readonly EntryId[]): History {
  const said = ids.flatMap((id) => {
    const { entry, authority } = judgedOf(membership, id)
    return entry.act.kind === 'set-history' && authority !== undefined ? [{ id, authority, history: entry.act.history }] : []
  })
  const [first] = said.toSorted((one, other) => compareRank(one.authority, other.authority) || (one.id < other.id ? -1 : 1))
  return first?.history ?? 'none'
}

/** What the history was for whoever wrote with these heads in the past: of the accepted `set-history`s in it those that are in the past of no other. */
export function historyAt(membership: Membership, heads: readonly EntryId[]): History {
  const places = heads.map((id) => placeOf(membership, id))
  const known = acceptedHistories(membership).filter((id) => {
    const place = placeOf(membership, id)
    return places.some((head) => head.id === id || isBefore(place, head))
  })
  return known.length === 0 ? 'none' : seniorHistory(membership, headsOf(membership, known))
}

// Asked for each message that goes to or comes from whoever came later, so found once for each state of the group.
const histories = new WeakMap<Membership, readonly EntryId[]>()

function acceptedHistories(membership: Membership): readonly EntryId[] {
  if (membership.histories.length === 0) return []
  const known = histories.get(membership)
  if (known !== undefined) return known
  const found = [...membership.entries.values()].flatMap(({ entry, isAccepted }) =>
    entry.act.kind === 'set-history' && isAccepted ? [entry.id] : [],
  )
  histories.set(membership, found)
  return found
}

// An old entry that comes out differently is rare, and may uncover others; so all are looked at.
function latestHistoriesOf(membership: Membership): readonly EntryId[] {
  const accepted = [...membership.entries.values()].filter(({ entry, isAccepted }) => entry.act.kind === 'set-history' && isAccepted)
  return headsOf(
    membership,
    accepted.map(({ entry }) => entry.id),
  )
}
