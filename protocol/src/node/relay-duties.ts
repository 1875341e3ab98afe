// What ought to be asked of a relay now: hello, mailboxes to create, open and bind, invite packets to put, end or check. Requests are made
// only when a duty is carried out, since each signature costs.

import { fromHex, toHex } from '../bytes/bytes.ts'
import { sign, signingKeyOf } from '../crypto/sign.ts'
import { sealInviteEnd } from '../invite/end.ts'
import { inviteSecretsOf, packetRecordId } from '../invite/secrets.ts'
import { PROOFS_PER_REQUEST_MAX } from '../limits.ts'
import { mailboxReadStatement, mailboxSendStatement, recordEndStatement } from '../wire/relay-proof.ts'
import { partnersOf } from './draft.ts'
import { inboxesOf, outboxesOf } from './inboxes.ts'
import { leftFor } from './reach.ts'
import { hasPassed } from './state.ts'
import { ownTop } from './unsent.ts'
import type { MailboxId } from '../bytes/ids.ts'
import type { MailboxProof, RelayAnswer } from '../wire/relay.ts'
import type { Duty } from './duties.ts'
import type { Conversation, Inbox, NodeState, RelaySession } from './state.ts'

/** A mailbox that a relay did not know is tried again after this long, ms. */
export const REFUSED_RETRY_MS = 5_000

type Greeted = RelaySession & { readonly challenge: Uint8Array }
type Asked = { readonly relay: string; readonly session: Greeted; readonly now: number }

/** Everything about the mailboxes that lie at one relay. */
export function relayDuties(state: NodeState, relay: string, now: number): readonly Duty[] {
  const session = state.net.relays.get(relay)
  if (session === undefined) return []
  const { challenge, serial } = session
  if (challenge === undefined) {
    const request = () => ({ kind: 'hello', version: 1 }) as const
    const settle = (answer: RelayAnswer) => ({ kind: 'welcomed', relay, session: serial, answer }) as const
    return [{ kind: 'request', key: `${relay}/hello`, aim: `${serial}`, relay, request, settle }]
  }
  const asked = { relay, session: { ...session, challenge }, now }
  const own = inboxesOf(state).filter((inbox) => toHex(inbox.keys.relay.key) === relay)
  const theirs = outboxesOf(state).filter((grant) => toHex(grant.relay.key) === relay)
  return [
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

/** What an invite asks for, on either side. */
export function inviteDuties(state: NodeState, conversation: Conversation, now: number): readonly Duty[] {
  if (conversation.invitation !== undefined) return checkDuties(state, conversation, now)
  const { id, invite } = conversation
  if (invite === undefined || invite.ended) return []
  const relay = toHex(invite.relay.key)
  const { status } = invite
  if (state.net.relays.get(relay)?.challenge === undefined) return []
  if (status === 'open') {
    const to = ownTop(state, conversation)
    const isDue = invite.inbox.registered && !invite.isFull && to > invite.through && now < invite.expires
    return isDue ? [{ kind: 'packet', key: `packet/${id}`, aim: `${to}`, relay, conversation: id, to }] : []
  }
  // The relay may say that the invite is over once whoever was let in can know it; the others learn from it that they are too late.
  const isSettled = partnersOf(state, id).every((device) => leftFor(conversation, state.self.device.id, device) >= invite.admitted)
  if (invite.serial === 0 || !isSettled) return []
  const request = () => {
    const { token, key, ownerSeed } = inviteSecretsOf(invite.secret)
    const record = packetRecordId(token)
    const word = sealInviteEnd(status, { token, key })
    return { kind: 'end-record', record, word, signature: sign(ownerSeed, recordEndStatement(record, word)) } as const
  }
  const settle = (answer: RelayAnswer) => ({ kind: 'packet-ended', conversation: id, answer }) as const
  return [{ kind: 'request', key: `end/${id}`, aim: status, relay, request, settle }]
}

// Whoever has answered asks whether the invite stands: before the answer leaves, on every connection, and then less and less often.
function checkDuties(state: NodeState, { id, phase, invitation }: Conversation, now: number): readonly Duty[] {
  if (phase !== 'joining' || invitation === undefined || invitation.late !== undefined) return []
  const relay = toHex(invitation.grant.relay.key)
  const session = state.net.relays.get(relay)
  const next = session?.checks.get(id)
  if (session?.challenge === undefined || (next !== undefined && !hasPassed(next, now))) return []
  const request = () => ({ kind: 'get-record', record: packetRecordId(invitation.token) }) as const
  const settle = (answer: RelayAnswer) => ({ kind: 'invite-checked', relay, session: session.serial, conversation: id, answer }) as const
  return [{ kind: 'request', key: `check/${id}`, relay, request, settle }]
}

function creation(relay: string, { keys }: Inbox): Duty {
  const { mailbox } = keys
  const request = () =>
    ({ kind: 'create-mailbox', mailbox, readKey: signingKeyOf(keys.readSeed), sendKey: signingKeyOf(keys.sendSeed) }) as const
  const settle = (answer: RelayAnswer) => ({ kind: 'mailbox-created', mailbox, answer }) as const
  return { kind: 'request', key: `${relay}/create/${mailbox}`, aim: mailbox, relay, request, settle }
}

const OPENING = { kind: 'open-mailboxes', outcome: 'mailboxes-opened', done: 'opened', statement: mailboxReadStatement } as const
const BINDING = { kind: 'bind-mailboxes', outcome: 'mailboxes-bound', done: 'bound', statement: mailboxSendStatement } as const

type Key = { readonly mailbox: MailboxId; readonly seed: Uint8Array }

/** Opens own mailboxes, or binds those of others, as many as go into one request. */
function proving({ relay, session, now }: Asked, how: typeof OPENING | typeof BINDING, keys: readonly Key[]): readonly Duty[] {
  const due = keys
    .filter(({ mailbox }) => !session[how.done].has(mailbox) && !isRefused(session, mailbox, now))
    .slice(0, PROOFS_PER_REQUEST_MAX)
  if (due.length === 0) return []
  const asked = due.map(({ mailbox }) => mailbox)
  const proofOf = ({ mailbox, seed }: Key): MailboxProof => ({
    mailbox,
    signature: sign(seed, how.statement(fromHex(relay), session.challenge, mailbox)),
  })
  // A refusal is news: after it, the same mailboxes are another aim.
  const aim = [session.serial, ...asked.flatMap((mailbox) => [mailbox, session.refused.get(mailbox)])].join(' ')
  const request = () => ({ kind: how.kind, proofs: due.map(proofOf) })
  const settle = (answer: RelayAnswer) => ({ kind: how.outcome, relay, session: session.serial, asked, answer })
  return [{ kind: 'request', key: `${relay}/${how.kind}`, aim, relay, request, settle }]
}

function isRefused(session: RelaySession, mailbox: MailboxId, now: number): boolean {
  const since = session.refused.get(mailbox)
  return since !== undefined && !hasPassed({ since, ms: REFUSED_RETRY_MS }, now)
}
