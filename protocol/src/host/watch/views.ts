// What screens see, made from the durable state and the rows of a timeline. Plain data; the words are the interface's.

import { equalBytes, toHex } from '../../bytes/bytes.ts'
import { isEntryShown, otherOf } from '../../conversation/state.ts'
import { lastMessageOf, nameOf, unreadOf } from '../../conversation/view.ts'
import { safetyNumberOf } from '../../identity/safety-number.ts'
import { INVITE_MS_MAX } from '../../limits.ts'
import { lengthOf } from '../../log/log.ts'
import { isOver } from '../../node/clocks.ts'
import { isTooLate } from '../../node/invites/invitee.ts'
import { accountOf, isHeldBack, partnersOf } from '../../node/members.ts'
import { momentAt } from '../../node/moment.ts'
import { isResting } from '../../node/rest-looks.ts'
import { depositedFor } from '../../node/delivery/reach.ts'
import { ownTickOf } from '../../node/delivery/own-said.ts'
import { tickOf } from '../../node/delivery/receipts.ts'
import { laterPart } from '../../node/part.ts'
import type { LinkSurroundings, Reach } from '../../node/part.ts'
import { isReplaced } from '../../node/mailboxes/rehome.ts'
import { inviteLinkOf } from '../network/link.ts'
import { quoteOf, relatedViewOf } from './related-view.ts'
import type { AccountId, ConversationId, DeviceId, EntryId } from '../../bytes/ids.ts'
import type { TimelineRow } from '../../conversation/timeline-row.ts'
import type { Attachment } from '../../wire/attachment.ts'
import type {
  Anchor,
  AttachmentView,
  ChatFlags,
  ConversationSummary,
  ConversationView,
  DeliveryState,
  InviteView,
  MessageView,
  PersonView,
  RouteKind,
  WaitReason,
} from '../../views.ts'
import type { Conversation, NodeState, RestingChat } from '../../node/state.ts'
import type { RelayAddress } from '../../wire/capability.ts'

/** Own messages that have waited longer than this get a sentence, ms. */
export const WAITING_MS = 60_000

/** What the state of the node does not say. */
export type Surroundings = {
  readonly now: number
  readonly origin: string
  readonly network: 'online' | 'offline'
  /** Another key was proven where this relay ought to be. */
  readonly isElsewhere: (relay: RelayAddress) => boolean
  readonly petnameOf: (account: AccountId) => string | undefined
  readonly verifiedNumberOf: (account: AccountId) => string | undefined
  readonly draftOf: (conversation: ConversationId) => { readonly text: string; readonly ref: string } | undefined
  readonly titleOf: (conversation: ConversationId) => string | undefined
  readonly isDropped: (conversation: ConversationId) => boolean
  readonly flagsOf: (chat: Conversation | RestingChat) => ChatFlags
  /** Chats that may have any flag; all others have none. */
  readonly flagged: () => ReadonlySet<ConversationId>
  readonly isStarred: (message: EntryId) => boolean
  readonly aliasOf: (conversation: ConversationId) => string
}

/** As {@link summaryOf}, of a chat at rest. */
export function restingSummaryOf(state: NodeState, chat: RestingChat, around: Surroundings): ConversationSummary {
  const { id, other, last, unread } = chat
  return {
    id,
    kind: 'pair',
    role: undefined,
    alias: around.aliasOf(id),
    name: around.petnameOf(other) ?? chat.name,
    title: around.titleOf(id),
    peer: other,
    ...(state.terms.blocked.has(other) && { isBlocked: true }),
    phase: 'open',
    link: chat.invite?.status,
    last: last && {
      text: last.text,
      mine: last.tick !== undefined,
      state: last.tick === undefined ? 'read' : shownTick(state, last.tick),
      time: Math.min(last.time, around.now),
    },
    unread,
    draft: around.draftOf(id)?.text,
    time: timeOf(chat, around.now),
    ...around.flagsOf(chat),
  }
}

