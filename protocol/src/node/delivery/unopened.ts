// Blobs that do not open and may be joint: the envelope with their key may be on its way, or this device may have lost it (docs/protocol.md §7.1).

import { lengthOf } from '../../log/log.ts'
import { refuse } from '../draft.ts'
import { holdOf } from '../incoming/hold.ts'
import { writerOf } from '../mailboxes/inboxes.ts'
import { conversationsWith } from '../members.ts'
import { noteUnopened } from './asking.ts'
import { hasMany } from './blob-keys.ts'
import type { DeviceId, MailboxId } from '../../bytes/ids.ts'
import type { Draft } from '../draft.ts'
import type { InputOf } from '../input.ts'
import type { Conversation, NodeState } from '../state.ts'

/** The conversations from which a joint blob may come into an own mailbox, and who writes there. */
export function jointWritersTo(
  state: NodeState,
  mailbox: MailboxId,
): readonly { readonly conversation: Conversation; readonly device: DeviceId }[] {
  const device = writerOf(state, mailbox)
  if (device === undefined || state.directory.invites.has(mailbox)) return []
  return conversationsWith(state, device).flatMap((conversation) =>
    conversation.phase === 'open' && (hasMany(conversation) || conversation.blobKeys.has(device)) ? [{ conversation, device }] : [],
  )
}

/**
 * It waits at the relay. Whoever takes part is asked, should the key not come: there is something of its writer that this device has not. What was not
 * sealed for this mailbox at all is forgotten.
 */
export function waitForKey(draft: Draft, { source }: InputOf<'unopened'>): void {
  const writers = jointWritersTo(draft.state, source.mailbox)
  const hold = holdOf(source)
  if (writers.length === 0) refuse(draft, 'blob', 'not for this mailbox')
  draft.effects.push(writers.length === 0 ? hold.blob : hold)
  for (const { conversation, device } of writers) noteUnopened(draft, conversation.id, { device, seq: lengthOf(conversation.log, device) })
}
