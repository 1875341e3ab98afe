// The link of a group on the side of whoever opens it (docs/protocol.md §12.6): what it says is kept, the request to be let in is left where it leads, again
// and again while nobody answers, and who answers is heard until the entries show that this account is a member.

import { toHex } from '../../bytes/bytes.ts'
import { createChain } from '../../group/sender-chain.ts'
import { grantOfLink, linkProof } from '../../group/link.ts'
import { ASKED_GROUPS_MAX, ASK_RELAY_MS, ASK_RELAY_TIMES_MAX } from '../../limits.ts'
import { sealBlob } from '../../mailbox/blob.ts'
import { secondGrantOf } from '../../mailbox/keys.ts'
import { standingOf } from '../../membership/state.ts'
import { withConversation } from '../change.ts'
import { aheadOf } from '../clocks.ts'
import { refusedBy, unbind } from '../mailboxes/mailboxes.ts'
import { createInbox, isSameKey } from '../mailboxes/own.ts'
import { hasPassed, isBefore } from '../moment.ts'
import { forget } from '../removing.ts'
import { bothOf } from '../mailboxes/both.ts'
import { foundGroup } from './entry.ts'
import { cardOf } from './meet.ts'
import { enter } from './receive.ts'
import { isJoined } from './settle.ts'
import type { ConversationId } from '../../bytes/ids.ts'
import type { RelayAnswer } from '../../wire/relay.ts'
import type { Draft } from '../draft.ts'
import type { Duty } from '../duty.ts'
import type { GroupLinkAct } from '../input.ts'
import type { Conversation, NodeState } from '../state.ts'
import type { Moment } from '../moment.ts'
import type { Asked } from './group.ts'

/** A request that nobody has answered is left once more after this long, then after twice as long, up to the other, ms. */
const ASK_MS_FIRST = 60_000
const ASK_MS_LAST = 3_600_000

/** Why a link is not opened. */
type Refused = 'expired' | 'too-many' | undefined

/** Keeps what a link says. Nobody hears of it. */
export function lookAtGroup(draft: Draft, { link, relay, others }: Extract<GroupLinkAct, { kind: 'look' }>): Refused {
  const { conversation: id, founder, secret, title, members } = link
  const expires = link.expires * 1_000
  const known = draft.state.conversations.get(id)
  if (known !== undefined && (known.group === undefined || isJoined(draft, known.group)))
    return known.group === undefined ? 'expired' : undefined
  if (draft.env.now + aheadOf(draft.state, relay) >= expires) return 'expired'
  if (draft.state.removals.erasing.has(id)) return 'too-many'
  if (known === undefined) {
    const asked = [...draft.state.conversations.awake.values()].filter(({ group }) => group?.asked !== undefined)
    const [oldest] = asked.filter(({ group }) => group?.asked?.since === 0).toSorted((a, b) => a.authored - b.authored)
    if (asked.length >= ASKED_GROUPS_MAX && oldest === undefined) return 'too-many'
    if (asked.length >= ASKED_GROUPS_MAX && oldest !== undefined) forget(draft, oldest)
    enter(draft, { id, founder, chain: createChain(draft.env) })
  }
  const { group } = foundGroup(draft, id)
  const before = group.asked
  const isSame = before !== undefined && toHex(before.secret) === toHex(secret)
  const since = isSame ? before.since : 0
  const grant = isSame ? before.grant : grantOfLink(secret, relay)
  const named = [relay, ...others.filter((other) => !isSameKey(other, relay))]
  const relays = isSame && others.length === 0 ? before.relays : named
  const left = isSame ? before.left : undefined
  const asked: Asked = {
    secret,
    grant,
    title,
    members,
    expires,
    since,
    left,
    host: before?.host,
    relays,
    turned: isSame ? before.turned : undefined,
  }
  draft.state = withConversation(draft.state, { ...foundGroup(draft, id), group: { ...group, asked } })
  return undefined
}

// By no link does anybody come back who was removed, so asking would be in vain.
export const isRemoved = ({ self }: NodeState, { group }: Conversation): boolean =>
  group !== undefined &&
  standingOf(group.membership, self.account).strikes.some(({ strikes }) => strikes.some(({ kind }) => kind === 'remove'))

/** Its person wants to be let in. False where there is no such link here. */
export function askToJoin(draft: Draft, id: ConversationId): boolean {
  if (draft.state.conversations.get(id)?.group?.asked === undefined) return false
  const conversation = foundGroup(draft, id)
  const { group } = conversation
  const { asked } = group
  if (asked === undefined || asked.since > 0 || isRemoved(draft.state, conversation)) return true
  const door = group.door ?? createInbox(draft, draft.state.home ?? asked.grant.relay)
  const since = Math.max(1, draft.env.now)
  draft.state = withConversation(draft.state, { ...conversation, group: { ...group, door, asked: { ...asked, since } } })
  return true
}

