// What a living message begins with: its title is the first line of its words, and what follows are options, items or text (docs/protocol.md §5.15).

import { FIRST_ITEMS_MAX, LIVING_LINE_LENGTH_MAX, OPTIONS_MAX } from './living-limits.ts'

export type LivingForm =
  | { readonly kind: 'poll'; readonly title: string; readonly isMultiple: boolean; readonly options: readonly string[] }
  | { readonly kind: 'checklist'; readonly title: string; readonly items: readonly string[] }
  | { readonly kind: 'note'; readonly title: string; readonly text: string }

const POLL = 1
const MULTIPLE_POLL = 2
const CHECKLIST = 3
const NOTE = 4

/** `words`: cleaned. Undefined for a form that only a newer version knows: its words are shown as those of any message. */
export function formOf({ form, words }: { readonly form: number; readonly words: string }): LivingForm | undefined {
  const end = words.indexOf('\n')
  const title = lineIn(end < 0 ? words : words.slice(0, end))
  const rest = end < 0 ? '' : words.slice(end + 1)
  switch (form) {
    case POLL:
    case MULTIPLE_POLL:
      return { kind: 'poll', title, isMultiple: form === MULTIPLE_POLL, options: linesIn(rest).slice(0, OPTIONS_MAX) }
    case CHECKLIST:
      return { kind: 'checklist', title, items: linesIn(rest).slice(0, FIRST_ITEMS_MAX) }
    case NOTE:
      return { kind: 'note', title, text: rest }
    default:
      return undefined
  }
}

/** One line, no longer than a line may be. */
export const lineIn = (text: string): string => text.replaceAll(/\s+/gu, ' ').trim().slice(0, LIVING_LINE_LENGTH_MAX)

const linesIn = (text: string): readonly string[] =>
  text
    .split('\n')
    .map(lineIn)
    .filter((line) => line !== '')
