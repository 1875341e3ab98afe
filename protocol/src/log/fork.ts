// Two histories under one name: the proof that a device wrote two entries with one sequence number (docs/protocol.md §5.7).

import { NO_CONVERSATION } from '../bytes/ids.ts'
import type { ConversationId, EntryId } from '../bytes/ids.ts'
import type { EntryHeader } from '../wire/entry.ts'

/** Headers from the disputed entry to the one that is signed, and that signature. */
export type SignedRun = { readonly headers: readonly Uint8Array[]; readonly signature: Uint8Array }

export type ForkProof = { readonly first: SignedRun; readonly second: SignedRun }

/** The earliest dispute of a feed. The same on every device that knows both branches; only the proof may differ. */
export type Fork = {
  readonly seq: number
  /** Ascending; the two smallest when there are more. */
  readonly ids: readonly [EntryId, EntryId]
  /** Undefined when the signature that covered one branch is not at hand. */
  readonly proof: ForkProof | undefined
}

/** Which of two disputes of one feed is remembered: the earlier one, and of one place the smallest pair of ids. */
export function earlierFork(
  known: Fork | undefined,
  found: { readonly seq: number; readonly ids: readonly EntryId[]; readonly proof: ForkProof | undefined },
): Fork {
  const [first, second] = found.ids
  if (first === undefined || second === undefined) throw new RangeError('a fork has two entries')
  if (known === undefined || found.seq < known.seq) return { seq: found.seq, ids: [first, second], proof: found.proof }
  if (found.seq > known.seq) return known
  const [a, b] = [...new Set([...known.ids, first, second])].toSorted()
  if (a === known.ids[0] && b === known.ids[1])
    return known.proof === undefined && a === first && b === second ? { ...known, proof: found.proof } : known
  // A third branch changed the pair: the proof at hand still shows a dispute at this place.
  return { seq: known.seq, ids: [a as EntryId, b as EntryId], proof: found.proof ?? known.proof }
}

/** Only the create entry, whose id names the conversation, has no conversation in its header. */
export const belongsTo = (conversation: ConversationId, header: EntryHeader, id: EntryId): boolean =>
  header.conversation === NO_CONVERSATION ? header.seq === 0 && (id as string) === conversation : header.conversation === conversation
