// Messages that are to be read from a date on (docs/protocol.md §5.16): written shut, opened at their date by their author's device or by a relay's word,
// and taken back before. One commit for each, so that a crash leaves one or the other.

import { orderKeyOf } from '../log/order.ts'
import { putSealed } from '../conversation/lines.ts'
import { sealScheduled } from '../conversation/scheduled.ts'
import { isTooLong } from '../conversation/text.ts'
import { lastPlaceOf, markRead } from '../conversation/view.ts'
import { SCHEDULED_MS_MAX } from '../limits.ts'
import { write } from './author.ts'
import { withConversation } from './change.ts'
import { isClosed } from './commands.ts'
import { found } from './draft.ts'
import { countBytes } from './incoming/budget.ts'
import { authorOf, isPartner, isTakenOut } from './members.ts'
import { expiryRow } from './rows/expiry.ts'
import { putScheduledKey } from './rows/scheduled-key.ts'
import { dropLeft, dropMine, putMine, putOff } from './rows/scheduled-mine.ts'
import { writeSent } from './rows/sent-row.ts'
import { wordsToWrite } from './words.ts'
import type { ConversationId, DeviceId, EntryId } from '../bytes/ids.ts'
import type { ScheduledSaid } from '../conversation/scheduled.ts'
import type { Frame } from '../wire/frame.ts'
import type { Answer, Draft } from './draft.ts'
import type { InputOf } from './input.ts'
import type { ScheduledStep, ScheduledWriting } from './scheduled-step.ts'
import type { Mine } from './rows/scheduled-mine.ts'
import type { Conversation } from './state.ts'

export function scheduled(draft: Draft, { conversation: id, act }: InputOf<'scheduled'>): void {
  answer(draft, apply(draft, id, act))
}

function apply(draft: Draft, id: ConversationId, act: ScheduledStep): Answer {
  switch (act.kind) {
    case 'write':
      return writeScheduled(draft, id, act)
    case 'take-back':
      return takeBack(draft, act.mine)
    case 'open':
      return openOwn(draft, act.mine)
    case 'show':
      return show(draft, id, act)
    case 'rows':
      draft.writes.push(...act.rows)
      if (act.passed !== undefined) pass(draft, id, act.passed)
      return { kind: 'done' }
  }
}

/** Where this account can write to somebody who is there. */
function spoken(draft: Draft, id: ConversationId): Conversation | undefined {
  const conversation = draft.state.conversations.get(id)
  const isOpen = conversation?.phase === 'open' && !isClosed(draft.state, conversation, draft.env.now) && !isTakenOut(draft.state)
  return isOpen ? conversation : undefined
}

function writeScheduled(draft: Draft, id: ConversationId, { text, answers, ttl, due, ref, instead }: ScheduledWriting): Answer {
  const clean = wordsToWrite(draft.state.conversations.get(id), text)
  if (clean === '') return refusedFor('empty')
  if (isTooLong(clean)) return refusedFor('too-long')
  const { now } = draft.env
  if (due !== undefined && due <= now) return refusedFor('past')
  if (due !== undefined && due > now + SCHEDULED_MS_MAX) return refusedFor('too-far')
  if (spoken(draft, id) === undefined) return refusedFor('closed')
  const content: ScheduledSaid = answers === undefined ? { kind: 'text', text: clean } : { kind: 'reply', target: answers, text: clean }
  const message = due === undefined ? write(draft, id, content, ttl) : writeShut(draft, id, { content, due, ttl })
  draft.writes.push(writeSent(ref, { kind: 'send', conversation: id, text, answers }, message))
  if (instead !== undefined) takeBack(draft, instead)
  return { kind: 'saved', message }
}

type Shut = { readonly content: ScheduledSaid; readonly due: number; readonly ttl: number | undefined }

