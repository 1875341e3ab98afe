// Whose changes to a living message this person leaves out: kept in the account document, under the conversation (docs/protocol.md §10.2).

import { keysOf, setValue, valueOf } from './document.ts'
import type { AccountId, ConversationId, EntryId } from '../bytes/ids.ts'
import type { Document } from './document.ts'

const ROOT = 'conversations'
const beginning = (conversation: ConversationId): string => `${conversation}/out-`
const keyOf = (conversation: ConversationId, message: EntryId): string => beginning(conversation) + message.slice(0, 32)

export function leftOutOf(account: Document, conversation: ConversationId, message: EntryId): ReadonlySet<AccountId> {
  const value = valueOf(account, ROOT, keyOf(conversation, message))
  return new Set(typeof value === 'string' && value !== '' ? (value.split(',') as AccountId[]) : [])
}

export const setLeftOut = (
  account: Document,
  {
    conversation,
    message,
    people,
  }: { readonly conversation: ConversationId; readonly message: EntryId; readonly people: Iterable<AccountId> },
): Uint8Array | undefined =>
  setValue(account, { root: ROOT, key: keyOf(conversation, message), value: [...people].toSorted().join(',') || undefined })

/** Nothing of it stays when the conversation goes. */
export function forgetLeftOut(account: Document, conversation: ConversationId): void {
  for (const key of keysOf(account, ROOT))
    if (key.startsWith(beginning(conversation))) setValue(account, { root: ROOT, key, value: undefined })
}
