// Requests (docs/protocol.md §14.1): being in a group with somebody gives no right to write to them, but to ask. Whoever asks makes an invite and hands it
// over the session of the two devices, as a link would; whoever is asked decides by opening it, and nothing is said before.

import { utf8ToBytes } from '../../bytes/bytes.ts'
import { cleanText, isTooLong } from '../../conversation/text.ts'
import { otherOf } from '../../conversation/state.ts'
import { inviteSecretsOf } from '../../invite/secrets.ts'
import { REQUEST_AGAIN_MS, REQUESTS_MAX, REQUESTS_PER_GROUP_MAX } from '../../limits.ts'
import { REQUEST_TEXT_BYTES_MAX } from '../../session/limits.ts'
import { handItems, write } from '../author.ts'
import { inviting, withConversation, withItem, withoutItem } from '../change.ts'
import { found, refuse } from '../draft.ts'
import { isJoined } from '../groups/settle.ts'
import { join } from '../invites/invitee.ts'
import { createPair } from '../invites/pair.ts'
import { isPartner } from '../members.ts'
import { writeSent } from '../rows/sent-row.ts'
import { ownLength } from '../state.ts'
import { withTerms } from './terms.ts'
import type { AccountId, ConversationId, DeviceId } from '../../bytes/ids.ts'
import type { Offer, PayloadItem } from '../../session/payload.ts'
import type { Answer, Draft } from '../draft.ts'
import type { InputOf } from '../input.ts'
import type { Conversation, NodeState, OwnInvite } from '../state.ts'
import type { ReceivedRequest } from './terms-state.ts'

type Request = Extract<PayloadItem, { kind: 'request' }>

/** An invite for one member of a group, in which nobody has answered yet; or the chat that there is already. */
export function askToTalk(draft: Draft, { group: id, account, text, ref }: InputOf<'ask-to-talk'>): void {
  const { home, terms, conversations } = draft.state
  const group = conversations.get(id)?.group
  const clean = cleanText(text)
  if (group === undefined || !isJoined(draft, group)) return answer(draft, refusedFor('unknown-conversation'))
  if (!group.membership.members.has(account) || account === draft.state.self.account) return answer(draft, refusedFor('no-member'))
  if (terms.blocked.has(account)) return answer(draft, refusedFor('blocked'))
  if (clean === '') return answer(draft, refusedFor('empty'))
  if (isTooLong(clean) || utf8ToBytes(clean).length > REQUEST_TEXT_BYTES_MAX) return answer(draft, refusedFor('too-long'))
  if (home === undefined) return answer(draft, refusedFor('no-relay-yet'))
  const known = openWith(draft.state, account)
  if (known !== undefined) return answer(draft, { kind: 'created', conversation: known })
  const devices = (group.people.get(account)?.devices ?? []).filter((device) => group.met.has(device.id))
  if (devices.length === 0) return answer(draft, refusedFor('not-met'))
  const pair = createPair(draft, home)
  withTerms(draft, ({ asked }) => ({ asked: withItem(asked, pair, { account, group: id }) }))
  write(draft, pair, { kind: 'text', text: clean })
  offer(draft, { pair, group: id, devices: devices.map((device) => device.id), text: clean })
  draft.writes.push(writeSent(ref, { kind: 'ask-to-talk', group: id, account, text }, pair))
  answer(draft, { kind: 'created', conversation: pair })
}

/** The chat of two with somebody, or the invite that was made for them and is open. */
export function openWith({ conversations, terms: { asked } }: NodeState, account: AccountId): ConversationId | undefined {
  const isOpenInvite = ({ phase, invite }: Conversation): boolean => phase === 'inviting' && invite.status === 'open'
  for (const look of conversations.looks()) {
    if (!('log' in look)) {
      if (look.other === account) return look.id
    } else if (
      look.group === undefined &&
      (otherOf(look.view) === account || (asked.get(look.id)?.account === account && isOpenInvite(look)))
    )
      return look.id
  }
  return undefined
}

/** What a link of this invite would say, less the account; undefined where nobody can come by it any more. */
export function offerOf(invite: OwnInvite | undefined): Offer | undefined {
  if (invite?.status !== 'open') return undefined
  const { token, key } = inviteSecretsOf(invite.secret)
  return { relay: invite.relay, token, key, expires: Math.floor(invite.expires / 1_000) }
}