export function summaryOf(state: NodeState, conversation: Conversation, around: Surroundings): ConversationSummary {
  const { view, id, phase } = conversation
  const peer = otherOf(view)
  const last = lastMessageOf(view)
  const mine = last?.account === state.self.account
  const asked = peer === undefined ? askedOf(state, id, around.petnameOf) : undefined
  return {
    id,
    kind: conversation.group === undefined ? 'pair' : 'group',
    role: conversation.group?.membership.members.get(state.self.account),
    alias: around.aliasOf(id),
    name: asked?.name ?? (peer === undefined ? undefined : (around.petnameOf(peer) ?? nameOf(view, peer))),
    title: around.titleOf(id) ?? conversation.group?.asked?.title,
    peer,
    ...(conversation.group?.asked !== undefined && { joining: { members: conversation.group.asked.members } }),
    ...(asked !== undefined && { asked: asked.account }),
    ...(peer !== undefined && conversation.group === undefined && state.terms.blocked.has(peer) && { isBlocked: true }),
    phase,
    link: conversation.invite === undefined ? undefined : inviteStateOf(conversation, around.now),
    last: last && {
      text: last.preview,
      mine,
      state: mine ? stateOf(state, conversation, last) : 'read',
      time: Math.min(last.time, around.now),
      ...(conversation.group !== undefined && !mine
        ? {
            author: {
              ...personOf(conversation, last.account, around.petnameOf),
              ...(state.terms.blocked.has(last.account) && { isBlocked: true }),
            },
          }
        : {}),
    },
    ...(last === undefined && isComing(state, conversation) && { isComing: true }),
    unread: unreadOf(view),
    draft: around.draftOf(id)?.text,
    time: timeOf(conversation, around.now),
    ...around.flagsOf(conversation),
  }
}

// Of two who talk each has written at least that they came: where only this device has, another own one told it of the chat. So did what that has more of.
function isComing({ self, net }: NodeState, { id, phase, group, log }: Conversation): boolean {
  const isAlone = [...log.feeds.values()].every(({ device, tips }) => device === self.device.id || tips.length === 0)
  if (isAlone && phase === 'open' && group === undefined) return true
  const said = [...net.links.values()].flatMap((link) => [...(link.said?.get(id) ?? [])])
  return said.some(([device, length]) => length > lengthOf(log, device))
}

/** The member of a group for whom an own invite was made, by the name that they have there. */
function askedOf(
  { terms, conversations }: NodeState,
  id: ConversationId,
  petnameOf: Surroundings['petnameOf'],
): { readonly account: AccountId; readonly name: string | undefined } | undefined {
  const asked = terms.asked.get(id)
  if (asked === undefined) return undefined
  const group = conversations.awake.get(asked.group)
  return {
    account: asked.account,
    name: petnameOf(asked.account) ?? terms.names?.get(asked.account) ?? (group && nameOf(group.view, asked.account)),
  }
}

/** What a chat is sorted by, ms. */
export function timeOf(chat: Conversation | RestingChat, now: number): number {
  const last = isResting(chat) ? chat.last : lastMessageOf(chat.view)
  return Math.min(last?.time ?? chat.authored, now)
}

/** When a summary may become another one by itself, ms; Infinity for never. */
export function summaryEnds(chat: Conversation | RestingChat, now: number): number {
  const last = isResting(chat) ? chat.last : lastMessageOf(chat.view)
  // A time in the future is shown as the present one, which goes on.
  if ((last?.time ?? chat.authored) > now) return now
  const { invite } = chat
  return invite?.status === 'open' && !isOver(invite, now) ? invite.created + INVITE_MS_MAX : Infinity
}

export type Window = {
  readonly anchor: Anchor
  readonly messages: readonly MessageView[]
  readonly hasOlder: boolean
  readonly hasNewer: boolean
  readonly unreadFrom: EntryId | undefined
  readonly title: string | undefined
  readonly timer: number
}

/** `quotes`: lines of messages that others answer. */
type MessageContext = {
  readonly quotes: ReadonlyMap<EntryId, TimelineRow>
  readonly now: number
  readonly isStarred: (message: EntryId) => boolean
  readonly petnameOf: Surroundings['petnameOf']
  /** Of a group: what all members have said of own entries. */
  readonly reach: Reach | undefined
}

export function conversationViewOf(state: NodeState, conversation: Conversation, window: Window, around: Surroundings): ConversationView {
  const peer = otherOf(conversation.view)
  const isLate = isTooLate(conversation, around.now)
  const safetyNumber = peer === undefined ? undefined : safetyNumberOf([state.self.account, peer])
  const lastHeard = Math.max(0, ...partnersOf(state, conversation.id).map((device) => state.peers.awake.get(device)?.lastHeard ?? 0))
  return {
    summary: summaryOf(state, conversation, around),
    route: routeOf(state, conversation),
    petname: peer === undefined ? undefined : around.petnameOf(peer),
    ownName: peer === undefined ? undefined : nameOf(conversation.view, peer),
    safetyNumber,
    isVerified: peer !== undefined && around.verifiedNumberOf(peer) === safetyNumber,
    title: window.title ?? conversation.group?.asked?.title,
    timer: window.timer,
    ...(conversation.group?.membership.history === 'all' && { isHistoryShown: true }),
    ...groupLinkIn(state, conversation, { now: around.now, origin: around.origin, title: window.title }),
    invite: inviteViewOf(state, conversation, around),
    anchor: window.anchor,
    messages: window.messages,
    hasOlder: window.hasOlder,
    hasNewer: window.hasNewer,
    unreadFrom: window.unreadFrom,
    isTooLate: isLate,
    lateReason: isLate ? conversation.invitation?.late?.reason : undefined,
    waiting: isLate ? undefined : waitingOf(state, conversation, window.messages, around),
    lastHeard: lastHeard === 0 ? undefined : lastHeard,
    draft: around.draftOf(conversation.id),
  }
}

