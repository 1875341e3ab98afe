// From a reply to what it answers, and back again. The message that was gone to is washed with colour for a moment.

import { nextTick, shallowReadonly, shallowRef } from 'vue'
import type { EntryId } from '@kith/protocol'
import { useNotices } from '../notices/index.ts'
import { markIn } from './mark-in.ts'
import { messageWords } from '../message-words.ts'

type Options = {
  readonly stage: HTMLElement
  /** False where it is not here. */
  readonly goToMessage: (message: EntryId) => Promise<boolean>
}

type Sought = { readonly parts: readonly string[]; readonly from: EntryId | undefined; readonly takesFocus: boolean }

const WASH_MS = 1_200

const wash = (note: HTMLElement): void => {
  const line = 'inset(-3px -100vmax)'
  const [from, to] = ['var(--accent-soft)', 'transparent'].map((colour) => ({ boxShadow: `0 0 0 100vmax ${colour}`, clipPath: line }))
  if ('animate' in note && from !== undefined && to !== undefined) note.animate([from, to], { duration: WASH_MS, easing: 'ease-in' })
}

const isInView = (note: Element, stage: Element): boolean => {
  const [{ top, bottom }, around] = [note.getBoundingClientRect(), stage.getBoundingClientRect()]
  return top >= around.top && bottom <= around.bottom
}

export const useJumps = ({ stage, goToMessage }: Options) => {
  const notices = useNotices()
  /** Where the way back leads. */
  const origin = shallowRef<EntryId>()

  const noteOf = (id: EntryId): HTMLElement | undefined =>
    stage.querySelector<HTMLElement>(`[data-message-id="${CSS.escape(id)}"]`) ?? undefined
  const goTo = async (id: EntryId, takesFocus = true): Promise<boolean> => {
    const near = noteOf(id)
    const isHere = (near !== undefined && isInView(near, stage)) || (await goToMessage(id))
    await nextTick()
    const note = noteOf(id)
    if (!isHere || note === undefined) return false
    if (takesFocus) note.focus({ preventScroll: true })
    wash(note)
    return true
  }
  const jump = async (id: EntryId, from?: Element): Promise<void> => {
    const start = from?.closest<HTMLElement>('[data-message-id]')
    const wasNear = noteOf(id)
    const stays = wasNear !== undefined && isInView(wasNear, stage)
    const isThere = await goTo(id)
    if (!isThere) notices.show(messageWords.notHere)
    // Whoever still sees where they were needs no way back; and where nothing was found, the place is lost as well.
    if (start?.dataset['messageId'] !== undefined && !stays) origin.value = start.dataset['messageId'] as EntryId
  }
  /** To a message that was found. `parts`: of its text what was asked for, which stays marked. `from`: where one read before. */
  const seek = async (id: EntryId, { parts, from, takesFocus }: Sought): Promise<void> => {
    const isThere = await goTo(id, takesFocus)
    if (!isThere) return void notices.show(messageWords.notHere)
    const note = noteOf(id)
    if (note !== undefined) markIn(note, parts)
    if (from !== undefined && from !== id && origin.value === undefined) {
      const left = noteOf(from)
      if (left === undefined || !isInView(left, stage)) origin.value = from
    }
  }
  /** Where one reads: the first message that is in view whole, or at the end of the chat the last one. */
  const inView = (isAtEnd: boolean): EntryId | undefined => {
    const notes = [...stage.querySelectorAll<HTMLElement>('[data-message-id]')].filter((note) => isInView(note, stage))
    return notes.at(isAtEnd ? -1 : 0)?.dataset['messageId'] as EntryId | undefined
  }
  /** The end of it, which may be longer than the screen. */
  const isSeen = (id: EntryId): boolean => {
    const [note, around] = [noteOf(id)?.getBoundingClientRect(), stage.getBoundingClientRect()]
    return note !== undefined && note.bottom > around.top && note.bottom <= around.bottom
  }
  const goBack = async (): Promise<void> => {
    const id = origin.value
    origin.value = undefined
    if (id !== undefined) await goTo(id)
  }
  return { origin: shallowReadonly(origin), jump, seek, inView, isSeen, goBack, forget: () => void (origin.value = undefined) }
}
