// Blobs that do not open and may be joint: the envelope with their key may be on its way, or this device may have lost it (docs/protocol.md §7.1).

import { lengthOf } from '../../log/log.ts'
import { refuse } from '../draft.ts'
import { holdOf } from '../incoming/hold.ts'
import { writerOf } from '../mailboxes/inboxes.ts'
import { conversationsWith } from '../members.ts'
import { noteLetGo, noteUnopened } from './asking.ts'
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
 * sealed for this mailbox at all is forgotten, and so is what still does not open when what followed has come: its writer hears what this device has.
 */
export function waitForKey(draft: Draft, { source, heldAt }: InputOf<'unopened'>): void {
  if (draft.state.net.left.has(source.mailbox)) return refuse(draft, 'blob', 'for others')
  const writers = jointWritersTo(draft.state, source.mailbox).map(({ conversation, device }) => {
    const length = lengthOf(conversation.log, device)
    return { conversation, device, length, first: heldAt?.get(conversation.id) ?? length }
  })
  const hold = holdOf(source, new Map(writers.map(({ conversation, first }) => [conversation.id, first])))
  const waiting = writers.filter(({ length, first }) => length <= first)
  // Whoever misses something else as well asks for that first.
  if (waiting.length > 0 || writers.some(({ conversation }) => conversation.missing !== undefined)) {
    draft.effects.push(hold)
    for (const { conversation, device, length } of waiting) noteUnopened(draft, conversation.id, { device, seq: length })
    return
  }
  refuse(draft, 'blob', writers.length === 0 ? 'not for this mailbox' : 'opens with no key')
  draft.effects.push(hold.blob)
  for (const { conversation, device } of writers) noteLetGo(draft, conversation.id, device)
}
