// What entries do to the lines of other entries (docs/protocol.md §5.12). Reducing them only notes it; here it takes effect, with the rows
// of the store that it touches: a few for each, however long the conversation and however large it is. What is done to a message that is
// not here waits in the store, and is worked in when it comes.

import {
  changeLine,
  changesOf,
  dropChange,
  dropStances,
  keyOfLine,
  leaveFiles,
  lineOf,
  messageBefore,
  orderKeyOfSealed,
  putChange,
  putLine,
  putStance,
  stanceOf,
  stancesOn,
  takeLine,
  targetsIn,
} from './lines.ts'
import { withEditedMessage, withMessage, withoutMessage } from './message.ts'
import { isShown } from './state.ts'
import { showFace } from './faces.ts'
import { isLater, NO_STANCE, reactionsIn, withRelation } from './stance.ts'
import { markedIn, NOT_RELATED } from './timeline-row.ts'
import { cleanText } from './text.ts'
import type { StoreWrite } from '../ports.ts'
import type { Reader, Stances } from './lines.ts'
import type { EntryId } from '../bytes/ids.ts'
import type { ConversationState, Pending } from './state.ts'
import type { Relation, Stance } from './stance.ts'
import type { MessageContent, Pin, ReactionCount, Relations, TimelineRow } from './timeline-row.ts'

/** A body that is to be unreadable from now on. `newer`: of a line that this version cannot read. */
export type Shredded = { readonly kind: 'text' | 'edit' | 'newer' | 'change' | 'scheduled'; readonly orderKey: string }

export type RelateIo = {
  /** The store as it is with all that was written so far. */
  readonly store: Reader
  readonly write: (writes: readonly StoreWrite[]) => void
  readonly shred: (body: Shredded) => void
  /** What the edit with this order key says; undefined where that is gone. */
  readonly editText: (orderKey: string) => Promise<string | undefined>
}

/** The conversation after something that was pending in it, whose rows are written there. */
export function relate(view: ConversationState, pending: Pending, io: RelateIo): Promise<ConversationState> {
  switch (pending.kind) {
    case 'line':
      return relateLine(view, pending, io)
    case 'relation':
      return applyRelation(view, pending.relation, io)
    case 'shown':
      return countAnew(view, io)
    case 'face':
      return showFace(view, pending, io)
    case 'expiry':
      return letGo(view, pending, io)
  }
}

type Message = TimelineRow & { readonly content: MessageContent }
const isMessage = (row: TimelineRow): row is Message => row.content.kind === 'text'

/** Whether the line of an entry was here, and went when its time was over. */
const wasHere = async ({ conversation }: ConversationState, entry: EntryId, io: RelateIo): Promise<boolean> =>
  (await keyOfLine(io.store, conversation, entry)) !== undefined

// A message that was there before has everything worked in, and what was deleted or has gone does not come back.
async function relateLine(
  view: ConversationState,
  { row, read }: Extract<Pending, { kind: 'line' }>,
  io: RelateIo,
): Promise<ConversationState> {
  const before = await lineOf(io.store, view.conversation, row.id)
  if (before?.content.kind === 'text') return view
  if (before === undefined ? await wasHere(view, row.id, io) : before.content.kind === 'deleted') {
    io.shred(bodyOf(row))
    return view
  }
  const stances: Stances = view.waiting === 0 ? new Map() : await stancesOn(io.store, view.conversation, row.id)
  const own = stances.get(row.account)
  if (own?.isDeleted === true || row.content.kind === 'deleted')
    return deleteLine(withWaiting(view, -stances.size), row, { edits: own?.edits ?? [], wasShown: false }, io)
  const line = isMessage(row) ? related(row, await relatedOf(view, { stances, edits: own?.edits ?? [] }, io)) : row
  io.write(putLine(view.conversation, line))
  return isMessage(row) ? withMessage(withWaiting(view, -stances.size), line, read) : view
}

