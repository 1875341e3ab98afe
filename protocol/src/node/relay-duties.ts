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
type Asked = { readonly state: NodeState; readonly relay: string; readonly session: Greeted; readonly now: number }

/** Everything about the mailboxes that lie at one relay. */
export function relayDuties(state: NodeState, relay: string, now: number): readonly Duty[] {
  const session = state.net.relays.get(relay)
  if (session === undefined) return []
  const { challenge, serial } = session
  if (challenge === undefined) {
    const request = (): { readonly kind: 'hello'; readonly version: number } => ({ kind: 'hello', version: 1 })
    return [
      {
        kind: 'request',
        key: `${relay}/hello`,
        aim: `${serial}`,
        relay,
        request,
        settle: (answer) => ({ kind: 'welcomed', relay, session: serial, answer }),
      },
    ]
  }
  const asked = { state, relay, session: { ...session, challenge }, now }
  const own = inboxesOf(state).filter((inbox) => toHex(inbox.keys.relay.key) === relay)
  return [...own.filter((inbox) => !inbox.registered).map((inbox) => creation(relay, inbox)), ...opening(asked, own), ...binding(asked)]
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
  return {
    kind: 'request',
    key: `${relay}/create/${mailbox}`,
    aim: mailbox,
    relay,
    request,
    settle: (answer) => ({ kind: 'mailbox-created', mailbox, answer }),
  }
}

function opening({ relay, session, now }: Asked, own: readonly Inbox[]): readonly Duty[] {
  const due = own
    .filter(({ keys, registered }) => registered && !session.opened.has(keys.mailbox) && !isRefused(session, keys.mailbox, now))
    .slice(0, PROOFS_PER_REQUEST_MAX)
  if (due.length === 0) return []
  const proofOf = ({ keys }: Inbox): MailboxProof => ({
    mailbox: keys.mailbox,
    signature: sign(keys.readSeed, mailboxReadStatement(fromHex(relay), session.challenge, keys.mailbox)),
  })
  const request = () => ({ kind: 'open-mailboxes', proofs: due.map(proofOf) }) as const
  return [
    {
      kind: 'request',
      key: `${relay}/open`,
      aim: aimOf(
        session,
        due.map(({ keys }) => keys.mailbox),
      ),
      relay,
      request,
      settle: (answer) => ({ kind: 'mailboxes-opened', relay, session: session.serial, answer }),
    },
  ]
}

function binding({ state, relay, session, now }: Asked): readonly Duty[] {
  const here = outboxesOf(state).filter((grant) => toHex(grant.relay.key) === relay)
  const due = here
    .filter(({ mailbox }) => !session.bound.has(mailbox) && !isRefused(session, mailbox, now))
    .slice(0, PROOFS_PER_REQUEST_MAX)
  if (due.length === 0) return []
  const proofOf = ({ mailbox, sendSeed }: (typeof due)[number]): MailboxProof => ({
    mailbox,
    signature: sign(sendSeed, mailboxSendStatement(fromHex(relay), session.challenge, mailbox)),
  })
  const request = () => ({ kind: 'bind-mailboxes', proofs: due.map(proofOf) }) as const
  return [
    {
      kind: 'request',
      key: `${relay}/bind`,
      aim: aimOf(
        session,
        due.map(({ mailbox }) => mailbox),
      ),
      relay,
      request,
      settle: (answer) => ({ kind: 'mailboxes-bound', relay, session: session.serial, answer }),
    },
  ]
}

// A refusal is news: after it, the same mailboxes are another aim.
const aimOf = ({ serial, refused }: RelaySession, mailboxes: readonly MailboxId[]): string =>
  [serial, ...mailboxes.flatMap((mailbox) => [mailbox, refused.get(mailbox)])].join(' ')

function isRefused(session: RelaySession, mailbox: MailboxId, now: number): boolean {
  const since = session.refused.get(mailbox)
  return since !== undefined && !hasPassed({ since, ms: REFUSED_RETRY_MS }, now)
}
