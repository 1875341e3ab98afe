// What a relay's answer to a call with deposits says about each of them. Only its signature proves that it keeps a blob (docs/protocol.md §8.2).

import { verify } from '../crypto/sign.ts'
import { depositedStatement, signedFor } from '../wire/relay-proof.ts'
import { blobIdOfSealed } from './blob.ts'
import type { Deposit, RelayAnswer, RelayAnswerOf } from '../wire/relay.ts'

/** Of one blob in one mailbox. `unproven`: the relay did not show that it keeps it. */
export type DepositAnswer = { readonly kind: 'stored' } | { readonly kind: 'unproven' } | RelayAnswerOf<'refused'>

/** One for each mailbox of each deposit. The signature is checked once for all. */
export function depositAnswersIn(
  relayKey: Uint8Array,
  deposits: readonly Deposit[],
  answer: RelayAnswer,
): readonly (readonly DepositAnswer[])[] {
  const all = (one: DepositAnswer) => deposits.map(({ mailboxes }) => mailboxes.map(() => one))
  if (answer.kind === 'refused') return all(answer)
  if (answer.kind !== 'deposited' || !isComplete(deposits, answer)) return all({ kind: 'unproven' })
  const { time, signature, path, verdicts } = answer
  const stored = deposits.flatMap(({ mailboxes, blob }, at) => {
    const done = mailboxes.filter((_, index) => verdicts[at]?.[index]?.kind === 'done')
    const id = done.length > 0 ? blobIdOfSealed(blob) : undefined
    return id === undefined ? [] : done.map((mailbox) => ({ mailbox, blob: id }))
  })
  const isProven = stored.length > 0 && verify(relayKey, signedFor(depositedStatement(time, stored), path), signature)
  const done = { kind: isProven ? 'stored' : 'unproven' } as const
  return verdicts.map((each) => each.map((verdict) => (verdict.kind === 'done' ? done : verdict)))
}

const isComplete = (deposits: readonly Deposit[], { verdicts }: RelayAnswerOf<'deposited'>): boolean =>
  verdicts.length === deposits.length && deposits.every(({ mailboxes }, at) => verdicts[at]?.length === mailboxes.length)

/** About the relay or this connection, and not about the one mailbox. */
export const isForAll = (answer: DepositAnswer): boolean =>
  answer.kind === 'unproven' || (answer.kind === 'refused' && ['busy', 'disk', 'too-many'].includes(answer.reason))
