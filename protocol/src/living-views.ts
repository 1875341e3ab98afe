// What a screen is shown of polls, checklists and notes.

import type { PersonView } from './views.ts'

/** What one person has done to a living message. `isOut`: all of it is left out. */
export type LivingPerson = PersonView & { readonly changes: number; readonly isOut: boolean }

/** `text`: the option, item or words that it was about, as they were. `isCounted`: false for a vote that came after the closing. */
export type LivingEvent = {
  readonly person: PersonView
  readonly what: 'voted' | 'closed' | 'added' | 'renamed' | 'ticked' | 'unticked' | 'removed' | 'wrote'
  readonly text: string
  readonly time: number
  readonly isCounted: boolean
}

/** `by`: who ticked it. */
export type ItemView = { readonly id: string; readonly text: string; readonly isDone: boolean; readonly by?: PersonView }

export type LivingView = {
  readonly title: string
  /** By this person. */
  readonly isMine: boolean
  /** Whoever has changed it, whoever did most first; and the newest changes first. */
  readonly people: readonly LivingPerson[]
  readonly events: readonly LivingEvent[]
} & (
  | {
      readonly kind: 'poll'
      readonly isMultiple: boolean
      readonly isClosed: boolean
      readonly options: readonly { readonly text: string; readonly isMine: boolean; readonly voters: readonly PersonView[] }[]
      /** People whose votes count. */
      readonly voters: number
    }
  | { readonly kind: 'checklist'; readonly items: readonly ItemView[] }
  | { readonly kind: 'note'; readonly text: string }
)
