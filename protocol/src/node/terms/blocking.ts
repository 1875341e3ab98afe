// Blocking (docs/protocol.md §14.2): in chats of two nothing of a blocked account is taken and nothing is said to it, which follows from who counts as a
// partner (members.ts). Here is what else changes: the right to deposit goes, and comes back with another mailbox.

import { handItems } from '../author.ts'
import { withConversation, withNet, withPeer, withoutItem } from '../change.ts'
import { sayHave } from '../delivery/asking.ts'
import { refusedBy } from '../mailboxes/mailboxes.ts'
import { conversationsWith } from '../members.ts'
import { otherIn } from '../rest-looks.ts'
import { isSpoken, ownLength } from '../state.ts'
import { closeMailbox, withTerms } from './terms.ts'
import { createInbox, wordsOf } from '../mailboxes/own.ts'
import type { AccountId, ConversationId, DeviceId } from '../../bytes/ids.ts'
import type { Draft } from '../draft.ts'
import type { InputOf } from '../input.ts'

export function setBlocked(draft: Draft, { accounts }: InputOf<'set-blocked'>): void {
  const { blocked: before } = draft.state.terms
  const blocked = new Set(accounts)
  const changed = new Set([...before, ...blocked].filter((account) => before.has(account) !== blocked.has(account)))
  const pairs = pairsWith(draft, changed)
  const devices = devicesOf(draft, changed)
  withTerms(draft, () => ({ blocked }))
  for (const account of changed)
    if (blocked.has(account)) withTerms(draft, ({ requests }) => ({ requests: withoutItem(requests, account) }))
  // What is due in these chats, and what they show, is another thing now.
  for (const [id] of pairs) draft.state = withConversation(draft.state, { ...conversationAt(draft, id) })
  for (const [device, account] of devices) if (blocked.has(account)) withdrawFrom(draft, device)
  for (const [id, account] of pairs) if (!blocked.has(account)) resume(draft, id)
  draft.effects.push({ kind: 'answer', answer: { kind: 'done' } })
}

// All of these are named at once, so that what rests is woken at once.
function pairsWith({ state }: Draft, accounts: ReadonlySet<AccountId>): ReadonlyMap<ConversationId, AccountId> {
  if (accounts.size === 0) return new Map()
  const found = [...state.conversations.looks()].flatMap((chat) => {
    const other = 'group' in chat && chat.group !== undefined ? undefined : otherIn(chat)
    return other !== undefined && accounts.has(other) ? [[chat.id, other] as const] : []
  })
  state.conversations.getAll(found.map(([id]) => id))
  return new Map(found)
}

function devicesOf({ state }: Draft, accounts: ReadonlySet<AccountId>): ReadonlyMap<DeviceId, AccountId> {
  if (accounts.size === 0) return new Map()
  const found = [...state.peers.looks()].flatMap(({ account, device }) => (accounts.has(account) ? [[device.id, account] as const] : []))
  state.peers.getAll(found.map(([device]) => device))
  return new Map(found)
}

function conversationAt({ state }: Draft, id: ConversationId) {
  const conversation = state.conversations.get(id)
  if (conversation === undefined) throw new RangeError('no such conversation')
  return conversation
}

// Members who are no contacts are met through relays alone. Where there is a group with the device, its mailbox serves that and stays; what comes there
// for the chat of two is let go.
function withdrawFrom(draft: Draft, device: DeviceId): void {
  draft.state = withNet(draft.state, { links: withoutItem(draft.state.net.links, device) })
  const peer = draft.state.peers.get(device)
  if (peer?.inbox === undefined || conversationsWith(draft.state, device).length > 0) return
  draft.state = withPeer(draft.state, { ...peer, inbox: undefined })
  closeMailbox(draft, peer.inbox)
}

/** A chat with somebody who is blocked no more: its devices may deposit again, and are told what there is. */
function resume(draft: Draft, id: ConversationId): void {
  const conversation = conversationAt(draft, id)
  if (!isSpoken(conversation)) return
  for (const device of conversation.log.feeds.keys()) {
    const peer = draft.state.peers.get(device)
    const relay = draft.state.home ?? peer?.outbox?.relay
    if (peer?.pairing === undefined || peer.inbox !== undefined || relay === undefined) continue
    const inbox = createInbox(draft, relay)
    draft.state = withPeer(draft.state, { ...peer, inbox })
    // With the last own entry, which goes out again for it, until the next one has arrived.
    const until = Math.max(1, ownLength(draft.state, conversation))
    handItems(draft, device, { conversation: id, from: until - 1, until, items: wordsOf(inbox) })
  }
  sayHave(draft, id)
}

export function mailboxesClosed(draft: Draft, { asked, answer }: InputOf<'mailboxes-closed'>): void {
  // What the relay does not know is gone as well.
  if (answer.kind !== 'mailboxes') return refusedBy(draft, 'closing', answer)
  withTerms(draft, ({ closing }) => ({ closing: closing.filter(({ keys }) => !asked.includes(keys.mailbox)) }))
}
