// The part of the node that no first view needs: groups, links that are opened, chats that go to rest, and what comes from a relay or a device. The host
// loads it, since the engine's first load has a budget. A step that asks for it before ends with an error, having changed nothing; the host loads it and
// steps the same input again, as with what rests (rest-map.ts).

import type { AccountId, ConversationId, DeviceId, EntryId } from '../bytes/ids.ts'
import type { Acted } from '../conversation/timeline-row.ts'
import type { Admission } from '../log/admit.ts'
import type { OpenedBody } from '../log/body.ts'
import type { CreatedEntry } from '../log/entry.ts'
import type { Judge } from '../log/extend.ts'
import type { AcceptedEntry } from '../log/log.ts'
import type { Lookups } from '../log/lookups.ts'
import type { PayloadItem, SessionPayload } from '../session/payload.ts'
import type { PinnedDeviceList } from '../identity/device-list.ts'
import type { Content } from '../wire/content.ts'
import type { EntryHeader } from '../wire/entry.ts'
import type { AccountPart, Frame, OpenedBody as WireOpenedBody } from '../wire/frame.ts'
import type { Draft } from './draft.ts'
import type { Group } from './groups/group.ts'
import type { GroupLinkView, JoiningView, MessageView } from '../views.ts'
import type { Duty } from './duty.ts'
import type { InputOf, NodeInput, Source } from './input.ts'
import type { Moment } from './moment.ts'
import type { Conversation, InviteHandout, NodeState, OwnFace, Peer } from './state.ts'

/** How many members have an own entry, and have read it, out of how many others. */
export type Reach = (seq: number) => { readonly delivered: number; readonly read: number; readonly of: number }

/** `origin`: of the page; `title`: what the group is called now. */
export type LinkSurroundings = { readonly now: number; readonly origin: string; readonly title: string | undefined }

type Step<Kind extends NodeInput['kind']> = (draft: Draft, input: InputOf<Kind>) => void

