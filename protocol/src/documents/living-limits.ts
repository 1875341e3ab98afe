// Bounds of living messages, each with its unit (docs/protocol.md §5.15).

/** Lines that a poll may offer, and that a checklist begins with. */
export const OPTIONS_MAX = 20
export const FIRST_ITEMS_MAX = 50
/** Letters of a title, of an option, and of an item of a checklist. */
export const LIVING_LINE_LENGTH_MAX = 300
/** Items of a checklist that are shown, the first ones. */
export const ITEMS_SHOWN_MAX = 500
/** Letters of a note that are shown, the first ones; no person writes a longer one here. */
export const NOTE_LENGTH_MAX = 10_000
export const NOTE_SHOWN_LENGTH_MAX = 100_000
/** What one device may write into one living message: bytes of its updates, values that it gave, letters of a note. */
export const LIVING_BYTES_PER_AUTHOR_MAX = 65_536
export const LIVING_VALUES_PER_AUTHOR_MAX = 1_024
export const NOTE_LETTERS_PER_AUTHOR_MAX = 40_000
/** Changes of one account to one living message that are looked at, the first ones in order. */
export const CHANGES_PER_ACCOUNT_MAX = 2_000
/** What is told of who changed what, the newest. */
export const LIVING_EVENTS_SHOWN_MAX = 100
/** Pairs of lines that are compared to find what was written anew in a note. */
export const COMPARED_LINES_MAX = 250_000
/** Living messages that are kept as they were read last. */
export const LIVING_KEPT_MAX = 8
