// A group as its rows have it, with all that follows from them.

import { IdMap } from '../../bytes/id-map.ts'
import { extendMembership } from '../../membership/membership.ts'
import { createMembership } from '../../membership/state.ts'
import { placesOf } from './desks.ts'
import { withNamed } from './entry.ts'
import { countedIn } from './standing.ts'
import type { AccountId, ConversationId, DeviceId, EntryId } from '../../bytes/ids.ts'
import type { Counted } from '../../conversation/state.ts'
import type { Membership } from '../../membership/state.ts'
import type { Control, Desk, Group } from './group.ts'

/** Whether either relay has answered that it exists. */
export type StoredDesk = { readonly link: EntryId; readonly registered: boolean; readonly isAtSecond: boolean }

/** What of a group lies in rows. */
export type StoredGroup = Pick<
  Group,
  'states' | 'feeds' | 'people' | 'cards' | 'met' | 'unmet' | 'handouts' | 'door' | 'isStale' | 'devices' | 'farewells' | 'asked'
> & {
  readonly desks: readonly StoredDesk[]
  readonly controls: readonly Control[]
}

/** Throws RangeError where a control entry has lost its past. */
export function groupFrom(id: ConversationId, stored: StoredGroup): { readonly group: Group; readonly counted: Counted } {
  const controls = new Map(stored.controls.map((control) => [control.entry.id, control]))
  let membership = createMembership(id)
  let named: Group['named'] = IdMap.empty()
  for (const control of inOrder(controls)) {
    membership = extended(membership, control)
    named = withNamed(named, control.entry)
  }
  const { people, cards } = stored
  // What a device has said itself, by a card or what it did, goes before what lists say of it.
  const authors: Group['authors'] = IdMap.of([
    ...[...people.values()].flatMap((list) => list.devices.map((device) => [device.id, list.account] as const)),
    ...stored.controls.map(({ entry }) => [entry.device, entry.author] as const),
    ...[...cards].map(([device, card]) => [device, card.list.account] as const),
  ])
  const settled = { membership, people, cards }
  const group = {
    ...stored,
    controls: IdMap.of(controls),
    membership,
    desks: stored.desks.flatMap((desk) => withKeys(membership, desk) ?? []),
    named,
    authors,
    pool: { bodies: new Map(), lists: new Map() },
    settled,
  }
  return {
    group,
    counted: countedIn(group, undefined, { accounts: IdMap.empty<AccountId, true>(), spans: IdMap.empty<DeviceId, never>() }),
  }
}

// Their keys follow from the entries that opened the links.
function withKeys({ entries }: Membership, { link, registered, isAtSecond }: StoredDesk): Desk | undefined {
  const act = entries.get(link)?.entry.act
  if (act?.kind !== 'open-link') return undefined
  const { second, ...first } = placesOf(act)
  return { ...first, link, registered, second: second && { ...second, registered: isAtSecond } }
}

function extended(membership: Membership, { entry }: Control): Membership {
  const result = extendMembership(membership, entry)
  if (result.kind !== 'extended') throw new RangeError('a control entry has lost its past')
  return result.membership
}

/** Each after its past. */
function inOrder(controls: ReadonlyMap<EntryId, Control>): readonly Control[] {
  const ordered: Control[] = []
  const seen = new Set<EntryId>()
  for (const first of controls.keys()) {
    const open = [first]
    for (let id = open.at(-1); id !== undefined; id = open.at(-1)) {
      const control = controls.get(id)
      const left = control?.entry.past.filter((other) => !seen.has(other)) ?? []
      if (left.length > 0 && !seen.has(id)) {
        open.push(...left)
        continue
      }
      open.pop()
      if (control !== undefined && !seen.has(id)) ordered.push(control)
      seen.add(id)
    }
  }
  return ordered
}
