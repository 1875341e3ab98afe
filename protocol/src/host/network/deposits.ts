// What this device leaves in mailboxes of others, on its way: deposits of whatever chats that are due at the same time go to a relay in
// one call, and each hears what became of it.

import { fromHex } from '../../bytes/bytes.ts'
import { DEPOSIT_CALLS_MAX, DEPOSITS_PER_REQUEST_MAX, MAILBOXES_PER_DEPOSIT_MAX, RELAY_FRAME_BYTES_MAX } from '../../limits.ts'
import { depositAnswersIn } from '../../mailbox/deposit-answer.ts'
import { depositBytesOf, RELAY_FRAME_OVERHEAD_BYTES } from '../../wire/relay.ts'
import type { MailboxId } from '../../bytes/ids.ts'
import type { DepositAnswer } from '../../mailbox/deposit-answer.ts'
import type { Network } from '../../ports.ts'
import type { Deposit } from '../../wire/relay.ts'

export type Deposits = {
  /**
   * One blob with something for people in it, in as many deposits as it takes; an answer for each of the mailboxes, `unproven` where a deposit was not answered. Rejects when none
   * was.
   */
  readonly leaveForMany: (relay: string, mailboxes: readonly MailboxId[], blob: Uint8Array) => Promise<readonly DepositAnswer[]>
  /** An answer for each of the mailboxes. Rejects with {@link NetworkError} like the network's own requests. */
  readonly leave: (relay: string, deposit: Deposit) => Promise<readonly DepositAnswer[]>
}

type QueuedDeposit = {
  readonly deposit: Deposit
  readonly resolve: (answers: readonly DepositAnswer[]) => void
  readonly reject: (error: unknown) => void
}
type RelayQueue = { readonly waiting: QueuedDeposit[]; underWay: number }

export function createDeposits({ request }: Pick<Network, 'request'>): Deposits {
  const lines = new Map<string, RelayQueue>()

  function send(relay: string, line: RelayQueue): void {
    while (line.underWay < DEPOSIT_CALLS_MAX && line.waiting.length > 0) {
      line.underWay += 1
      void call(relay, takeFrame(line.waiting)).finally(() => {
        line.underWay -= 1
        send(relay, line)
        if (line.underWay === 0) lines.delete(relay)
      })
    }
  }

  // Never rejects.
  async function call(relay: string, batch: readonly QueuedDeposit[]): Promise<void> {
    const deposits = batch.map(({ deposit }) => deposit)
    try {
      const answers = depositAnswersIn(fromHex(relay), deposits, await request(relay, { kind: 'deposit', deposits }))
      for (const [at, { resolve }] of batch.entries()) resolve(answers[at] ?? [])
    } catch (error) {
      for (const { reject } of batch) reject(error)
    }
  }

  const leave = (relay: string, deposit: Deposit): Promise<readonly DepositAnswer[]> =>
    new Promise((resolve, reject) => {
      const line = lines.get(relay) ?? { waiting: [], underWay: 0 }
      lines.set(relay, line)
      line.waiting.push({ deposit, resolve, reject })
      send(relay, line)
    })

  return {
    leave,
    async leaveForMany(relay, mailboxes, blob) {
      const parts: (readonly MailboxId[])[] = []
      for (let at = 0; at < mailboxes.length; at += MAILBOXES_PER_DEPOSIT_MAX)
        parts.push(mailboxes.slice(at, at + MAILBOXES_PER_DEPOSIT_MAX))
      const outcomes = await Promise.allSettled(parts.map((part) => leave(relay, { mailboxes: part, blob, wakes: true })))
      const [first] = outcomes
      if (first?.status === 'rejected' && outcomes.every(({ status }) => status === 'rejected')) throw first.reason
      return outcomes.flatMap((outcome, at) => {
        const unanswered: DepositAnswer = { kind: 'unproven' }
        return outcome.status === 'fulfilled' ? outcome.value : (parts[at] ?? []).map(() => unanswered)
      })
    },
  }
}

/** Takes off the first ones, as many as one frame has room for. */
function takeFrame(waiting: QueuedDeposit[]): readonly QueuedDeposit[] {
  let bytes = RELAY_FRAME_OVERHEAD_BYTES
  const end = waiting.findIndex(({ deposit }, at) => {
    bytes += depositBytesOf(deposit)
    return at > 0 && (at === DEPOSITS_PER_REQUEST_MAX || bytes > RELAY_FRAME_BYTES_MAX)
  })
  return waiting.splice(0, end === -1 ? waiting.length : end)
}
