// Showing oneself otherwise (docs/protocol.md §5.18): the own other devices are told at once, and the chats one after the other, a few with each tick, since
// most of thousands rest. What was not said when the device stopped is said when it goes on. And what may be shown of what others say of themselves.

import { cleanLine } from '../conversation/text.ts'
import { ABOUT_BYTES_MAX, ABOUT_LETTERS_MAX, FACES_SAID_PER_TICK_MAX } from '../wire/face-limits.ts'
import { mainTipOf } from '../log/log.ts'
import { orderKeyOf } from '../log/order.ts'
import { parsePicture } from '../wire/picture.ts'
import { write } from './author.ts'
import { isOutside } from './commands.ts'
import { found } from './draft.ts'
import { isOwnOther, isTakenOut } from './members.ts'
import { isResting } from './rest-looks.ts'
import type { ConversationId } from '../bytes/ids.ts'
import type { AcceptedEntry } from '../log/log.ts'
import type { Content } from '../wire/content.ts'
import type { PictureRefusal } from '../wire/picture.ts'
import type { Draft } from './draft.ts'
import type { InputOf } from './input.ts'
import type { OwnFace } from './state.ts'

type FaceRefusal = PictureRefusal | 'too-long'
type Shown = Pick<OwnFace, 'about' | 'picture'>

/** What is said about a person, as it may be said and shown. */
export const cleanAbout = (about: string): string => cleanLine(about, ABOUT_BYTES_MAX)

/** Why a face may not be shown, if it may not. */
export function faultOfFace({ about, picture }: Shown): FaceRefusal | undefined {
  if (Array.from(about).length > ABOUT_LETTERS_MAX) return 'too-long'
  const parsed = picture.length === 0 ? undefined : parsePicture(picture)
  return parsed?.kind === 'refused' ? parsed.reason : undefined
}

export function setFace(draft: Draft, { about, picture }: InputOf<'set-face'>): void {
  const { self, circle } = draft.state
  const shown = { about: cleanLine(about, Infinity), picture }
  const fault = faultOfFace(shown)
  if (fault !== undefined) return void draft.effects.push({ kind: 'answer', answer: { kind: 'refused', reason: fault } })
  if (!isSame(self.face ?? NO_FACE, shown)) {
    draft.state = { ...draft.state, self: { ...self, face: { ...shown, at: self.face?.at ?? '', told: '' } } }
    if (circle !== undefined) tellOwn(draft, circle.conversation)
  }
  draft.effects.push({ kind: 'answer', answer: { kind: 'done' } })
}

const NO_FACE: Shown = { about: '', picture: new Uint8Array(0) }

const isSame = (a: Shown, b: Shown): boolean =>
  a.about === b.about && a.picture.length === b.picture.length && a.picture.every((byte, at) => byte === b.picture[at])

/** The own other devices hear of the face in the circle. */
export function tellOwn(draft: Draft, circle: ConversationId): void {
  const { face } = draft.state.self
  if (face === undefined) return
  write(draft, circle, { kind: 'face', about: face.about, picture: face.picture })
  const { id } = draft.state.self.device
  const feed = found(draft, circle).log.feeds.get(id)
  const tip = feed && mainTipOf(feed)
  const at = tip === undefined ? face.at : orderKeyOf(tip.order, tip.id)
  draft.state = { ...draft.state, self: { ...draft.state.self, face: { ...face, at } } }
}

/** What another own device has said in the circle. Of several faces the last in its order is this person's, on all devices. */
export function takeOwnFace(
  draft: Draft,
  id: ConversationId,
  { header, orderKey }: Pick<AcceptedEntry, 'header' | 'orderKey'>,
  { about, picture }: Extract<Content, { kind: 'face' }>,
): void {
  const { self, circle } = draft.state
  if (circle?.conversation !== id || orderKey <= (self.face?.at ?? '') || !isOwnOther(draft.state, header.device)) return
  // The other one tells the chats; this one does where it was about to.
  const face = { about: cleanAbout(about), picture: picture.slice(), at: orderKey, told: self.face?.told }
  draft.state = { ...draft.state, self: { ...self, face } }
}

/** The next chats hear of the own face. */
export function tellFace(draft: Draft): void {
  const { face } = draft.state.self
  if (face?.told === undefined) return
  const due = dueAfter(draft, face.told)
  // All that rest are woken before anything is written.
  const chats = due.flatMap((id) => draft.state.conversations.get(id) ?? [])
  for (const chat of chats)
    if (chat.phase === 'open' && !isOutside(chat)) write(draft, chat.id, { kind: 'face', about: face.about, picture: face.picture })
  const isOver = due.length < FACES_SAID_PER_TICK_MAX
  draft.state = { ...draft.state, self: { ...draft.state.self, face: { ...face, told: isOver ? undefined : due.at(-1) } } }
}

function dueAfter({ state }: Draft, told: string): readonly ConversationId[] {
  if (isTakenOut(state)) return []
  const due: ConversationId[] = []
  for (const chat of state.conversations.looks())
    if (chat.id > told && chat.id !== state.circle?.conversation && (isResting(chat) || chat.phase === 'open')) due.push(chat.id)
  return due.toSorted().slice(0, FACES_SAID_PER_TICK_MAX)
}
