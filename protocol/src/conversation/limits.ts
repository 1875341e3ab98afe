// Bounds of the conversation's view, each with its unit (docs/protocol.md §9).

/** Unread messages of one feed that are remembered one by one; older ones are only counted. */
export const UNREAD_KEPT_MAX = 1_000
/** Entries of one feed whose bodies are awaited; more of them count as unreadable until theirs come. */
export const UNOPENED_KEPT_MAX = 1_000
/** Entries of one feed that cannot be read and are remembered one by one; nothing behind the last of so many is confirmed. */
export const UNREADABLE_KEPT_MAX = 1_000
/** Characters (UTF-16 units) of the preview in a list of conversations. */
export const PREVIEW_LENGTH_MAX = 160
/** Combining marks in a row; scripts that are really written stay well below. */
export const COMBINING_MARKS_MAX = 8
