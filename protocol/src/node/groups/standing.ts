// What somebody is or was in a group, and which of the entries of a feed count (docs/protocol.md §11.6).

import { IdMap } from '../../bytes/id-map.ts'
import { doesStrike } from '../../membership/grant.ts'
import { historyAt } from '../../membership/outcome.ts'
import { isBefore, placeOf } from '../../membership/past.ts'
import { roleAt } from '../../membership/role-at.ts'
import { standingOf } from '../../membership/state.ts'
import type { AccountId, DeviceId, EntryId } from '../../bytes/ids.ts'
import type { Counted, Span } from '../../conversation/state.ts'
import type { Grant } from '../../membership/grant.ts'
import type { Role } from '../../membership/types.ts'
import type { Group } from './group.ts'

/** True when a control entry is one of these heads, or in the past of one. */
export const isIn = ({ membership }: Group, id: EntryId, heads: readonly EntryId[]): boolean =>
  heads.some((head) => head === id || isBefore(placeOf(membership, id), placeOf(membership, head)))

/** The role in which whoever has these heads in the past knows an account; undefined for none. What came beside plays no part. */
export const roleIn = (group: Group, account: AccountId, heads: readonly EntryId[]): Role | undefined =>
  roleAt(group.membership, { author: account, past: heads, isKnownTo: (control) => !isIn(group, control, heads) })

/** Whether whoever comes later may be shown what was written with these heads in the past: its author knew so, since the group had said it. */
export const isForLater = ({ membership }: Group, heads: readonly EntryId[]): boolean => historyAt(membership, heads) === 'all'

/** Which entries count, after `group` has taken the place of `before`. */
export function countedIn(group: Group, before: Group | undefined, counted: Counted): Counted {
  const changed = group.membership.standings.changedSince(before?.membership.standings ?? IdMap.empty())
  let { accounts } = counted
  for (const account of changed)
    if (standingOf(group.membership, account).grants.length > 0) accounts = accounts.with(account, true)
    else accounts = accounts.without(account)
  const moved = group.feeds
    .changedSince(before?.feeds ?? IdMap.empty())
    .filter((device) => group.feeds.get(device)?.given !== before?.feeds.get(device)?.given)
  const devices = new Set([...moved, ...changed.flatMap((account) => group.people.get(account)?.devices.map(({ id }) => id) ?? [])])
  let { spans } = counted
  for (const device of devices) {
    const found = spansOf(group, device)
    if (found.length > 0) spans = spans.with(device, found)
    else if (spans.has(device)) spans = spans.without(device)
  }
  return accounts === counted.accounts && spans === counted.spans ? counted : { accounts, spans }
}

function spansOf(group: Group, device: DeviceId): readonly Span[] {
  const account = group.authors.get(device)
  const given = group.feeds.get(device)?.given ?? []
  if (account === undefined || given.length === 0) return []
  return standingOf(group.membership, account).grants.flatMap((grant) => {
    const from = given.find(({ maker }) => maker === grant.maker.id)?.seq
    const to = endOf(group, { account, device, grant })
    return from === undefined || from >= to ? [] : [{ from, to }]
  })
}

type Holding = { readonly account: AccountId; readonly device: DeviceId; readonly grant: Grant }

/** How far a feed counts by a grant: as far as everybody knew it who has taken the grant away. */
function endOf(group: Group, { account, device, grant }: Holding): number {
  const strikes = standingOf(group.membership, account).strikes.flatMap((line) => line.strikes)
  const knownTo = (control: EntryId): number => group.controls.get(control)?.known.find((known) => known.device === device)?.length ?? 0
  return Math.min(Infinity, ...strikes.filter((strike) => doesStrike(strike, grant)).map(({ by }) => knownTo(by.id)))
}