function groupLinkIn(
  state: NodeState,
  conversation: Conversation,
  around: LinkSurroundings,
): Pick<ConversationView, 'groupLink' | 'joining'> {
  const { group } = conversation
  const groupLink = (group?.desks.length ?? 0) > 0 ? laterPart().groupLinkOf(state, conversation, around) : undefined
  const joining = group?.asked && laterPart().joiningOf(state, conversation, around.now)
  return { ...(groupLink !== undefined && { groupLink }), ...(joining !== undefined && { joining }) }
}

/** True for rows that people see: those of members, and what was done to a group if it counts. */
export const isRowShown = ({ view, group }: Conversation, row: TimelineRow): boolean =>
  row.content.kind === 'acted' ? group?.membership.entries.get(row.id)?.isAccepted === true : isEntryShown(view, row)

/** How a conversation is connected right now. */
export function routeOf(state: NodeState, conversation: Conversation): RouteKind {
  if (partnersOf(state, conversation.id).some((device) => state.net.links.has(device))) return 'direct'
  return waysOf(state, conversation).some((relay) => isUp(state, relay)) ? 'relay' : 'offline'
}

const isUp = ({ net }: NodeState, { key }: RelayAddress): boolean => net.relays.get(toHex(key))?.challenge !== undefined

/** The relays through which somebody else may get what is written here. */
function waysOf(state: NodeState, { id, phase, invite, invitation }: Conversation): readonly RelayAddress[] {
  if (phase === 'inviting') return [invite?.relay ?? [], invite?.copy?.relay ?? []].flat()
  if (phase === 'joining' || phase === 'invited') return invitation === undefined ? [] : [invitation.grant.relay]
  return partnersOf(state, id).flatMap((device) => state.peers.look(device)?.outbox?.relay ?? [])
}

/** Somebody in a group. */
export const personOf = ({ view }: Conversation, account: AccountId, petnameOf: Surroundings['petnameOf']): PersonView => ({
  account,
  name: petnameOf(account) ?? nameOf(view, account),
  mine: account === view.self,
})

/** Of a file all but what opens and proves it. */
export const toFileView = ({ name, size, photo, voice, video }: Attachment): AttachmentView => ({
  name,
  size,
  photo,
  voice,
  video,
})

export function messageOf(state: NodeState, conversation: Conversation, row: TimelineRow, context: MessageContext): MessageView {
  const { quotes, now, petnameOf, isStarred } = context
  const mine = row.account === state.self.account
  const person = (account: AccountId): PersonView => ({
    ...personOf(conversation, account, petnameOf),
    ...(state.terms.blocked.has(account) && { isBlocked: true }),
  })
  const isNamed = conversation.group !== undefined && !mine
  const common = { id: row.id, mine, time: Math.min(row.time, now), ...(isNamed ? { author: person(row.account) } : {}) }
  const { content } = row
  switch (content.kind) {
    case 'text':
      return {
        kind: 'text',
        ...common,
        text: content.text,
        ...(conversation.group !== undefined &&
          content.marked !== undefined &&
          laterPart().mentionsIn(conversation, content.marked, petnameOf)),
        state: common.mine ? stateOf(state, conversation, row) : 'read',
        conflict: isDisputed(conversation, row),
        ...(row.isLate === true ? { late: true } : {}),
        ...(isStarred(row.id) && { isStarred: true }),
        ...(common.mine && context.reach !== undefined && row.device === state.self.device.id ? { reached: context.reach(row.seq) } : {}),
        ...(content.files === undefined ? {} : { files: content.files.map(toFileView) }),
        ...(content.living === undefined ? {} : { living: content.living }),
        ...relatedViewOf(content, (answers) =>
          quoteOf(conversation, answers, { row: quotes.get(answers), person: conversation.group && person }),
        ),
      }
    case 'deleted':
      return { kind: 'deleted', ...common }
    case 'named':
      return { kind: 'system', ...common, event: 'named', name: content.name }
    case 'titled':
      return { kind: 'system', ...common, event: 'titled', name: content.title }
    case 'timed':
      return { kind: 'system', ...common, event: 'timed', name: undefined, seconds: content.seconds }
    case 'devices':
      return { kind: 'system', ...common, event: `device-${content.change}`, name: nameOf(conversation.view, row.account) }
    case 'created':
    case 'joined':
      return { kind: 'system', ...common, event: content.kind, name: nameOf(conversation.view, row.account) }
    case 'acted': {
      const { change, accounts, role } = content
      if (change === 'created') return { kind: 'system', ...common, event: 'created', name: nameOf(conversation.view, row.account) }
      return { kind: 'members', ...common, event: change, author: person(row.account), about: accounts.map(person), role }
    }
    case 'unreadable':
      return { kind: 'unreadable', ...common, why: content.why }
  }
}

