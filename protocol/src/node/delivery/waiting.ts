// What lies in somebody's mailbox and was not confirmed, put together: blobs that fill a larger one are replaced by it, so whoever comes back after
// a thousand messages finds a few (docs/protocol.md §7.2, docs/decisions/0053). Nothing depends on it: what is forgotten here lies there as it was.

import { BLOB_BUCKETS, GATHERED_BLOBS_MAX, GATHERED_BYTES_MAX, GROUP_GATHERED_BYTES_MAX, WAITING_BLOBS_MAX } from '../../limits.ts'
import { isForAll } from '../../mailbox/deposit-answer.ts'
import { deliveryTo, withDelivery } from './reach.ts'
import type { ConversationId, DeviceId } from '../../bytes/ids.ts'
import type { Draft } from '../draft.ts'
import type { InputOf } from '../input.ts'
import type { Conversation, WaitingBlob } from '../state.ts'

type Place = { readonly id: ConversationId; readonly device: DeviceId }

/** A blob with own entries was left for `device`. What was left before and does not end where it begins was left anew, or is not next to it. */
export function noteWaiting(draft: Draft, { id, device }: Place, left: WaitingBlob): void {
  const conversation = draft.state.conversations.get(id)
  if (conversation === undefined) return
  const before = deliveryTo(conversation, device).waiting.filter(({ to }) => to < left.from)
  const next = before.at(-1)?.to === left.from - 1 ? before : []
  withDelivery(draft, id, device, { waiting: [...next, left].slice(-WAITING_BLOBS_MAX) })
}

/** The blobs that one is to take the place of now; none while they do not fill it. */
export function gatherable({ group }: Pick<Conversation, 'group'>, waiting: readonly WaitingBlob[]): readonly WaitingBlob[] {
  const most = group === undefined ? GATHERED_BYTES_MAX : GROUP_GATHERED_BYTES_MAX
  for (const [at, bucket] of BLOB_BUCKETS.slice(0, -1).entries()) {
    const last = waiting.findLastIndex(({ bytes }) => bytes >= bucket)
    const filled = fill(waiting.slice(last + 1), Math.min(BLOB_BUCKETS[at + 1] as number, most))
    if (filled.length > 0) return filled
  }
  return []
}

// The first of these, as many as fit; none while all do. What stays where it is goes along only between others.
function fill(blobs: readonly WaitingBlob[], bytesMax: number): readonly WaitingBlob[] {
  let bytes = 0
  const over = blobs.findIndex((blob, at) => {
    bytes += blob.bytes
    return at === GATHERED_BLOBS_MAX || bytes >= bytesMax
  })
  const movable = ({ blob }: WaitingBlob): boolean => blob !== undefined
  const fitting = over === -1 ? [] : blobs.slice(0, over)
  const filled = fitting.slice(fitting.findIndex(movable), fitting.findLastIndex(movable) + 1)
  return filled.length > 1 ? filled : []
}

/** What came of it. What the relay does not hold any more, or would not put together, is left as it is. */
export function gathered(draft: Draft, { device, conversation: id, blobs, into, answer }: InputOf<'gathered'>): void {
  const conversation = draft.state.conversations.get(id)
  if (conversation === undefined || (answer?.kind === 'refused' && isForAll(answer))) return
  const { waiting } = deliveryTo(conversation, device)
  const at = waiting.findIndex(({ from }) => from === blobs[0]?.from)
  const after = waiting.slice(at + blobs.length)
  if (at === -1 || !blobs.every(({ blob }, index) => waiting[at + index]?.blob === blob)) return
  const isDone = answer?.kind === 'done' && into !== undefined
  withDelivery(draft, id, device, { waiting: isDone ? [...waiting.slice(0, at), into, ...after] : after })
}
