// What a person does, as steps of the node. Each ends in one answer, which the host gives once everything is durable.

import { utf8ToBytes } from '../bytes/bytes.ts'
import { cleanName, cleanText, isTooLong } from '../conversation/text.ts'
import { markAllRead } from '../conversation/view.ts'
import { META_DOCUMENT } from '../documents/kinds.ts'
import { INVITE_MS_MAX, NAME_BYTES_MAX, REUSED_INVITE_MS_MIN } from '../limits.ts'
import { isSameRelay } from '../wire/capability.ts'
import { write } from './author.ts'
import { inviting, withConversation } from './change.ts'
import { isOver } from './clocks.ts'
import { takeUpdate } from './incoming/document.ts'
import { closeInvite } from './invites/invite-end.ts'
import { isTooLate, join } from './invites/invitee.ts'
import { createPair } from './invites/pair.ts'
import { isTakenOut, isWithBlocked } from './members.ts'
import { isUntouched } from './remove.ts'
import { writeSent } from './rows/sent-row.ts'
import { hasPassed } from './moment.ts'
import { wordsToWrite } from './words.ts'
import type { ConversationId, EntryId } from '../bytes/ids.ts'
import type { RelayAddress } from '../wire/capability.ts'
import type { Content } from '../wire/content.ts'
import type { Answer, Draft } from './draft.ts'
import type { InputOf as Of } from './input.ts'
import type { Conversation, NodeState } from './state.ts'

export function createPairWith(draft: Draft, { relay, text, ref, spare }: Of<'create'>): void {
  const clean = cleanText(text ?? '')
  if (isTooLong(clean)) return answer(draft, refusedFor('too-long'))
  const known = spare === undefined || clean !== '' ? undefined : draft.state.conversations.get(spare)
  const conversation = known !== undefined && isReusable(known, { relay, now: draft.env.now }) ? known.id : createPair(draft, relay)
  if (clean !== '') {
    touch(draft, conversation)
    write(draft, conversation, { kind: 'text', text: clean })
  }
  draft.writes.push(writeSent(ref, { kind: 'create', text }, conversation))
  answer(draft, { kind: 'created', conversation })
}

/** A person was seen at an invite: from now on it is kept for this device. */
export function claimInvite(draft: Draft, { conversation: id }: Of<'claim-invite'>): void {
  const conversation = draft.state.conversations.get(id)
  const invitation = conversation?.invitation
  if (conversation?.phase === 'invited' && invitation !== undefined && !invitation.isClaimed)
    draft.state = withConversation(draft.state, { ...conversation, invitation: { ...invitation, isClaimed: true } })
  answer(draft, { kind: 'done' })
}

export function sendText(draft: Draft, { conversation: id, text, ref, answers, ttl, files, form }: Of<'send'>): void {
  const conversation = draft.state.conversations.get(id)
  const clean = wordsToWrite(conversation, text)
  if (conversation === undefined) return answer(draft, refusedFor('unknown-conversation'))
  if (clean === '' && files === undefined) return answer(draft, refusedFor('empty'))
  if (isTooLong(clean)) return answer(draft, refusedFor('too-long'))
  if (isClosed(draft.state, conversation, draft.env.now) || isTakenOut(draft.state)) return answer(draft, refusedFor('closed'))
  if (conversation.phase === 'invited') join(draft, id)
  touch(draft, id)
  const message = write(draft, id, form === undefined ? contentOf(clean, answers, files) : { kind: 'living', form, text: clean }, ttl)
  draft.writes.push(writeSent(ref, { kind: 'send', conversation: id, text, answers }, message))
  answer(draft, { kind: 'saved', message })
}

function contentOf(text: string, answers: EntryId | undefined, files: Of<'send'>['files']): Content {
  if (files !== undefined) return { kind: 'attachments', text, answers, files }
  return answers === undefined ? { kind: 'text', text } : { kind: 'reply', target: answers, text }
}

/** Writes what this account does to a message. Whether it may is the reducer's matter, and was looked at by whoever asks. */
export function relateTo(draft: Draft, { conversation: id, content, ttl }: Of<'relate'>): void {
  const conversation = draft.state.conversations.get(id)
  if (conversation === undefined || conversation.phase === 'invited') return answer(draft, refusedFor('unknown-conversation'))
  if (isClosed(draft.state, conversation, draft.env.now) || isTakenOut(draft.state)) return answer(draft, refusedFor('closed'))
  answer(draft, { kind: 'saved', message: write(draft, id, content, ttl) })
}

