// Bounds of the database adapter, each with its unit.

/** Waiting commits are written together up to this many writes, so that one transaction never holds the disk for long. */
export const GROUPED_WRITES_MAX = 4_096
/** Groups of keys held open between commits. */
export const KEY_GROUPS_HELD_MAX = 2_048
/** Rows of which it is remembered under which key they lie, so that writing them anew reads nothing. */
export const ROW_KEYS_HELD_MAX = 8_192
/** Keys that one row of keys may hold: of sections in the root, of groups in a section. */
export const KEY_NODES_MAX = 65_536
/** What was overwritten is forgotten at the latest this long after. */
export const FORGET_MS = 60_000
/** Rows read, or sealed anew, at once. */
export const ROWS_AT_ONCE = 256
/** From so many new rows whose keys begin alike, it is asked once whether anything lies between them, and not for each. */
export const STRETCH_ROWS_MIN = 8
/** How long another tab may keep an older form of the database open before opening fails as blocked. */
export const BLOCKED_MS_MAX = 5_000
/** Mending writes this many rows of so many bytes: more than a browser holds in one log, each small enough to lie in it. */
export const MEND_ROWS = 120
export const MEND_ROW_BYTES = 60_000
