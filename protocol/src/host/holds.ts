// Blobs that wait at the relay until what they need has come, and the acknowledgements that let the relay forget the others. A peer
// that makes this device wait for ever holds a bounded number of them.

import { writerOf } from '../node/inbox.ts'
import { partnersOf } from '../node/draft.ts'
import type { MailboxId } from '../bytes/ids.ts'
import type { Acknowledgement } from '../node/draft.ts'
import type { NodeState } from '../node/state.ts'
import type { Network } from '../ports.ts'

/** Blobs of one mailbox that stay unacknowledged at the relay. */
export const HELD_BLOBS_MAX = 16

export type Holds = {
  readonly acknowledge: (blob: Acknowledgement) => void
  readonly hold: (blob: Acknowledgement) => void
  /** Lets go of what waited in mailboxes whose conversations miss nothing any more. */
  readonly release: (state: NodeState) => void
}

export function createHolds(network: Network): Holds {
  const held = new Map<MailboxId, Acknowledgement[]>()

  // A lost acknowledgement is harmless: the relay pushes the blob again, and what it carries is known.
  function acknowledge({ relay, mailbox, blob }: Acknowledgement): void {
    network.request(relay, { kind: 'acknowledge', mailbox, blobs: [blob] }).catch(() => undefined)
  }

  return {
    acknowledge,
    hold: (blob) => {
      const queue = held.get(blob.mailbox) ?? []
      if (queue.some((other) => other.blob === blob.blob)) return
      held.set(blob.mailbox, [...queue, blob])
      const oldest = queue.length >= HELD_BLOBS_MAX ? held.get(blob.mailbox)?.shift() : undefined
      if (oldest !== undefined) acknowledge(oldest)
    },
    release: (state) => {
      for (const [mailbox, blobs] of held) {
        if (isMissing(state, mailbox)) continue
        held.delete(mailbox)
        for (const blob of blobs) acknowledge(blob)
      }
    },
  }
}

function isMissing(state: NodeState, mailbox: MailboxId): boolean {
  const device = writerOf(state, mailbox)
  if (device === undefined) return false
  return [...state.conversations.values()].some((conversation) => conversation.missingSince !== undefined && partnersOf(state, conversation.id).includes(device))
}
