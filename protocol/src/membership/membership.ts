// The members of a group, kept up to date entry by entry (docs/protocol.md §11). An entry is judged once, and those that it gives or takes something
// once more, seniors first; so it costs what it touches, however long the history is. The result is that of the set of entries, whatever their order.

import { isBeginning } from './effects.ts'
import { placeEntry } from './past.ts'
import { settle } from './settle.ts'
import type { Draft, Membership } from './state.ts'
import type { ControlEntry } from './types.ts'

export type Extended =
  | { readonly kind: 'extended'; readonly membership: Membership }
  /** It was there before. */
  | { readonly kind: 'known' }
  /** Something of its past is lacking. */
  | { readonly kind: 'waits' }
  /** It begins another group, or none. */
  | { readonly kind: 'refused' }

/** `membership` with one control entry more. */
export function extendMembership(membership: Membership, entry: ControlEntry): Extended {
  if (membership.entries.has(entry.id)) return { kind: 'known' }
  if (entry.past.length === 0 && !isBeginning(membership.conversation, entry)) return { kind: 'refused' }
  if (entry.past.some((id) => !membership.entries.has(id))) return { kind: 'waits' }
  const draft: Draft = { ...membership, ...placeEntry(membership, entry) }
  settle(draft, entry)
  return { kind: 'extended', membership: draft }
}
