// Whom one can add to a group: people with whom there is a chat of two.

import type { AccountId, ConversationId, ConversationSummary } from '@kith/protocol'
import { toShownName } from '../people/index.ts'

/** `chat`: where they are known from. */
export type Contact = { readonly account: AccountId; readonly name: string | undefined; readonly chat: ConversationId }

/** In order of their names, those without one at the end. `besides`: who is there already. */
export const toContacts = (chats: readonly ConversationSummary[], besides: readonly AccountId[] = []): readonly Contact[] => {
  const known = new Map(
    chats.flatMap(({ kind, id, phase, peer, name }): readonly (readonly [AccountId, Contact])[] =>
      kind === 'pair' && phase === 'open' && peer !== undefined && !besides.includes(peer)
        ? [[peer, { account: peer, name: toShownName(name), chat: id }]]
        : [],
    ),
  )
  return [...known.values()].toSorted(
    (a, b) => Number(a.name === undefined) - Number(b.name === undefined) || (a.name ?? '').localeCompare(b.name ?? ''),
  )
}
