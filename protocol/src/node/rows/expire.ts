// What goes now: entries whose time is over, and what a person wants no longer here. The entries stay, as headers that the feed needs.

import { decode } from '../../bytes/codec.ts'
import { withConversation } from '../change.ts'
import { authorOf } from '../members.ts'
import { dueOf, expiryRow, readExpiry } from './expiry.ts'
import { rowsOfEntry, sealedKeyOf, storedEntry } from './stored-entry.ts'
import type { AccountId, ConversationId, EntryId } from '../../bytes/ids.ts'
import type { Draft } from '../draft.ts'
import type { InputOf } from '../input.ts'
import type { Expiry } from './expiry.ts'

/** `early`: rows for entries that came by a clock that was put back since: their time begins anew. */
export function expire(draft: Draft, { due, early }: InputOf<'expire'>): void {
  // All at once, so that what rests is woken at once.
  draft.state.conversations.getAll([...new Set(due.map(({ row }) => readExpiry(row).conversation))])
  for (const { row, stored } of due) letGo(draft, readExpiry(row), stored)
  for (const row of early) {
    const expiry = readExpiry(row)
    const since = draft.env.now
    draft.writes.push(expiryRow({ ...expiry, since }, since + Math.max(0, dueOf(row) - expiry.since)))
  }
  for (const { key } of [...due.map(({ row }) => row), ...early]) draft.writes.push({ kind: 'delete', table: 'state', key })
  draft.effects.push({ kind: 'answer', answer: { kind: 'done' } })
}

/** A person wants a message no longer here: it goes as one whose time is over. What is on its way to others is in its entry, and stays there. */
export function forget(draft: Draft, { conversation, account, target, orderKey }: InputOf<'forget'>): void {
  takeAway(draft, conversation, { account, target, orderKey })
  draft.effects.push({ kind: 'answer', answer: { kind: 'done' } })
}

function letGo(draft: Draft, expiry: Expiry, stored: Uint8Array | undefined): void {
  const conversation = draft.state.conversations.get(expiry.conversation)
  const account = conversation && authorOf(draft.state, conversation, expiry.device)
  if (account === undefined || !takeAway(draft, expiry.conversation, { account, ...expiry })) return
  if (stored === undefined) return
  // Keys of own entries are kept until others have confirmed them; those of other entries went when they were opened.
  const { wire, time, depth } = decode(storedEntry, stored)
  draft.writes.push(...rowsOfEntry(expiry.conversation, expiry, { wire: { ...wire, body: undefined }, time, depth }))
  draft.writes.push({ kind: 'delete', table: 'bodies', key: sealedKeyOf(expiry.conversation, expiry) })
}

type Message = { readonly account: AccountId; readonly target: EntryId; readonly orderKey: string }

/** Before this is committed, conversation/relate.ts takes the message from its rows. False where there is no such conversation. */
function takeAway(draft: Draft, id: ConversationId, { account, target, orderKey }: Message): boolean {
  const conversation = draft.state.conversations.get(id)
  if (conversation === undefined) return false
  const { view } = conversation
  const pending = [...view.pending, { kind: 'expiry', account, target, orderKey } as const]
  draft.state = withConversation(draft.state, { ...conversation, view: { ...view, pending } })
  return true
}
