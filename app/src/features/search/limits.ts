// Bounds of what a search shows, each with its unit.

/** Messages that are asked for first, and shown at most. */
export const HITS_AT_ONCE = 40
/** Messages that the engine gives in one answer. */
export const HITS_PER_ANSWER_MAX = 100
export const HITS_SHOWN_MAX = 400
/** Chats whose name matches that are shown. */
export const CHATS_SHOWN_MAX = 5
/** Matches in one chat that are stepped through. */
export const MATCHES_MAX = 1_000
/** Between the last letter and the search, ms. */
export const TYPING_MS = 90
/** What is shown is looked up again so often, ms: whatever was deleted is gone from it within a second. */
export const LOOK_AGAIN_MS = 600
/** A search may take this part of the time until the next one. */
export const LOOK_AGAIN_SHARE = 0.25
/** Letters of a text that are shown before its first match. */
export const LEAD_LENGTH = 32
