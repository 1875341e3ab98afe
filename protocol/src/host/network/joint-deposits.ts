// Blobs for many, sealed and left in their mailboxes. Loaded with what carries duties out.

import { BLOB_CONTENT_BYTES_MAX, MAILBOXES_PER_DEPOSIT_MAX } from '../../limits.ts'
import { sealJointBlob } from '../../mailbox/joint-blob.ts'
import { isForAll } from '../../mailbox/deposit-answer.ts'
import { NetworkError } from '../../ports.ts'
import { framesOfRun, isWhole, ownLengthIn, readRun, waitingOf } from '../rows/runs.ts'
import type { ConversationId } from '../../bytes/ids.ts'
import type { FeedRange } from '../../log/lookups.ts'
import type { DepositAnswer } from '../../mailbox/deposit-answer.ts'
import type { InputOf, JointPlace } from '../../node/input.ts'
import type { NodeState, Peer, WaitingBlob } from '../../node/state.ts'
import type { Network, Store } from '../../ports.ts'
import type { MailboxGrant } from '../../wire/capability.ts'
import type { RelayAnswer, Verdict } from '../../wire/relay.ts'
import type { Run } from '../rows/runs.ts'
import type { Deposits } from './deposits.ts'

type JointParts = {
  readonly store: Pick<Store, 'read'>
  readonly network: Pick<Network, 'request'>
  readonly deposits: Deposits
  readonly state: () => NodeState
}
type JointOrder = {
  readonly conversation: ConversationId
  readonly relay: string
  readonly writers: readonly { readonly peer: Peer; readonly grant: MailboxGrant }[]
}
/** `answer`: why the relay is to be left alone for a while. */
type JointOutcome<Kind extends 'deposited-joint' | 'gathered-joint'> = {
  readonly outcome: InputOf<Kind>
  readonly answer?: DepositAnswer | RelayAnswer
}

/** Own entries of a range, as many as fit into a blob, for all these mailboxes. */
export async function depositForMany(
  parts: JointParts,
  { conversation, relay, range, writers, bytesMax }: JointOrder & { readonly range: FeedRange; readonly bytesMax: number },
): Promise<JointOutcome<'deposited-joint'>> {
  const { run, blob } = await sealRun(parts, { conversation, range, bytesMax })
  const mailboxes = writers.map(({ grant }) => grant.mailbox)
  const answers = await parts.deposits.leaveForMany(relay, mailboxes, blob)
  const places = writers.map(({ peer, grant }, at): JointPlace => ({
    device: peer.device.id,
    grant,
    answer: answers[at] ?? { kind: 'unproven' },
  }))
  const upTo = ownLengthIn(run, range.device)
  const left = waitingOf(run, range.device, blob) ?? { ...range, bytes: run.bytes, blob: undefined }
  const outcome = { kind: 'deposited-joint', conversation, relay, upTo, places, left } as const
  const refusal = answers.find((answer) => answer.kind === 'refused' && isForAll(answer))
  return refusal === undefined ? { outcome } : { outcome, answer: refusal }
}

/** One blob in the place of these, in all the mailboxes that hold them still. Where a body is not here any more, theirs is the last copy of it, and stays. */
export async function gatherForMany(
  parts: JointParts,
  { conversation, relay, writers, blobs }: JointOrder & { readonly blobs: readonly WaitingBlob[] },
): Promise<JointOutcome<'gathered-joint'>> {
  const device = parts.state().self.device.id
  const range = { device, from: blobs[0]?.from ?? 0, to: blobs.at(-1)?.to ?? 0 }
  const { run, blob } = await sealRun(parts, { conversation, range, bytesMax: BLOB_CONTENT_BYTES_MAX })
  const outcome = { kind: 'gathered-joint', conversation, relay, blobs } as const
  if (!isWhole(run, range)) return { outcome: { ...outcome, into: undefined, answers: [] } }
  const ids = blobs.flatMap((waiting) => waiting.blob ?? [])
  const into = waitingOf(run, device, blob)
  const answers: Verdict[] = []
  for (let at = 0; at < writers.length; at += MAILBOXES_PER_DEPOSIT_MAX) {
    const mailboxes = writers.slice(at, at + MAILBOXES_PER_DEPOSIT_MAX).map(({ grant }) => grant.mailbox)
    const answer = await parts.network.request(relay, { kind: 'gather', mailboxes, blobs: ids, blob })
    if (answer.kind === 'gathered') answers.push(...answer.verdicts)
    else if (answer.kind === 'refused') return { outcome: { ...outcome, into, answers: [...answers, answer] }, answer }
  }
  return { outcome: { ...outcome, into, answers } }
}

type Sealing = { readonly conversation: ConversationId; readonly range: FeedRange; readonly bytesMax: number }

async function sealRun(
  parts: JointParts,
  { conversation, range, bytesMax }: Sealing,
): Promise<{ readonly run: Run; readonly blob: Uint8Array }> {
  const { device } = range
  const [key] = parts.state().conversations.awake.get(conversation)?.blobKeys.get(device) ?? []
  if (key === undefined) throw new NetworkError('disconnected', 'the conversation went')
  const run = await readRun(parts, { conversation, ranges: [range], envelopes: [], bytesMax })
  const frames = framesOfRun(run, { self: device, conversation }).filter((frame) => frame.kind === 'entries')
  return { run, blob: sealJointBlob({ conversation, device, key }, frames) }
}
