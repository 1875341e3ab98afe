// Two histories under one name: the proof that a device wrote two entries with one sequence number (docs/protocol.md §5.7).

import { bytes, encode, fixed, list, struct, tryDecode } from '../bytes/codec.ts'
import { NO_CONVERSATION } from '../bytes/ids.ts'
import { HEADER_BYTES_MAX, RUN_ENTRIES_MAX } from '../limits.ts'
import { entryHeader } from '../wire/entry.ts'
import { entryIdOfHeader, verifyRun } from './entry.ts'
import { withFeed } from './log.ts'
import type { Codec } from '../bytes/codec.ts'
import type { ConversationId, DeviceId, EntryId } from '../bytes/ids.ts'
import type { EntryHeader } from '../wire/entry.ts'
import type { Feed, Log } from './log.ts'

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

const signedRun: Codec<SignedRun> = struct({ headers: list(bytes(HEADER_BYTES_MAX), RUN_ENTRIES_MAX), signature: fixed(64) })
export const forkProof: Codec<ForkProof> = struct({ first: signedRun, second: signedRun })

export type ForkProofVerdict =
  | { readonly kind: 'proven'; readonly device: DeviceId; readonly log: Log }
  | { readonly kind: 'refused'; readonly reason: 'malformed' | 'unknown-device' | 'conversation' | 'same' | 'signature' }

/** Checks a proof that somebody sent, and marks the feed. Works before either branch has arrived. */
export function applyForkProof(log: Log, proof: ForkProof): ForkProofVerdict {
  const first = readRun(log, proof.first)
  const second = readRun(log, proof.second)
  if (typeof first === 'string') return { kind: 'refused', reason: first }
  if (typeof second === 'string') return { kind: 'refused', reason: second }
  if (first.header.device !== second.header.device || first.header.seq !== second.header.seq || first.id === second.id)
    return { kind: 'refused', reason: 'same' }
  const feed = log.feeds.get(first.header.device)
  if (feed === undefined) return { kind: 'refused', reason: 'unknown-device' }
  if (!isSigned(log, feed, first) || !isSigned(log, feed, second)) return { kind: 'refused', reason: 'signature' }
  const fork = earlierFork(feed.fork, { seq: first.header.seq, ids: [first.id, second.id].toSorted(), proof })
  return { kind: 'proven', device: feed.device, log: withFeed(log, { ...feed, fork }) }
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

type Run = {
  readonly id: EntryId
  readonly header: EntryHeader
  readonly last: { readonly id: EntryId; readonly seq: number }
  readonly signature: Uint8Array
}

/** The disputed entry and the end of a run whose headers chain up, or why not. */
function readRun(log: Log, run: SignedRun): Run | 'malformed' | 'conversation' {
  let first: { readonly id: EntryId; readonly header: EntryHeader } | undefined
  let last: { readonly id: EntryId; readonly header: EntryHeader } | undefined
  for (const headerBytes of run.headers) {
    const header = tryDecode(entryHeader, headerBytes)
    if (header === undefined) return 'malformed'
    const id = entryIdOfHeader(headerBytes)
    if (!belongsTo(log.conversation, header, id)) return 'conversation'
    if (last !== undefined && (header.prev !== last.id || header.seq !== last.header.seq + 1 || header.device !== last.header.device))
      return 'malformed'
    last = { id, header }
    first ??= last
  }
  if (first === undefined || last === undefined) return 'malformed'
  return { ...first, last: { id: last.id, seq: last.header.seq }, signature: run.signature }
}

/** Only the create entry, whose id names the conversation, has no conversation in its header. */
export const belongsTo = (conversation: ConversationId, header: EntryHeader, id: EntryId): boolean =>
  header.conversation === NO_CONVERSATION ? header.seq === 0 && (id as string) === conversation : header.conversation === conversation

const isSigned = (log: Log, feed: Feed, run: Run): boolean =>
  verifyRun(feed.signingKey, { conversation: log.conversation, device: feed.device, ...run.last }, run.signature)

/** For storing and for sending. */
export const encodeForkProof = (proof: ForkProof): Uint8Array => encode(forkProof, proof)
