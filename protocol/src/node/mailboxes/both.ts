// The two mailboxes that there are for a contact's device where a second relay is.

import { secondKeysOf } from '../../mailbox/keys.ts'
import type { Inbox } from './inbox.ts'

/** The mailbox, and the one that belongs to it at a second relay. */
export function bothOf(inbox: Inbox | undefined): readonly Inbox[] {
  if (inbox?.second === undefined) return inbox === undefined ? [] : [inbox]
  const { relay, registered } = inbox.second
  return [inbox, { keys: secondKeysOf(inbox.keys, relay), registered }]
}
