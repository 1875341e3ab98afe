// Tells relays which blobs this device has stored, all those of one commit together.

import { ACKNOWLEDGE_BLOBS_MAX, MAILBOXES_PER_REQUEST_MAX, RELAY_FRAME_BYTES_MAX } from '../../limits.ts'
import { RELAY_FRAME_OVERHEAD_BYTES, storedBytesOf } from '../../wire/relay.ts'
import type { BlobId, MailboxId } from '../../bytes/ids.ts'
import type { Acknowledgement } from '../../node/draft.ts'
import type { Network } from '../../ports.ts'
import type { StoredBlobs } from '../../wire/relay.ts'

export type Acknowledgements = {
  readonly acknowledge: (blob: Acknowledgement) => void
  /** Tells the relays all of it together. A lost acknowledgement is harmless: the blob is pushed again, and what it carries is known. */
  readonly send: () => void
}

export function createAcknowledgements({ request }: Pick<Network, 'request'>): Acknowledgements {
  const relays = new Map<string, Map<MailboxId, BlobId[]>>()

  return {
    acknowledge({ relay, mailbox, blob }) {
      const mailboxes = relays.get(relay) ?? new Map<MailboxId, BlobId[]>()
      relays.set(relay, mailboxes)
      const blobs = mailboxes.get(mailbox) ?? []
      mailboxes.set(mailbox, blobs)
      blobs.push(blob)
    },
    send() {
      for (const [relay, mailboxes] of relays)
        for (const stored of framesOf(mailboxes)) request(relay, { kind: 'acknowledge', stored }).catch(() => undefined)
      relays.clear()
    },
  }
}

/** As many to a frame as it has room for. */
function framesOf(mailboxes: ReadonlyMap<MailboxId, readonly BlobId[]>): readonly (readonly StoredBlobs[])[] {
  const frames: StoredBlobs[][] = []
  let bytes = Infinity
  for (const [mailbox, all] of mailboxes) {
    for (let at = 0; at < all.length; at += ACKNOWLEDGE_BLOBS_MAX) {
      const stored = { mailbox, blobs: all.slice(at, at + ACKNOWLEDGE_BLOBS_MAX) }
      bytes += storedBytesOf(stored)
      if (bytes > RELAY_FRAME_BYTES_MAX || frames.at(-1)?.length === MAILBOXES_PER_REQUEST_MAX) {
        frames.push([])
        bytes = RELAY_FRAME_OVERHEAD_BYTES + storedBytesOf(stored)
      }
      frames.at(-1)?.push(stored)
    }
  }
  return frames
}
