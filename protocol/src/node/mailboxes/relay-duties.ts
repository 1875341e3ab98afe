// What ought to be asked of a relay about mailboxes now: hello, those to create, open, bind and close. Requests are made only when a duty is
// carried out, since each signature costs.

import { fromHex, toHex } from '../../bytes/bytes.ts'
import { sign, signingKeyOf } from '../../crypto/sign.ts'
import { PROOFS_PER_REQUEST_MAX, SECOND_PAUSE_MS } from '../../limits.ts'
import { mailboxCloseStatement, mailboxReadStatement, mailboxSendStatement } from '../../wire/relay-proof.ts'
import { inboxesOf, outboxesOf } from './inboxes.ts'
import { hasPassed } from '../moment.ts'
import type { MailboxId } from '../../bytes/ids.ts'
import type { MailboxProof, RelayAnswer } from '../../wire/relay.ts'
import type { Duty } from '../duty.ts'
import type { Inbox } from './inbox.ts'
import type { NodeState } from '../state.ts'
import type { Terms } from '../terms/terms-state.ts'
import type { Moment, Wait } from '../moment.ts'
import type { RelaySession } from '../net.ts'

/** A mailbox that a relay did not know is tried again after this long, then after twice as long, up to the other, ms: it may be gone for good. */
export const REFUSED_RETRY_MS = 5_000
const REFUSED_RETRY_MS_LAST = 300_000

export const refusedAgain = (before: Wait | undefined, since: number): Wait => ({
  since,
  ms: Math.min(REFUSED_RETRY_MS_LAST, before === undefined ? REFUSED_RETRY_MS : 2 * before.ms),
})

type GreetedSession = RelaySession & { readonly challenge: Uint8Array }
type ProofParts = { readonly relay: string; readonly session: GreetedSession; readonly at: Moment }

/** Everything about the mailboxes that lie at one relay. */
export function relayDuties(state: NodeState, relay: string, at: Moment): readonly Duty[] {
  const session = state.net.relays.get(relay)
  if (session === undefined) return []
  const { challenge, serial } = session
  if (challenge === undefined) {
    const request = () => ({ kind: 'hello', version: 1 }) as const
    const toInput = (answer: RelayAnswer) => ({ kind: 'welcomed', relay, session: serial, answer }) as const
    return [{ kind: 'request', key: `${relay}/hello`, aim: `${serial}`, relay, request, toInput }]
  }
  const asked = { relay, session: { ...session, challenge }, at }
  // The keys of those that lie here a second time are worked out first: what people wait for comes before.
  const isSettled = hasPassed({ since: session.since, ms: SECOND_PAUSE_MS }, at)
  const own = inboxesOf(state, isSettled ? 'all' : 'first').filter((inbox) => toHex(inbox.keys.relay.key) === relay)
  const theirs = outboxesOf(state).filter((grant) => toHex(grant.relay.key) === relay)
  return [
    ...closingDuties(asked, state.terms.closing),
    ...own.filter((inbox) => !inbox.registered).map((inbox) => creation(relay, inbox)),
    ...proving(
      asked,
      OPENING,
      own.flatMap(({ keys, registered }) => (registered ? [{ mailbox: keys.mailbox, seed: keys.readSeed }] : [])),
    ),
    ...proving(
      asked,
      BINDING,
      theirs.map(({ mailbox, sendSeed }) => ({ mailbox, seed: sendSeed })),
    ),
  ]
}

function closingDuties({ relay, session: { challenge } }: ProofParts, all: Terms['closing']): readonly Duty[] {
  const closing = all.filter(({ keys }) => toHex(keys.relay.key) === relay).slice(0, PROOFS_PER_REQUEST_MAX)
  if (closing.length === 0) return []
  const asked = closing.map(({ keys }) => keys.mailbox)
  const proofs = () =>
    closing.map(({ keys: { mailbox, readSeed } }) => ({
      mailbox,
      signature: sign(readSeed, mailboxCloseStatement(fromHex(relay), challenge, mailbox)),
    }))
  const request = () => ({ kind: 'close-mailboxes', proofs: proofs() }) as const
  const toInput = (answer: RelayAnswer) => ({ kind: 'mailboxes-closed', asked, answer }) as const
  return [{ kind: 'request', key: `${relay}/close`, aim: asked.join(' '), relay, request, toInput }]
}

function creation(relay: string, { keys }: Inbox): Duty {
  const { mailbox } = keys
  const request = () =>
    ({ kind: 'create-mailbox', mailbox, readKey: signingKeyOf(keys.readSeed), sendKey: signingKeyOf(keys.sendSeed) }) as const
  const toInput = (answer: RelayAnswer) => ({ kind: 'mailbox-created', mailbox, answer }) as const
  return { kind: 'request', key: `${relay}/create/${mailbox}`, aim: mailbox, relay, request, toInput }
}

const OPENING = { kind: 'open-mailboxes', outcome: 'mailboxes-opened', done: 'opened', statement: mailboxReadStatement } as const
const BINDING = { kind: 'bind-mailboxes', outcome: 'mailboxes-bound', done: 'bound', statement: mailboxSendStatement } as const

type ProofKey = { readonly mailbox: MailboxId; readonly seed: Uint8Array }

/** Opens own mailboxes, or binds those of others, as many as go into one request. */
function proving({ relay, session, at }: ProofParts, how: typeof OPENING | typeof BINDING, keys: readonly ProofKey[]): readonly Duty[] {
  const due = keys
    .filter(({ mailbox }) => !session[how.done].has(mailbox) && !isRefused(session, mailbox, at))
    .slice(0, PROOFS_PER_REQUEST_MAX)
  if (due.length === 0) return []
  const asked = due.map(({ mailbox }) => mailbox)
  const proofOf = ({ mailbox, seed }: ProofKey): MailboxProof => ({
    mailbox,
    signature: sign(seed, how.statement(fromHex(relay), session.challenge, mailbox)),
  })
  // A refusal is news: after it, the same mailboxes are another aim.
  const aim = [session.serial, ...asked.flatMap((mailbox) => [mailbox, session.refused.get(mailbox)?.since])].join(' ')
  const request = () => ({ kind: how.kind, proofs: due.map(proofOf) })
  const toInput = (answer: RelayAnswer) => ({ kind: how.outcome, relay, session: session.serial, asked, answer })
  return [{ kind: 'request', key: `${relay}/${how.kind}`, aim, relay, request, toInput }]
}

function isRefused(session: RelaySession, mailbox: MailboxId, at: Moment): boolean {
  const wait = session.refused.get(mailbox)
  return wait !== undefined && !hasPassed(wait, at)
}