type NewOffer = {
  readonly pair: ConversationId
  readonly group: ConversationId
  readonly devices: readonly DeviceId[]
  readonly text: string
}

// With the last own entry of the group, which goes to them again for it, until the next one has arrived.
function offer(draft: Draft, { pair, group, devices, text }: NewOffer): void {
  const { invite } = found(draft, pair)
  const made = offerOf(invite)
  if (invite?.status !== 'open' || made === undefined) throw new RangeError('a new invite is open')
  draft.state = withConversation(draft.state, inviting(found(draft, pair), { ...invite, isUntouched: false }))
  const until = Math.max(1, ownLength(draft.state, found(draft, group)))
  const item: Request = { kind: 'request', conversation: group, offer: made, text }
  for (const device of devices) handItems(draft, device, { conversation: group, from: until - 1, until, items: [item] })
}

/** A member of a group asks. One request of each account counts, and one group leaves room for others. */
export function acceptRequest(draft: Draft, device: DeviceId, { conversation: id, offer: made, text }: Request): void {
  const { terms, conversations, peers } = draft.state
  const conversation = conversations.get(id)
  const account = peers.get(device)?.account
  if (account === undefined || account === draft.state.self.account || !isMemberIn(draft, conversation, { device, account }))
    return refuse(draft, 'request', 'no-member')
  if (terms.blocked.has(account)) return refuse(draft, 'request', 'blocked')
  const before = terms.requests.get(account)
  if (before !== undefined && draft.env.now - before.at < REQUEST_AGAIN_MS) return refuse(draft, 'request', 'too-many')
  // Who is ignored once is ignored until that request would have been over.
  if (before?.isIgnored === true) return refuse(draft, 'request', 'ignored')
  keepRequest(draft, account, { group: id, offer: made, text, at: draft.env.now, isIgnored: false })
}

/** False where there is no room for it: one group, and all who say a first word together, leave room for others. */
export function keepRequest(draft: Draft, account: AccountId, request: ReceivedRequest): boolean {
  const others = withoutItem(draft.state.terms.requests, account)
  const isCrowded = [...others.values()].filter(({ group }) => group === request.group).length >= REQUESTS_PER_GROUP_MAX
  const kept = others.size < REQUESTS_MAX ? others : withoutOldestIgnored(others)
  if (isCrowded || kept === undefined) {
    refuse(draft, 'request', 'too-many')
    return false
  }
  withTerms(draft, () => ({ requests: withItem(kept, account, request) }))
  return true
}

type Sender = { readonly device: DeviceId; readonly account: AccountId }

const isMemberIn = (draft: Draft, conversation: Conversation | undefined, { device, account }: Sender): boolean =>
  conversation?.group !== undefined &&
  isJoined(draft, conversation.group) &&
  conversation.group.membership.members.has(account) &&
  isPartner(draft.state, conversation, device)

type Requests = ReadonlyMap<AccountId, ReceivedRequest>

function withoutOldestIgnored(requests: Requests): Requests | undefined {
  const [oldest] = [...requests].filter(([, { isIgnored }]) => isIgnored).toSorted(([, a], [, b]) => a.at - b.at)
  return oldest && withoutItem(requests, oldest[0])
}

/** They are told nothing, and what else they ask for is let go as long as this could be accepted. */
export function ignoreRequest(draft: Draft, { account }: InputOf<'ignore-request'>): void {
  withTerms(draft, ({ requests }) => {
    const request = requests.get(account)
    return request === undefined ? {} : { requests: withItem(requests, account, { ...request, isIgnored: true }) }
  })
  answer(draft, { kind: 'done' })
}

/** Its link was opened; from now on the other one hears of this account. */
export function acceptTalk(draft: Draft, { account, conversation: id }: InputOf<'accept-request'>): void {
  const conversation = draft.state.conversations.get(id)
  if (conversation === undefined || conversation.founder !== account) return answer(draft, refusedFor('unknown-conversation'))
  if (conversation.phase === 'invited') join(draft, id)
  withTerms(draft, ({ requests }) => ({ requests: withoutItem(requests, account) }))
  answer(draft, { kind: 'done' })
}

function answer(draft: Draft, value: Answer): void {
  draft.effects.push({ kind: 'answer', answer: value })
}

const refusedFor = (reason: string): Answer => ({ kind: 'refused', reason })