async function applyRelation(view: ConversationState, relation: Relation, io: RelateIo): Promise<ConversationState> {
  const { account, content, orderKey } = relation
  const line = await lineOf(io.store, view.conversation, content.target)
  if (line === undefined && !(await wasHere(view, content.target, io))) {
    if (content.kind !== 'change') return waitFor(view, relation, io)
    io.write([putChange(view.conversation, { account, content, orderKey })])
    return view
  }
  if (line === undefined || line.content.kind === 'deleted') {
    if (content.kind === 'edit' || content.kind === 'change') io.shred({ kind: content.kind, orderKey })
    return view
  }
  if (content.kind === 'change') return changeLiving(view, { line, account, content, orderKey }, io)
  const isTheirs = line.account === account
  switch (line.content.kind) {
    case 'text':
      if ((content.kind === 'edit' || content.kind === 'deletion') && !isTheirs) return view
      return changeMessage(view, { line: line as Message, relation }, io)
    case 'unreadable': {
      if (content.kind !== 'deletion' || !isTheirs) return waitFor(view, relation, io)
      const stances = await stancesOn(io.store, view.conversation, line.id)
      const edits = stances.get(account)?.edits ?? []
      return deleteLine(withWaiting(view, -stances.size), line, { edits, wasShown: false }, io)
    }
    case 'created':
    case 'joined':
    case 'named':
    case 'devices':
    case 'titled':
    case 'timed':
    case 'acted':
      return view
  }
}

// What it does to the document is worked out by whoever looks (host/living): here it is only found again, and the line is another one.
function changeLiving(
  view: ConversationState,
  { line, ...change }: Parameters<typeof putChange>[1] & { readonly line: TimelineRow },
  io: RelateIo,
): ConversationState {
  io.write([putChange(view.conversation, change)])
  const living = line.content.kind === 'text' ? line.content.living : undefined
  if (living !== undefined) {
    const content = { ...(line as Message).content, living: { ...living, changes: living.changes + 1 } }
    io.write([changeLine(view.conversation, { ...line, content })])
  }
  return view
}

async function waitFor(view: ConversationState, relation: Relation, io: RelateIo): Promise<ConversationState> {
  const { before, after } = await changeStance(view, relation, io)
  return before === undefined && after !== undefined ? withWaiting(view, 1) : view
}

async function changeMessage(
  view: ConversationState,
  { line, relation }: { readonly line: Message; readonly relation: Relation },
  io: RelateIo,
): Promise<ConversationState> {
  const { account, content, orderKey } = relation
  if (content.kind === 'deletion') {
    const own = await stanceOf(io.store, view.conversation, { target: line.id, account })
    return deleteLine(view, line, { edits: own?.edits ?? [], wasShown: true }, io)
  }
  const { before = NO_STANCE, after } = await changeStance(view, relation, io)
  if (after === undefined) return view
  const was = line.content.related ?? NOT_RELATED
  const put = (now: Relations): TimelineRow => {
    const changed = related(line, now)
    io.write([changeLine(view.conversation, changed)])
    return changed
  }
  switch (content.kind) {
    case 'edit':
      if (after.edits.at(-1) !== orderKey) return view
      return withEditedMessage(view, put({ ...was, edit: { orderKey, text: content.text } }))
    case 'reaction':
      if (isShown(view, account)) put({ ...was, reactions: recounted(was.reactions, { before, after, isMine: account === view.self }) })
      return view
    case 'change':
      return view
    case 'pin':
      if (isShown(view, account) && isLater(orderKey, was.pin)) put({ ...was, pin: { orderKey, isSet: content.isSet } })
      return view
  }
}

// A message goes as if it had never been said, with all that was done to it.
async function letGo(
  view: ConversationState,
  { account, target, orderKey }: Extract<Pending, { kind: 'expiry' }>,
  io: RelateIo,
): Promise<ConversationState> {
  io.shred({ kind: 'edit', orderKey })
  const row = await lineOf(io.store, view.conversation, target)
  if (row === undefined || row.account !== account || !['text', 'unreadable', 'deleted'].includes(row.content.kind)) return view
  const stances = await stancesOn(io.store, view.conversation, target)
  const wasShown = isMessage(row)
  const left = wasShown ? view : withWaiting(view, -stances.size)
  return eraseLine(left, row, { edits: stances.get(account)?.edits ?? [], wasShown, rows: takeLine(view.conversation, row) }, io)
}

type Deletion = { readonly edits: readonly string[]; readonly wasShown: boolean }

const deleteLine = (view: ConversationState, row: TimelineRow, deletion: Deletion, io: RelateIo): Promise<ConversationState> =>
  eraseLine(view, row, { ...deletion, rows: putLine(view.conversation, { ...row, content: { kind: 'deleted' } }) }, io)

