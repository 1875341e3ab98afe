// Blobs for many, sealed and left in their mailboxes. Loaded with what carries duties out.

import { sealJointBlob } from '../../mailbox/joint-blob.ts'
import { isForAll } from '../../mailbox/deposit-answer.ts'
import { NetworkError } from '../../ports.ts'
import { framesOfRun, ownLengthIn, readRun } from '../rows/runs.ts'
import type { ConversationId } from '../../bytes/ids.ts'
import type { FeedRange } from '../../log/lookups.ts'
import type { DepositAnswer } from '../../mailbox/deposit-answer.ts'
import type { InputOf, JointPlace } from '../../node/input.ts'
import type { NodeState, Peer } from '../../node/state.ts'
import type { Store } from '../../ports.ts'
import type { MailboxGrant } from '../../wire/capability.ts'
import type { Deposits } from './deposits.ts'

type DepositParts = { readonly store: Pick<Store, 'read'>; readonly deposits: Deposits; readonly state: () => NodeState }
type DepositOrder = {
  readonly conversation: ConversationId
  readonly relay: string
  readonly range: FeedRange
  readonly writers: readonly { readonly peer: Peer; readonly grant: MailboxGrant }[]
  readonly bytesMax: number
}
/** `answer`: why the relay is to be left alone for now. */
type DepositOutcome = { readonly outcome: InputOf<'deposited-joint'>; readonly answer?: DepositAnswer }

/** Own entries of a range, as many as fit into a blob, for all these mailboxes. */
export async function depositForMany(
  parts: DepositParts,
  { conversation, relay, range, writers, bytesMax }: DepositOrder,
): Promise<DepositOutcome> {
  const { conversations, self } = parts.state()
  const device = self.device.id
  const [key] = conversations.awake.get(conversation)?.blobKeys.get(device) ?? []
  if (key === undefined) throw new NetworkError('disconnected', 'the conversation went')
  const run = await readRun(parts, { conversation, ranges: [range], envelopes: [], bytesMax })
  const frames = framesOfRun(run, { self: device, conversation }).filter((frame) => frame.kind === 'entries')
  const blob = sealJointBlob({ conversation, device, key }, frames)
  const mailboxes = writers.map(({ grant }) => grant.mailbox)
  const answers = await parts.deposits.leaveForMany(relay, mailboxes, blob)
  const places = writers.map(({ peer, grant }, at): JointPlace => ({
    device: peer.device.id,
    grant,
    answer: answers[at] ?? { kind: 'unproven' },
  }))
  const outcome = { kind: 'deposited-joint', conversation, relay, upTo: ownLengthIn(run, device), places } as const
  const refusal = answers.find((answer) => answer.kind === 'refused' && isForAll(answer))
  return refusal === undefined ? { outcome } : { outcome, answer: refusal }
}