/** Each is said where it is made; see later.ts. */
type NodePart = {
  readonly linkDevice: Step<'link-device'>
  readonly revokeDevice: Step<'revoke-device'>
  readonly takeCut: (draft: Draft, id: ConversationId, by: DeviceId, cut: Extract<Content, { kind: 'revoked' }>) => void
  readonly joinAccount: Step<'join-account'>
  readonly acceptList: (draft: Draft, device: DeviceId, signed: Uint8Array) => void
  readonly takeList: (draft: Draft, list: PinnedDeviceList) => void
  readonly acceptDevice: (draft: Draft, from: DeviceId, item: Extract<PayloadItem, { kind: 'device' }>) => void
  readonly greet: (draft: Draft, device: DeviceId) => void
  readonly setFace: Step<'set-face'>
  readonly tellFace: (draft: Draft) => void
  readonly takeOwnFace: (
    draft: Draft,
    id: ConversationId,
    entry: Pick<AcceptedEntry, 'header' | 'orderKey'>,
    content: Extract<Content, { kind: 'face' }>,
  ) => void
  readonly faultOfFace: (face: Pick<OwnFace, 'about' | 'picture'>) => string | undefined
  readonly tellLists: (draft: Draft) => void
  readonly lookAfterRelays: (draft: Draft) => void
  readonly depositPostponed: (draft: Draft) => void
  readonly rehome: (draft: Draft) => void
  readonly renewList: (draft: Draft) => void
  readonly shareOpened: (draft: Draft, id: ConversationId) => void
  readonly accountChanged: Step<'account-changed'>
  readonly accountUnsure: (draft: Draft, device: DeviceId) => void
  readonly readElsewhere: Step<'read-elsewhere'>
  readonly accountTold: Step<'account-told'>
  readonly receiveAccount: (draft: Draft, device: DeviceId, part: AccountPart) => void
  readonly takeHanded: (draft: Draft, bodies: readonly WireOpenedBody[]) => void
  readonly openByHand: (
    draft: Draft,
    of: { readonly entry: EntryId; readonly header: EntryHeader },
  ) => Extract<OpenedBody, { kind: 'opened' }> | 'gone' | 'deleted' | undefined
  readonly takeNewest: (draft: Draft, device: DeviceId, frame: Extract<Frame, { kind: 'newest' }>) => void
  readonly newestOver: Step<'newest-over'>
  readonly scheduled: Step<'scheduled'>
  readonly newestTold: Step<'newest-told'>
  readonly takeCircleSaid: (draft: Draft, device: DeviceId, said: Uint8Array) => void
  readonly addMembers: Step<'add-members'>
  readonly setBlocked: Step<'set-blocked'>
  readonly mailboxesClosed: Step<'mailboxes-closed'>
  readonly askToTalk: Step<'ask-to-talk'>
  readonly acceptLists: (draft: Draft, device: DeviceId, lists: readonly Uint8Array[]) => void
  readonly compareLists: (draft: Draft, known: PinnedDeviceList, signed: Uint8Array) => void
  readonly tellSplits: (draft: Draft) => void
  readonly dismissAlarm: Step<'dismiss-alarm'>
  readonly ignoreRequest: Step<'ignore-request'>
  readonly acceptTalk: Step<'accept-request'>
  readonly acceptRequest: (draft: Draft, device: DeviceId, request: Extract<PayloadItem, { kind: 'request' }>) => void
  readonly actOnHandle: Step<'handle'>
  readonly createGroup: Step<'create-group'>
  readonly leaveGroup: Step<'leave-group'>
  readonly removeMember: Step<'remove-member'>
  readonly setRole: Step<'set-role'>
  readonly setHistory: Step<'set-history'>
  readonly isForLater: (group: Group, past: readonly EntryId[]) => boolean
  readonly groupLink: Step<'group-link'>
  readonly receiveAsk: (draft: Draft, source: Source, asking: Extract<Frame, { kind: 'let-me-in' }>) => void
  readonly askingDuties: (state: NodeState, conversation: Conversation, at: Moment) => readonly Duty[]
  readonly groupLinkOf: (state: NodeState, conversation: Conversation, around: LinkSurroundings) => GroupLinkView | undefined
  readonly joiningOf: (state: NodeState, conversation: Conversation, now: number) => JoiningView | undefined
  readonly openInvite: Step<'open-invite'>
  readonly rest: Step<'rest'>
  readonly erase: Step<'erase'>
  readonly removeConversation: Step<'remove'>
  readonly removedEnded: Step<'removed-ended'>
  readonly expire: Step<'expire'>
  readonly forget: Step<'forget'>
  readonly receive: Step<'received'>
  readonly readAgain: Step<'read-again'>
  readonly relayUp: Step<'relay-up'>
  readonly relayDown: Step<'relay-down'>
  readonly peerUp: Step<'peer-up'>
  readonly peerDown: Step<'peer-down'>
  readonly welcomed: Step<'welcomed'>
  readonly mailboxCreated: Step<'mailbox-created'>
  readonly mailboxesOpened: Step<'mailboxes-opened'>
  readonly mailboxesBound: Step<'mailboxes-bound'>
  readonly visit: Step<'visit'>
  readonly leave: Step<'leave'>
  readonly packetPut: Step<'packet-put'>
  readonly packetEnded: Step<'packet-ended'>
  readonly inviteChecked: Step<'invite-checked'>
  readonly deposited: Step<'deposited'>
  readonly gathered: Step<'gathered'>
  readonly gatheredJointly: Step<'gathered-joint'>
  readonly depositedJointly: Step<'deposited-joint'>
  readonly waitForKey: Step<'unopened'>
  readonly asked: Step<'asked'>
  readonly askedOn: Step<'told'>
  readonly haveSent: Step<'told'>
  readonly noteServed: Step<'streamed'>
  readonly entriesSent: Step<'streamed'>
  readonly createJudge: (draft: Draft, id: ConversationId, lookups: Lookups) => { readonly judge: Judge; readonly group: () => Group }
  readonly isForUs: (group: Group, account: AccountId, past: readonly EntryId[]) => boolean
  readonly memberStateOf: (state: NodeState, conversation: Conversation) => Uint8Array
  readonly acceptWelcome: (
    draft: Draft,
    device: DeviceId,
    welcome: { readonly conversation: ConversationId; readonly founder: AccountId },
  ) => void
  readonly isNotForUs: (draft: Draft, id: ConversationId, entry: AcceptedEntry) => boolean
  readonly noteChain: (draft: Draft, renewed: Conversation, handout: InviteHandout) => void
  readonly noteOwn: (draft: Draft, id: ConversationId, own: CreatedEntry & { readonly content: Content }) => Acted | undefined
  readonly openHanded: (
    draft: Draft,
    id: ConversationId,
    of: { readonly entry: EntryId; readonly header: EntryHeader },
  ) => Extract<OpenedBody, { kind: 'opened' }> | undefined
  readonly receiveOpened: (draft: Draft, device: DeviceId, frame: Extract<Frame, { kind: 'opened' }>) => void
  readonly takeJudged: (draft: Draft, id: ConversationId, group: Group) => void
  readonly takeSaid: (
    draft: Draft,
    id: ConversationId,
    said: { readonly entry: EntryId; readonly device: DeviceId; readonly content: Content },
  ) => Acted | undefined
  readonly receiveKnock: (
    draft: Draft,
    id: ConversationId,
    knock: {
      readonly stranger: Peer
      readonly open: () => { readonly peer: Peer; readonly items: SessionPayload } | undefined
    },
  ) => boolean
  readonly reachIn: (state: NodeState, conversation: Conversation) => Reach
  readonly markedWords: (conversation: Conversation, text: string) => string
  readonly mentionsIn: (
    conversation: Conversation,
    marked: string,
    petnameOf: (account: AccountId) => string | undefined,
  ) => Required<Pick<Extract<MessageView, { kind: 'text' }>, 'text' | 'mentions'>>
  readonly settle: (draft: Draft, id: ConversationId) => void
  readonly answerLost: (draft: Draft, device: DeviceId, id: ConversationId) => void
  readonly appeal: (draft: Draft, id: ConversationId, devices?: readonly DeviceId[]) => void
  readonly appealWhenAsked: (draft: Draft, id: ConversationId) => void
  readonly takeBack: (
    draft: Draft,
    restored: {
      readonly device: DeviceId
      readonly id: ConversationId
      readonly length: number
      readonly admission: Admission
      readonly lookups: Lookups
    },
  ) => void
}

export class PartNeededError extends Error {
  override readonly name = 'PartNeededError'
}

let loaded: NodePart | undefined

export const providePart = (given: NodePart): void => {
  loaded = given
}

/** Throws {@link PartNeededError} until it was provided. */
export function laterPart(): NodePart {
  if (loaded === undefined) throw new PartNeededError('a part of the node that was not loaded')
  return loaded
}