// `rows`: what is left of the line.
async function eraseLine(
  view: ConversationState,
  row: TimelineRow,
  { edits, wasShown, rows }: Deletion & { readonly rows: readonly StoreWrite[] },
  io: RelateIo,
): Promise<ConversationState> {
  const { conversation } = view
  io.write([...rows, dropStances(conversation, row.id), ...leaveFiles(conversation, row)])
  io.shred(bodyOf(row))
  const sealedAt = await orderKeyOfSealed(io.store, conversation, row.id)
  if (sealedAt !== undefined) io.shred({ kind: 'scheduled', orderKey: sealedAt })
  // What cannot be read may be one that a newer version knows how to change.
  const mayHaveChanges = row.content.kind !== 'text' || row.content.living !== undefined
  for (const { orderKey } of mayHaveChanges ? await changesOf(io.store, conversation, row.id) : []) {
    io.shred({ kind: 'change', orderKey })
    io.write([dropChange(conversation, row.id, orderKey)])
  }
  for (const orderKey of edits) io.shred({ kind: 'edit', orderKey })
  return wasShown ? withoutMessage(view, row, () => messageBefore(io.store, conversation, row)) : view
}

const bodyOf = ({ orderKey, content }: TimelineRow): Shredded => ({ kind: content.kind === 'unreadable' ? 'newer' : 'text', orderKey })

// `after` is undefined where the entry changes nothing.
async function changeStance(
  { conversation }: ConversationState,
  relation: Relation,
  io: RelateIo,
): Promise<{ readonly before: Stance | undefined; readonly after: Stance | undefined }> {
  const { account, content } = relation
  const place = { target: content.target, account }
  const before = await stanceOf(io.store, conversation, place)
  const { stance, dropped } = withRelation(before ?? NO_STANCE, relation)
  if (dropped !== undefined) io.shred({ kind: 'edit', orderKey: dropped })
  if (stance === (before ?? NO_STANCE)) return { before, after: undefined }
  io.write([putStance(conversation, { ...place, stance })])
  return { before, after: stance }
}

// Who is shown changes when somebody is let in: once in the life of a pair, mostly before anything was done to anything.
async function countAnew(view: ConversationState, io: RelateIo): Promise<ConversationState> {
  for await (const target of targetsIn(io.store, view.conversation)) {
    const line = await lineOf(io.store, view.conversation, target)
    if (line === undefined || !isMessage(line)) continue
    const stances = await stancesOn(io.store, view.conversation, target)
    const changed = related(line, { ...countsOf(view, stances), edit: line.content.related?.edit })
    io.write([changeLine(view.conversation, changed)])
  }
  return view
}

async function relatedOf(
  view: ConversationState,
  { stances, edits }: { readonly stances: Stances; readonly edits: readonly string[] },
  io: RelateIo,
): Promise<Relations> {
  const orderKey = edits.at(-1)
  const text = orderKey && (await io.editText(orderKey))
  return { ...countsOf(view, stances), edit: orderKey === undefined || text === undefined ? undefined : { orderKey, text } }
}

function countsOf(view: ConversationState, stances: Stances): Omit<Relations, 'edit'> {
  let reactions: readonly ReactionCount[] = []
  let pin: Pin | undefined
  for (const [account, after] of stances) {
    if (!isShown(view, account)) continue
    reactions = recounted(reactions, { before: NO_STANCE, after, isMine: account === view.self })
    if (after.pin !== undefined && isLater(after.pin.orderKey, pin)) pin = after.pin
  }
  return { reactions, pin }
}

type StanceChange = { readonly before: Stance; readonly after: Stance; readonly isMine: boolean }

function recounted(counts: readonly ReactionCount[], { before, after, isMine }: StanceChange): readonly ReactionCount[] {
  const [old, now] = [reactionsIn(before), reactionsIn(after)]
  const byEmoji = new Map(counts.map((one) => [one.emoji, one]))
  for (const emoji of new Set([...old, ...now])) {
    const one = byEmoji.get(emoji) ?? { emoji, count: 0, isMine: false }
    const count = one.count + Number(now.has(emoji)) - Number(old.has(emoji))
    byEmoji.set(emoji, { emoji, count, isMine: isMine ? now.has(emoji) : one.isMine })
  }
  return [...byEmoji.values()].filter(({ count }) => count > 0).toSorted((a, b) => (a.emoji < b.emoji ? -1 : 1))
}

// A message to which nothing is left done is stored as one to which nothing ever was.
function related(line: Message, now: Relations): Message {
  const { text: shown, ...rest } = line.content
  const edit = rest.living === undefined ? now.edit : undefined
  const words = edit === undefined ? {} : { text: cleanText(edit.text), marked: undefined, ...markedIn(edit.text) }
  const isPlain = edit === undefined && now.pin === undefined && now.reactions.length === 0
  return { ...line, content: { ...rest, text: shown, ...words, related: isPlain ? undefined : { ...now, edit } } }
}

const withWaiting = (view: ConversationState, change: number): ConversationState =>
  change === 0 ? view : { ...view, waiting: Math.max(0, view.waiting + change) }
