// Whom one can add to a group: people with whom there is a chat of two.

import type { AccountId, ConversationSummary } from '@kith/protocol'
import { toShownName } from '../people/index.ts'
import { words } from '../words.ts'

export type Contact = { readonly account: AccountId; readonly name: string }

/** In order of their names, those without one at the end. `besides`: who is there already. */
export const toContacts = (chats: readonly ConversationSummary[], besides: readonly AccountId[] = []): readonly Contact[] => {
  const known = new Map(
    chats.flatMap(({ kind, phase, peer, name }): readonly (readonly [AccountId, string | undefined])[] =>
      kind === 'pair' && phase === 'open' && peer !== undefined && !besides.includes(peer) ? [[peer, toShownName(name)]] : [],
    ),
  )
  return Array.from(known, ([account, name]) => ({ account, name }))
    .toSorted((a, b) => Number(a.name === undefined) - Number(b.name === undefined) || (a.name ?? '').localeCompare(b.name ?? ''))
    .map(({ account, name }) => ({ account, name: name ?? words.somebody }))
}
