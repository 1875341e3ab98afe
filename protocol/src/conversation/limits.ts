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
/** Emoji with which one account has reacted to one message, those taken back included: the newest ones in order. */
export const REACTIONS_KEPT_MAX = 16
/** Kinds of emoji on one message that the page is given, the most frequent ones. */
export const REACTIONS_SHOWN_MAX = 32
/** Edits of one message, the newest ones in order: the last is shown, the others are its history. What older ones said is shredded. */
export const EDITS_KEPT_MAX = 20
/** Mentions in one message, the first ones; the others are plain words. */
export const MENTIONS_PER_MESSAGE_MAX = 50
/** Characters (UTF-16 units) of a message that those who answer it are shown of it. */
export const QUOTE_LENGTH_MAX = 160
