// Marks what was asked for in a message that was found, without touching the message: as ranges that the browser draws.

import { FOUND_MARKS_MAX } from '../limits.ts'

const NAME = 'found'

/** Places of one text that have these parts. */
export const rangesIn = (text: Text, parts: readonly string[]): readonly Range[] => {
  const ranges: Range[] = []
  for (const part of parts.filter((one) => one !== ''))
    for (let at = text.data.indexOf(part); at >= 0 && ranges.length < FOUND_MARKS_MAX; at = text.data.indexOf(part, at + part.length)) {
      const range = document.createRange()
      range.setStart(text, at)
      range.setEnd(text, at + part.length)
      ranges.push(range)
    }
  return ranges
}

export const markIn = (note: Element, parts: readonly string[]): void => {
  if (!('highlights' in CSS)) return
  const words = note.querySelector('.words')
  const ranges: Range[] = []
  const walker = words && document.createTreeWalker(words, NodeFilter.SHOW_TEXT)
  for (let text = walker?.nextNode(); text instanceof Text; text = walker?.nextNode()) ranges.push(...rangesIn(text, parts))
  CSS.highlights.set(NAME, new Highlight(...ranges.slice(0, FOUND_MARKS_MAX)))
}

export const unmark = (): void => {
  if ('highlights' in CSS) CSS.highlights.delete(NAME)
}
