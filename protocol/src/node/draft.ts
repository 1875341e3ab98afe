// One step in the making: the state so far, the rows it writes and what it asks the host to do once they are durable.
// A draft lives inside one call of `step`; outside, states are immutable.

import type { BlobId, ConversationId, DeviceId, EntryId, MailboxId, UnixMs } from '../bytes/ids.ts'
import type { Random, StoreWrite } from '../ports.ts'
import type { Conversation, NodeState } from './state.ts'

/** The outside as one step sees it. */
export type Env = { readonly now: UnixMs; readonly random: Random }

/** Done after the step's rows are durable, never before. */
export type Effect =
  | Acknowledgement
  /** The blob waits, here and at the relay, until what it needs has come; the host bounds how many do. */
  | { readonly kind: 'hold'; readonly blob: Acknowledgement; readonly sealed: Uint8Array; readonly heldAt?: HeldAt | undefined }
  /** Updates of a conversation's document were admitted, and wait in their rows to become part of it. */
  | { readonly kind: 'document'; readonly conversation: ConversationId }
  /** A part of the account document has come from another own device, and waits in its row. */
  | { readonly kind: 'account'; readonly device: DeviceId; readonly of: string }
  /** A conversation was removed: what the node does not hold of it goes too, and then its rows. */
  | { readonly kind: 'removed'; readonly conversation: ConversationId }
  /** Entries of ours that were only here have reached a relay or a device after a wait. */
  | { readonly kind: 'went-out'; readonly messages: number }
  /** Something from outside was refused; for a log line, never for a screen. */
  | { readonly kind: 'refused'; readonly what: string; readonly reason: string }
  /** A command's answer. */
  | { readonly kind: 'answer'; readonly answer: Answer }

/** Of a blob that no key opens: how many entries there were of whoever left it, by conversation, when it was held first. */
export type HeldAt = ReadonlyMap<ConversationId, number>

/** This device has all that the blob carried; the relay may forget it. */
export type Acknowledgement = { readonly kind: 'acknowledge'; readonly relay: string; readonly mailbox: MailboxId; readonly blob: BlobId }

export type Answer =
  | { readonly kind: 'created'; readonly conversation: ConversationId }
  | { readonly kind: 'opened'; readonly conversation: ConversationId }
  | { readonly kind: 'saved'; readonly message: EntryId }
  /** For a new device alone. */
  | { readonly kind: 'handover'; readonly handover: Uint8Array }
  | { readonly kind: 'done' }
  | { readonly kind: 'refused'; readonly reason: string }

export type Draft = {
  state: NodeState
  readonly env: Env
  readonly writes: StoreWrite[]
  readonly effects: Effect[]
}

export const createDraft = (state: NodeState, env: Env): Draft => ({ state, env, writes: [], effects: [] })

export const refuse = (draft: Draft, what: string, reason: string): void => {
  draft.effects.push({ kind: 'refused', what, reason })
}

/** A conversation that is certain to be there. */
export function found(draft: Draft, id: ConversationId): Conversation {
  const conversation = draft.state.conversations.get(id)
  if (conversation === undefined) throw new RangeError('no such conversation')
  return conversation
}