function writeShut(draft: Draft, id: ConversationId, { content, due, ttl }: Shut): EntryId {
  const key = draft.env.random(32)
  const { device } = draft.state.self
  const act = sealScheduled({ conversation: id, device: device.id, key }, { due, content })
  const message = write(draft, id, { kind: 'scheduled', act }, ttl)
  const tip = found(draft, id)
    .log.feeds.get(device.id)
    ?.tips.find((one) => one.id === message)
  if (tip === undefined) throw new RangeError('an own entry that was just written is no tip')
  const { seq, order } = tip
  draft.writes.push(putMine({ conversation: id, message, seq, orderKey: orderKeyOf(order, message), due, key }))
  return message
}

// Whoever is handed the key all the same finds it deleted; where nothing can be written any more the relays alone are told.
function takeBack(draft: Draft, mine: Mine): Answer {
  if (spoken(draft, mine.conversation) !== undefined) write(draft, mine.conversation, { kind: 'deletion', target: mine.message })
  draft.writes.push(dropMine(mine), putOff(mine))
  return { kind: 'done' }
}

// Where nothing can be written any more nothing is opened either.
function openOwn(draft: Draft, mine: Mine): Answer {
  const { conversation, message: target, seq, key } = mine
  if (spoken(draft, conversation) !== undefined) write(draft, conversation, { kind: 'scheduled', act: { kind: 'key', seq, target, key } })
  draft.writes.push(dropMine(mine), dropLeft(mine))
  return { kind: 'done' }
}

// Whoever has read all before it, that message too, has read it.
function pass(draft: Draft, id: ConversationId, { device, seq }: { readonly device: DeviceId; readonly seq: number }): void {
  const conversation = draft.state.conversations.get(id)
  const feed = conversation?.view.feeds.get(device)
  if (conversation === undefined || feed?.read !== seq || feed.unread.length > 0) return
  draft.state = withConversation(draft.state, { ...conversation, view: markRead(conversation.view, [{ device, length: seq + 1 }]) })
}

function show(draft: Draft, id: ConversationId, { row, at, ttl, rows }: Extract<ScheduledStep, { kind: 'show' }>): Answer {
  const conversation = draft.state.conversations.get(id)
  draft.writes.push(...rows)
  if (conversation === undefined || authorOf(draft.state, conversation, row.device) !== row.account) return { kind: 'done' }
  const { view } = conversation
  const { account: self } = draft.state.self
  const last = row.account === self ? undefined : lastPlaceOf(view, self)
  const line = { ...row, ...(last !== undefined && row.orderKey < last ? { isLate: true } : {}) }
  const pending = [...view.pending, { kind: 'line', row: line, read: 0 } as const]
  draft.state = withConversation(draft.state, { ...conversation, view: { ...view, pending } })
  draft.writes.push(putSealed(id, row.id, at))
  const { now: since } = draft.env
  const { orderKey, device, seq, id: entry } = row
  if (ttl > 0)
    draft.writes.push(expiryRow({ conversation: id, device, seq, id: entry, orderKey, target: entry, since }, since + ttl * 1_000))
  return { kind: 'done' }
}

/** What a key takes in the day's bytes. */
const KEY_ROW_BYTES = 512

/** A key of the sender's own messages; whether there is anything that it opens is seen later. */
export function takeScheduledKey(
  draft: Draft,
  device: DeviceId,
  { conversation, seq, target, key }: Extract<Frame, { kind: 'scheduled-key' }>,
): void {
  const chat = draft.state.conversations.get(conversation)
  if (chat === undefined || !isPartner(draft.state, chat, device)) return
  if (countBytes(draft, device, KEY_ROW_BYTES))
    draft.writes.push(putScheduledKey(conversation, device, { seq, target, key, tick: undefined, since: draft.env.now }))
}

const answer = (draft: Draft, value: Answer): void => void draft.effects.push({ kind: 'answer', answer: value })
const refusedFor = (reason: string): Answer => ({ kind: 'refused', reason })
