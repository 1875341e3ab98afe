// Bounds of what a search shows, each with its unit.

/** Messages that are shown at most. */
export const HITS_SHOWN_MAX = 400
/** Chats whose name matches that are shown. */
export const CHATS_SHOWN_MAX = 5
/** Matches in one chat that are stepped through. */
export const MATCHES_MAX = 1_000
/** Letters of a text that are shown before its first match. */
export const LEAD_LENGTH = 32
