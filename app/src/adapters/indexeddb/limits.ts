// Bounds of the database adapter, each with its unit.

/** Waiting commits are written together up to this many writes, so that one transaction never holds the disk for long. */
export const GROUPED_WRITES_MAX = 4_096
/** Shred keys held open between commits. */
export const SHRED_KEYS_HELD_MAX = 2_048
/** How long another tab may keep an older form of the database open before opening fails as blocked. */
export const BLOCKED_MS_MAX = 5_000
/** Mending writes this many rows of so many bytes: more than a browser holds in one log, each small enough to lie in it. */
export const MEND_ROWS = 120
export const MEND_ROW_BYTES = 60_000
