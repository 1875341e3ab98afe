// What is being read, so that it can be kept where it is on the screen: the messages in view with their upper edges. By their ids, since nodes
// are made anew when messages form other groups.

import { topOf } from './held-place.ts'

export type ReadingPlace = readonly { readonly id: string; readonly top: number }[]

const notesIn = (scroller: HTMLElement): NodeListOf<HTMLElement> => scroller.querySelectorAll<HTMLElement>('[data-message-id]')

export const noteOf = (scroller: HTMLElement, id: string): HTMLElement | undefined =>
  [...notesIn(scroller)].find((note) => note.dataset['messageId'] === id)

/** The messages in view, the uppermost first. */
export const readingPlaceIn = (scroller: HTMLElement): ReadingPlace => {
  const { top: edge, bottom: end } = scroller.getBoundingClientRect()
  const seen: { id: string; top: number }[] = []
  for (const note of notesIn(scroller)) {
    const { top, bottom } = note.getBoundingClientRect()
    if (top >= end) break
    if (bottom > edge) seen.push({ id: note.dataset['messageId'] ?? '', top })
  }
  return seen
}

/** How far what was read has moved since, px: the uppermost that is still there tells. */
export const movedFrom = (place: ReadingPlace, scroller: HTMLElement): number => {
  const notes = new Map([...notesIn(scroller)].map((note) => [note.dataset['messageId'], note]))
  for (const { id, top } of place) {
    const note = notes.get(id)
    if (note !== undefined) return topOf(note) - top
  }
  return 0
}