// From the disputed place on, on every branch.
const isDisputed = (conversation: Conversation, row: TimelineRow): boolean =>
  row.seq >= (conversation.log.feeds.get(row.device)?.fork?.seq ?? Infinity)

type Own = { readonly device: DeviceId; readonly seq: number }

/** Tick of an own entry. Symmetrical: who does not tell what was read is not told either. What another own device wrote has left that one, and what became of it that one tells. */
function stateOf(state: NodeState, conversation: Conversation, { device, seq }: Own): DeliveryState {
  if (device !== state.self.device.id) return shownTick(state, ownTickOf(conversation, { device, seq }) ?? 'relay')
  const known = tickOf(state, conversation, seq)
  if (known === undefined) return seq < lengthAtRelay(state, conversation) ? 'relay' : 'saved'
  return shownTick(state, known)
}

const shownTick = ({ self }: NodeState, tick: DeliveryState): DeliveryState => (tick === 'read' && !self.readReceipts ? 'delivered' : tick)

// While nobody has joined, the packet is what waits at the relay. Of several devices of one person it is enough that one gets it.
function lengthAtRelay(state: NodeState, conversation: Conversation): number {
  const { invite } = conversation
  const others = partnersOf(state, conversation.id).filter((device) => accountOf(state, device) !== state.self.account)
  return Math.max(invite?.packet?.upTo ?? 0, invite?.copy?.packet?.upTo ?? 0, ...others.map((device) => depositedFor(conversation, device)))
}

function inviteViewOf(state: NodeState, conversation: Conversation, around: Surroundings): InviteView | undefined {
  const { invite } = conversation
  if (invite === undefined) return undefined
  const link = inviteLinkOf(state.self.account, invite, around.origin)
  return { link, expires: invite.created + INVITE_MS_MAX, state: inviteStateOf(conversation, around.now) }
}

function inviteStateOf({ invite }: Conversation, now: number): InviteView['state'] {
  if (invite === undefined) return 'expired'
  if (invite.status !== 'open') return invite.status
  if (isOver(invite, now)) return 'expired'
  return invite.packet === undefined && invite.copy?.packet === undefined ? 'saved' : 'waiting'
}

function waitingOf(
  state: NodeState,
  conversation: Conversation,
  messages: readonly MessageView[],
  around: Surroundings,
): ConversationView['waiting'] {
  const stuck = messages.find(
    (message) =>
      message.kind === 'text' &&
      message.mine &&
      (message.state === 'saved' || message.state === 'relay') &&
      around.now - message.time >= WAITING_MS,
  )
  if (stuck?.kind !== 'text') return undefined
  return { reason: waitReasonOf(state, conversation, { tick: stuck.state, around }), since: stuck.time }
}

type WaitContext = { readonly tick: DeliveryState; readonly around: Surroundings }

// Own devices are never held back, so a chat whose devices all are has others in it, and none of them is left.
function isHeldBackIn(state: NodeState, conversation: Conversation, now: number): boolean {
  const others = partnersOf(state, conversation.id).flatMap((device) => state.peers.awake.get(device) ?? [])
  const strangers = others.filter(({ account }) => account !== state.self.account)
  return strangers.length > 0 && strangers.every((peer) => isHeldBack(state, peer, momentAt(now)))
}

function waitReasonOf(state: NodeState, conversation: Conversation, { tick, around }: WaitContext): WaitReason {
  if (tick === 'saved' && around.network === 'offline') return 'no-network'
  // What such a relay held is lost with it, so a tick of its own says nothing.
  const ways = waysOf(state, conversation)
  const route = routeOf(state, conversation)
  if (route !== 'direct' && ways.some((relay) => isReplaced(state, relay))) return 'relay-gone'
  if (isHeldBackIn(state, conversation, around.now)) return 'list-old'
  const { home } = state
  const isTheirs = conversation.phase === 'open' && home !== undefined && ways.every(({ key }) => !equalBytes(key, home.key))
  if (route !== 'direct' && ways.some(around.isElsewhere)) return isTheirs ? 'their-relay-gone' : 'relay-gone'
  if (tick === 'saved') {
    const refused = partnersOf(state, conversation.id).flatMap((device) => state.net.full.get(device) ?? [])
    if (refused.some(({ isFull }) => isFull)) return 'relay-full'
    if (refused.length > 0) return 'relay-busy'
    if (route === 'offline') return isTheirs && isUp(state, home) ? 'their-relay-away' : 'relay-away'
  }
  return conversation.phase === 'inviting' ? 'invite-open' : 'peer-away'
}
