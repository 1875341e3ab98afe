// Bounds of what an engine is asked for that looks for messages, each with its unit.

/** Messages that are asked for first. */
export const HITS_AT_ONCE = 40
/** Messages that the engine gives in one answer. */
export const HITS_PER_ANSWER_MAX = 100
/** Between the last letter and the search, ms. */
export const TYPING_MS = 90
/** What is shown is looked up again so often, ms: whatever was deleted is gone from it within a second. */
export const LOOK_AGAIN_MS = 600
/** A search may take this part of the time until the next one. */
export const LOOK_AGAIN_SHARE = 0.25
