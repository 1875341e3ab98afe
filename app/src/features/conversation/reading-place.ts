// What is being read, so that it can be kept where it is on the screen: the messages in view with their upper edges. By their ids, since nodes
// are made anew when messages form other groups.

import { topOf } from './held-place.ts'

export type ReadingPlace = readonly { readonly id: string; readonly top: number }[]

const notesIn = (scroller: HTMLElement): readonly HTMLElement[] => [...scroller.querySelectorAll<HTMLElement>('[data-message-id]')]

export const noteOf = (scroller: HTMLElement, id: string): HTMLElement | undefined =>
  notesIn(scroller).find((note) => note.dataset['messageId'] === id)

/** The messages in view, the uppermost first. Each stands below the one before it, so the first of them is found by halving. */
export const readingPlaceIn = (scroller: HTMLElement): ReadingPlace => {
  const { top: edge, bottom: end } = scroller.getBoundingClientRect()
  const notes = notesIn(scroller)
  const seen: { id: string; top: number }[] = []
  for (const note of notes.slice(firstBelow(edge, notes))) {
    const top = topOf(note)
    if (top >= end) break
    seen.push({ id: note.dataset['messageId'] ?? '', top })
  }
  return seen
}

/** Index of the first note that reaches below `edge`. */
const firstBelow = (edge: number, notes: readonly HTMLElement[]): number => {
  let [from, to] = [0, notes.length]
  while (from < to) {
    const middle = (from + to) >> 1
    if ((notes[middle] as HTMLElement).getBoundingClientRect().bottom > edge) to = middle
    else from = middle + 1
  }
  return from
}

/** How far what was read has moved since, px: the uppermost that is still there tells. */
export const movedFrom = (place: ReadingPlace, scroller: HTMLElement): number => {
  const notes = new Map(notesIn(scroller).map((note) => [note.dataset['messageId'], note]))
  for (const { id, top } of place) {
    const note = notes.get(id)
    if (note !== undefined) return topOf(note) - top
  }
  return 0
}