/** The request is left where the link leads, once the relay may be asked and this device has a door to be answered at. */
export function askingDuties(state: NodeState, { id, group }: Conversation, at: Moment): readonly Duty[] {
  const { asked, door } = group ?? {}
  if (asked === undefined || asked.since === 0 || !bothOf(door).some(({ registered }) => registered)) return []
  const { grant } = asked
  const relay = toHex(grant.relay.key)
  if (state.net.relays.get(relay)?.bound.has(grant.mailbox) !== true) return []
  if (!isBefore(asked.expires - aheadOf(state, relay), at) || (asked.left !== undefined && !hasPassed(asked.left, at))) return []
  const request = () =>
    ({ kind: 'deposit', deposits: [{ wakes: true, mailboxes: [grant.mailbox], blob: requestIn(state, id, asked) }] }) as const
  const toInput = (answer: RelayAnswer) => ({ kind: 'group-link', act: { kind: 'left', conversation: id, answer } }) as const
  return [{ kind: 'request', key: `asking/${id}`, aim: `${asked.left?.since}`, relay, request, toInput }]
}

// The same bytes each time, as long as the prekeys are the same: what waits there already is kept once.
function requestIn(state: NodeState, id: ConversationId, { grant, since, secret }: Asked): Uint8Array {
  const door = state.conversations.awake.get(id)?.group?.door
  if (door === undefined) throw new RangeError('nobody can answer without a door')
  const card = cardOf(state, { id, door, issued: since })
  return sealBlob(grant, [{ kind: 'let-me-in', conversation: id, card, proof: linkProof(secret, id, state.self.account) }])
}

/**
 * Where the relay does not answer, or does not know the link's mailbox, it is asked for at the next: first of those that the link and the page name, then
 * anew, less and less often. One that has been asked gets a while, since it may only be connecting.
 */
export function askElsewhere(draft: Draft, id: ConversationId): void {
  const conversation = draft.state.conversations.get(id)
  const asked = conversation?.group?.asked
  const { now } = draft.env
  if (conversation?.group === undefined || asked?.relays === undefined || asked.relays.length < 2 || now >= asked.expires) return
  const { secret, grant, relays, since, turned = { since, times: 0 } } = asked
  const session = draft.state.net.relays.get(toHex(grant.relay.key))
  if (session?.bound.has(grant.mailbox) === true || (session !== undefined && !session.refused.has(grant.mailbox))) return
  const ms = ASK_RELAY_MS * 2 ** Math.min(ASK_RELAY_TIMES_MAX, Math.floor(turned.times / relays.length))
  if (!hasPassed({ since: turned.since, ms }, now)) return
  const [first = grant.relay] = relays
  const at = relays.findIndex((relay) => isSameKey(relay, grant.relay))
  const next = relays[(at + 1) % relays.length] ?? first
  const own = grantOfLink(secret, first)
  const other = isSameKey(next, first) ? own : secondGrantOf(own, next)
  draft.state = withConversation(draft.state, {
    ...conversation,
    group: { ...conversation.group, asked: { ...asked, grant: other, left: undefined, turned: { since: now, times: turned.times + 1 } } },
  })
}

/** Whatever the relay says, it is left once more later. Who has answered so far, and brought no proof of anything, keeps nobody else from answering. */
export function requestLeft(draft: Draft, { conversation: id, answer }: Extract<GroupLinkAct, { kind: 'left' }>): void {
  const conversation = draft.state.conversations.get(id)
  const asked = conversation?.group?.asked
  if (conversation?.group === undefined || asked === undefined) return
  const ms = Math.min(ASK_MS_LAST, asked.left === undefined ? ASK_MS_FIRST : 2 * asked.left.ms)
  const left = { since: draft.env.now, ms }
  draft.state = withConversation(draft.state, {
    ...conversation,
    group: { ...conversation.group, asked: { ...asked, left, host: undefined } },
  })
  const [verdict] = answer.kind === 'deposited' ? (answer.verdicts[0] ?? []) : []
  if (verdict?.kind === 'done') return
  if (verdict?.kind === 'refused' && verdict.reason === 'unknown') return unbind(draft, toHex(asked.grant.relay.key), asked.grant.mailbox)
  refusedBy(draft, 'asking', answer)
}