export function markRead(draft: Draft, { conversation: id }: Of<'mark-read'>): void {
  const conversation = draft.state.conversations.get(id)
  const view = conversation && markAllRead(conversation.view)
  if (conversation !== undefined && view !== undefined && view !== conversation.view)
    draft.state = withConversation(draft.state, { ...conversation, view })
  answer(draft, { kind: 'done' })
}

export function setName(draft: Draft, { name }: Of<'set-name'>): void {
  const clean = cleanName(name)
  if (utf8ToBytes(clean).length > NAME_BYTES_MAX) return answer(draft, refusedFor('too-long'))
  draft.state = { ...draft.state, self: { ...draft.state.self, name: clean === '' ? undefined : clean } }
  for (const conversation of draft.state.conversations.values())
    if (clean !== '' && conversation.phase !== 'invited' && !isOutside(conversation))
      write(draft, conversation.id, { kind: 'profile', name: clean })
  answer(draft, { kind: 'done' })
}

export function setReadReceipts(draft: Draft, { readReceipts }: Of<'set-read-receipts'>): void {
  // What was read meanwhile is due now, also in chats at rest.
  if (readReceipts) draft.state.conversations.values()
  draft.state = { ...draft.state, self: { ...draft.state.self, readReceipts } }
  answer(draft, { kind: 'done' })
}

export function revokeInvite(draft: Draft, { conversation: id }: Of<'revoke-invite'>): void {
  const conversation = draft.state.conversations.get(id)
  if (conversation?.invite?.status === 'open') closeInvite(draft, id, { status: 'revoked' })
  answer(draft, { kind: 'done' })
}

export function markShared(draft: Draft, { conversation: id }: Of<'mark-shared'>): void {
  touch(draft, id)
  answer(draft, { kind: 'done' })
}

// From now on somebody would miss it.
function touch(draft: Draft, id: ConversationId): void {
  const conversation = draft.state.conversations.get(id)
  if (conversation?.invite?.isUntouched === true)
    draft.state = withConversation(draft.state, inviting(conversation, { ...conversation.invite, isUntouched: false }))
}

export function writeDocument(draft: Draft, { conversation: id, update }: Of<'write-document'>): void {
  const conversation = draft.state.conversations.get(id)
  if (conversation === undefined || conversation.phase === 'invited' || isOutside(conversation))
    return answer(draft, refusedFor('unknown-conversation'))
  const content = { kind: 'document', document: META_DOCUMENT, update } as const
  const fault = takeUpdate(draft, id, { author: draft.state.self.device.id, content })
  if (fault !== undefined) return answer(draft, refusedFor(fault))
  touch(draft, id)
  write(draft, id, content)
  answer(draft, { kind: 'done' })
}

type NewInvite = { readonly relay: RelayAddress; readonly now: number }

/** An invite that nobody has seen serves the next one too, where that is to wait at the same relay and there is time to open it. */
export const isReusable = (conversation: Conversation, { relay, now }: NewInvite): boolean =>
  isUntouched(conversation) &&
  conversation.invite?.status === 'open' &&
  isSameRelay(conversation.invite.relay, relay) &&
  !hasPassed({ since: conversation.invite.created, ms: INVITE_MS_MAX - REUSED_INVITE_MS_MIN }, now)

/** Nobody can come any more, and nobody has, or somebody else was let in, or the other one is blocked: writing here would reach no one. */
export const isClosed = (state: NodeState, conversation: Conversation, now: number): boolean =>
  isWithBlocked(state, conversation) ||
  isTooLate(conversation, now) ||
  isOutside(conversation) ||
  (conversation.phase === 'inviting' && (conversation.invite.status !== 'open' || isOver(conversation.invite, now)))

/** A group in which this account is no member, or not yet. */
export const isOutside = ({ group, view }: Conversation): boolean => group?.membership.members.has(view.self) === false

/** Somebody is about to look at it. */
export function wake(draft: Draft, { conversation }: Of<'wake'>): void {
  draft.state.conversations.get(conversation)
  answer(draft, { kind: 'done' })
}

function answer(draft: Draft, value: Answer): void {
  draft.effects.push({ kind: 'answer', answer: value })
}

const refusedFor = (reason: string): Answer => ({ kind: 'refused', reason })
