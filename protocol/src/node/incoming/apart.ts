// Bodies whose keys travel apart: where two branches of a feed used one step of a chain, the chain opens only one of them for each
// receiver, and the author hands over the key of the other (docs/protocol.md §5.7).

import { BODY_KEYS_MAX } from '../../limits.ts'
import { openBodyWith } from '../../log/body.ts'
import { withConversation, withItem, withoutItem } from '../change.ts'
import { found, refuse } from '../draft.ts'
import type { ConversationId, DeviceId, EntryId } from '../../bytes/ids.ts'
import type { BodyKey, OpenedBody } from '../../log/body.ts'
import type { EntryHeader } from '../../wire/entry.ts'
import type { Draft } from '../draft.ts'

type BodyKeyHandout = { readonly conversation: ConversationId; readonly entry: EntryId; readonly bodyKey: BodyKey }

/** Keeps the key until the entry comes, or comes again. Of too many the oldest go first. */
export function acceptBodyKey(draft: Draft, device: DeviceId, { conversation: id, entry, bodyKey }: BodyKeyHandout): void {
  const conversation = draft.state.conversations.get(id)
  if (conversation === undefined || !conversation.log.feeds.has(device)) return refuse(draft, 'body key', 'unknown-conversation')
  const keys = withItem(conversation.bodyKeys.get(device) ?? new Map(), entry, bodyKey)
  const kept = new Map([...keys].slice(-BODY_KEYS_MAX))
  draft.state = withConversation(draft.state, { ...conversation, bodyKeys: conversation.bodyKeys.with(device, kept) })
}

type ReadableBody = Exclude<OpenedBody, { kind: 'refused' }>
type SingleEntry = { readonly entry: EntryId; readonly header: EntryHeader; readonly body: Uint8Array }

/** Opens a body with its own key, if its author has handed that over. The key is used up once it has opened it. */
export function openWithBodyKey(draft: Draft, id: ConversationId, { entry, header, body }: SingleEntry): ReadableBody | undefined {
  const conversation = found(draft, id)
  const keys = conversation.bodyKeys.get(header.device)
  const bodyKey = keys?.get(entry)
  if (keys === undefined || bodyKey === undefined) return undefined
  const opening = openBodyWith(header, body, bodyKey)
  if (opening.kind === 'refused') {
    refuse(draft, 'body', opening.reason)
    return undefined
  }
  const left = withoutItem(keys, entry)
  const bodyKeys = left.size === 0 ? conversation.bodyKeys.without(header.device) : conversation.bodyKeys.with(header.device, left)
  draft.state = withConversation(draft.state, { ...conversation, bodyKeys })
  return opening
}
