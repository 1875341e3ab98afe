// A blob that cannot be read yet stays at the relay, and is read again when what it needs has come (host/network/holds.ts).

import { blobIdOfSealed } from '../../mailbox/blob.ts'
import type { Effect, HeldAt } from '../draft.ts'
import type { Source } from '../input.ts'

/** The effect that keeps a blob for later. */
export function holdOf(source: Extract<Source, { kind: 'mailbox' }>, heldAt?: HeldAt): Extract<Effect, { kind: 'hold' }> {
  const { relay, mailbox, blob: sealed } = source
  return { kind: 'hold', blob: { kind: 'acknowledge', relay, mailbox, blob: blobIdOfSealed(sealed) }, sealed, heldAt }
}
