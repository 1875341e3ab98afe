// What lies in somebody's mailbox and was not confirmed, put together: blobs that fill a larger one are replaced by it, so whoever comes back after
// a thousand messages finds a few (docs/protocol.md §7.2, docs/decisions/0053). Nothing depends on it: what is forgotten here lies there as it was.

import { BLOB_BUCKETS, GATHERED_BLOBS_MAX, GATHERED_BYTES_MAX, GROUP_GATHERED_BYTES_MAX, WAITING_BLOBS_MAX } from '../../limits.ts'
import { isForAll } from '../../mailbox/deposit-answer.ts'
import { setJoint } from './join.ts'
import { deliveryTo, shownBy, withDelivery } from './reach.ts'
import type { ConversationId, DeviceId } from '../../bytes/ids.ts'
import type { Draft } from '../draft.ts'
import type { Duty } from '../duty.ts'
import type { InputOf } from '../input.ts'
import type { Conversation, NodeState, WaitingBlob } from '../state.ts'

type LeftForMany = { readonly relay: string; readonly left: WaitingBlob }
type Place = { readonly id: ConversationId; readonly device: DeviceId }

/** A blob with own entries was left for `device`. What was left before and does not end where it begins was left anew, or is not next to it. */
export function noteWaiting(draft: Draft, { id, device }: Place, left: WaitingBlob): void {
  const conversation = draft.state.conversations.get(id)
  if (conversation === undefined) return
  withDelivery(draft, id, device, { waiting: andThen(deliveryTo(conversation, device).waiting, left) })
}

function andThen(waiting: readonly WaitingBlob[], left: WaitingBlob): readonly WaitingBlob[] {
  const before = waiting.filter(({ to }) => to < left.from)
  const next = before.at(-1)?.to === left.from - 1 ? before : []
  return [...next, left].slice(-WAITING_BLOBS_MAX)
}

/** The same for what was left for many at a relay. What all of them have is not remembered. */
export function withJointBlob(state: NodeState, conversation: Conversation, { relay, left }: LeftForMany): readonly WaitingBlob[] {
  const waiting = andThen(conversation.joint.get(relay)?.waiting ?? [], left)
  const filled = gatherable(conversation, waiting)
  const isForNobody = filled.length > 0 && lackingAll(state, conversation, { relay, blobs: filled }).length === 0
  return isForNobody ? after(waiting, filled) : waiting
}

const after = (waiting: readonly WaitingBlob[], blobs: readonly WaitingBlob[]): readonly WaitingBlob[] =>
  waiting.filter(({ from }) => from > (blobs.at(-1)?.to ?? -1))

/** Whose mailboxes may hold all of these joint blobs still. Whoever is connected fetches what waits. */
export function lackingAll(
  { self, net, peers }: NodeState,
  conversation: Conversation,
  { relay, blobs }: { readonly relay: string; readonly blobs: readonly WaitingBlob[] },
): readonly DeviceId[] {
  const session = net.relays.get(relay)
  const devices: DeviceId[] = []
  conversation.delivery.forEach((to, device) => {
    if (to.joint !== relay || net.links.has(device) || shownBy(conversation, self.device.id, to) > (blobs[0]?.from ?? 0)) return
    const outbox = peers.get(device)?.outbox
    if (outbox !== undefined && session?.bound.has(outbox.mailbox) === true) devices.push(device)
  })
  return devices
}

/** What is to be put together of what was left for many. */
export function jointGatherDuties(state: NodeState, conversation: Conversation, relay: string): readonly Duty[] {
  const { id } = conversation
  const blobs = gatherable(conversation, conversation.joint.get(relay)?.waiting ?? [])
  const devices = blobs.length === 0 ? [] : lackingAll(state, conversation, { relay, blobs })
  if (devices.length === 0) return []
  const aim = `${blobs[0]?.from} ${blobs.at(-1)?.to} ${devices.length}`
  return [{ kind: 'gather-joint', key: `gather/${id}/${relay}`, aim, relay, conversation: id, devices, blobs }]
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
  const waiting = replaced(deliveryTo(conversation, device).waiting, blobs, answer?.kind === 'done' ? into : undefined)
  withDelivery(draft, id, device, { waiting })
}

/** The same of what was left for many: some of them may have fetched it meanwhile. */
export function gatheredJointly(draft: Draft, { conversation: id, relay, blobs, into, answers }: InputOf<'gathered-joint'>): void {
  const conversation = draft.state.conversations.get(id)
  const joint = conversation?.joint.get(relay)
  const isDone = answers.some(({ kind }) => kind === 'done')
  if (conversation === undefined || joint === undefined) return
  if (!isDone && answers.some((answer) => answer.kind === 'refused' && isForAll(answer))) return
  setJoint(draft, { id, relay }, { ...joint, waiting: replaced(joint.waiting, blobs, isDone ? into : undefined) })
}

// Without `into`, what lies there is left alone from now on, and what was left before it too.
function replaced(waiting: readonly WaitingBlob[], blobs: readonly WaitingBlob[], into: WaitingBlob | undefined): readonly WaitingBlob[] {
  const at = waiting.findIndex(({ from }) => from === blobs[0]?.from)
  if (at === -1 || !blobs.every(({ blob }, index) => waiting[at + index]?.blob === blob)) return waiting
  const later = waiting.slice(at + blobs.length)
  return into === undefined ? later : [...waiting.slice(0, at), into, ...later]
}
