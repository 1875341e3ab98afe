// Bounds of what is typed into polls, checklists and notes; the engine knows the same.

/** Letters of a title, an option or an item. */
export const LIVING_LINE_LENGTH_MAX = 300
export const NOTE_LENGTH_MAX = 10_000
/** Letters of a note when it is made: it goes in one entry. */
export const FIRST_NOTE_LENGTH_MAX = 3_500
export const OPTIONS_MAX = 20
export const FIRST_ITEMS_MAX = 30
