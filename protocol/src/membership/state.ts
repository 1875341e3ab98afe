// What is known of a group's membership: every control entry and how it was judged, and what was made of it by account and by link.

import { IdMap } from '../bytes/id-map.ts'
import { NO_PLACES } from './past.ts'
import type { AccountId, ConversationId, DeviceId, EntryId } from '../bytes/ids.ts'
import type { Grant, StrikeLine } from './grant.ts'
import type { Places } from './past.ts'
import type { ControlEntry, History, Role } from './types.ts'

/** An entry, whether it is accepted, and the grant that this rests on. */
export type Judged = { readonly entry: ControlEntry; readonly isAccepted: boolean; readonly authority: Grant | undefined }

/** What an account was given and what takes it away; where it writes, and the links that it opened, accepted or not. */
export type Standing = {
  readonly grants: readonly Grant[]
  /** Those grants that are not struck now: what a new entry can rest on, and what the role is. */
  readonly live: readonly Grant[]
  readonly strikes: readonly StrikeLine[]
  readonly devices: readonly DeviceId[]
  readonly links: readonly EntryId[]
}

/** What names a link: every `let-in`, and every accepted `close-link`. */
export type LinkUse = { readonly letIns: readonly EntryId[]; readonly closes: readonly EntryId[] }

/** Immutable: a copy with one entry more shares all that the entry does not touch. */
export type Membership = Places & {
  readonly conversation: ConversationId
  readonly entries: IdMap<EntryId, Judged>
  readonly standings: IdMap<AccountId, Standing>
  readonly uses: IdMap<EntryId, LinkUse>
  readonly members: IdMap<AccountId, Role>
  /** Links that are open. */
  readonly links: IdMap<EntryId, true>
  /** Accepted `set-history`s that are in the past of no other. */
  readonly histories: readonly EntryId[]
  readonly history: History
}

/** A membership in the making. */
export type Draft = { -readonly [K in keyof Membership]: Membership[K] }

/** A group of which no entry is known. */
export const createMembership = (conversation: ConversationId): Membership => ({
  ...NO_PLACES,
  conversation,
  entries: IdMap.empty(),
  standings: IdMap.empty(),
  uses: IdMap.empty(),
  members: IdMap.empty(),
  links: IdMap.empty(),
  histories: [],
  history: 'none',
})

const NO_STANDING: Standing = { grants: [], live: [], strikes: [], devices: [], links: [] }
const NO_USE: LinkUse = { letIns: [], closes: [] }

export const standingOf = (membership: Membership, account: AccountId): Standing => membership.standings.get(account) ?? NO_STANDING

export const useOf = (membership: Membership, link: EntryId): LinkUse => membership.uses.get(link) ?? NO_USE

/** How an entry that is there was judged. */
export function judgedOf(membership: Membership, id: EntryId): Judged {
  const judged = membership.entries.get(id)
  if (judged === undefined) throw new Error('a control entry that was not judged')
  return judged
}
