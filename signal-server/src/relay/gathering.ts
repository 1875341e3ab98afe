// What waits for somebody who is away, put together by whoever left it: one blob takes the place of many (docs/protocol.md §8.3).

import { BLOB_BYTES_MAX, blobIdOf } from '@kith/protocol'
import { BLOB_MS_MAX, ITEM_ROW_BYTES } from '../limits.ts'
import { MAILBOX_QUOTA } from './deposits.ts'
import { refused, shareUsedUp } from './ports.ts'
import { bodyBytesOf, bodyPlaceOf } from './shares.ts'
import type { MailboxId, RelayRequestOf, Verdict } from '@kith/protocol'
import type { GatherOutcome } from '../storage/storage.ts'
import type { DepositParts } from './deposits.ts'
import type { Outcome } from './ports.ts'
import type { Item } from './shares.ts'

type GatherParts = Pick<DepositParts, 'ports' | 'share' | 'isBound'>

/** Nothing is pushed for it: a stream that was given some of them acknowledges those, and whoever opens the mailbox next gets the one. */
export async function gatherBlobs(
  { ports, share, isBound }: GatherParts,
  { mailboxes: named, blobs, blob }: RelayRequestOf<'gather'>,
): Promise<Outcome> {
  if (blobs.length === 0) return refused('malformed')
  if (blob.length > BLOB_BYTES_MAX) return refused('too-large')
  const mailboxes = [...new Set(named)].filter(isBound)
  const { storage } = ports
  const copies = storage.copies === 'one' ? 1 : mailboxes.length
  const bytes = copies * bodyBytesOf(blob.length) + mailboxes.length * ITEM_ROW_BYTES
  if (!share.reserve(bytes)) return shareUsedUp(ports)
  const id = blobIdOf(ports.hash(blob))
  const until = ports.clock() + BLOB_MS_MAX
  let kept: readonly Item[] = []
  try {
    const outcome = await storage.gather({ mailboxes, blobs, id, blob, expires: until, quota: MAILBOX_QUOTA })
    release({ ports, share }, mailboxes, outcome)
    const places = outcome.deleted.flatMap((deleted, at) => (deleted.blobs.length > 0 ? [mailboxes[at] as MailboxId] : []))
    kept = [
      ...(outcome.isNew ? places.slice(0, copies) : []).map(
        (mailbox) => ({ place: bodyPlaceOf(storage, mailbox, id), bytes: bodyBytesOf(blob.length), until }) as const,
      ),
      ...places.map((mailbox) => ({ place: `mailbox ${mailbox}`, bytes: ITEM_ROW_BYTES, until }) as const),
    ]
    return { answer: { kind: 'gathered', verdicts: named.map((mailbox) => verdictOf(outcome.places[mailboxes.indexOf(mailbox)])) } }
  } finally {
    share.charge(bytes, kept)
  }
}

function verdictOf(place: GatherOutcome['places'][number] | undefined): Verdict {
  if (place === 'gathered') return { kind: 'done' }
  return refused(place ?? 'denied').answer
}

function release(
  { ports, share }: Pick<GatherParts, 'ports' | 'share'>,
  mailboxes: readonly MailboxId[],
  { deleted }: GatherOutcome,
): void {
  for (const [at, { blobs, gone }] of deleted.entries()) {
    const mailbox = mailboxes[at] as MailboxId
    share.release(`mailbox ${mailbox}`, blobs.length * ITEM_ROW_BYTES)
    for (const blob of gone) share.release(bodyPlaceOf(ports.storage, mailbox, blob), Infinity)
  }
}
