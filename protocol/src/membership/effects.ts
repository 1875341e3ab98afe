// What an accepted act makes: grants and strikes (docs/protocol.md §11.3, §11.5); and what is refused whoever wrote it (§11.4).

import { weightOf } from './act.ts'
import { FEED_WEIGHT_MAX } from './limits.ts'
import type { AccountId, ConversationId } from '../bytes/ids.ts'
import type { Grant, Strike } from './grant.ts'
import type { Place } from './past.ts'
import type { ControlEntry, Role } from './types.ts'

/** True for what is refused whatever else there is: too much from one feed, or an act towards its own author. */
export function isVoid(entry: ControlEntry): boolean {
  const weight = weightOf(entry.act)
  return (weight > 0 && entry.weightBefore + weight > FEED_WEIGHT_MAX) || namesAuthor(entry)
}

function namesAuthor({ act, author }: ControlEntry): boolean {
  switch (act.kind) {
    case 'grant':
    case 'remove':
      return act.items.some(({ account }) => account === author)
    case 'demote':
    case 'let-in':
      return act.account === author
    case 'create-group':
    case 'resign':
    case 'leave':
    case 'open-link':
    case 'close-link':
    case 'set-history':
      return false
  }
}

/** True for the entry that begins the group. */
export const isBeginning = (conversation: ConversationId, { id, act, author, past }: ControlEntry): boolean =>
  (id as string) === conversation && act.kind === 'create-group' && act.account === author && past.length === 0

/** The grants that an entry at `place` makes when it is accepted with `authority`. */
export function grantsOf(entry: ControlEntry, place: Place, authority: Grant | undefined): readonly Grant[] {
  const { act, author } = entry
  const grant = (account: AccountId, role: Role, index = 0): Grant => ({
    account,
    role,
    depth: authority === undefined ? 0 : authority.depth + 1,
    maker: place,
    index,
    isByLink: act.kind === 'let-in',
  })
  if (act.kind === 'create-group') return [grant(author, 'owner')]
  if (authority === undefined) return []
  if (act.kind === 'grant') return act.items.map(({ account, role }, index) => grant(account, role, index))
  if (act.kind === 'demote') return [grant(act.account, act.role)]
  if (act.kind === 'resign') return [grant(author, act.role)]
  if (act.kind === 'let-in') return [grant(act.account, 'member')]
  return []
}

/** The strikes of an entry at `place`, accepted with `authority`. */
export function strikesOf(entry: ControlEntry, place: Place, authority: Grant | undefined): readonly Strike[] {
  const { act, author } = entry
  const by = { by: place, authority }
  if (act.kind === 'leave') return [{ account: author, by: place, kind: 'leave', role: undefined, authority: undefined }]
  if (act.kind === 'resign') return [{ account: author, by: place, kind: 'resign', role: act.role, authority: undefined }]
  if (act.kind === 'demote') return [{ ...by, account: act.account, kind: 'demote', role: act.role }]
  if (act.kind === 'remove') return act.items.map(({ account }) => ({ ...by, account, kind: 'remove', role: undefined }))
  return []
}
