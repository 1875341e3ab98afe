// Bounds of the room adapter, each with its unit.

/** Room that has to be there beyond what a write itself takes, bytes: databases write more than they are given. */
export const ROOM_TO_WRITE_BYTES_MIN = 4 * 1_048_576
/** Room that has to be there before a database is opened, bytes: opening writes too. */
export const ROOM_TO_OPEN_BYTES_MIN = 8 * 1_048_576
/** Room that has to be there before databases are mended, bytes. */
export const ROOM_TO_MEND_BYTES_MIN = 24 * 1_048_576
/** Room that was found counts for this long at least, ms. */
export const ROOM_WINDOW_MS = 1_000
/** Looks take at most this share of the time: in a private window, whose files lie in the memory of another process, one takes 0.1 s and more. */
export const ROOM_LOOKS_SHARE_MAX = 1 / 50
/** Room that was found counts for this many written bytes. */
export const ROOM_SPENT_BYTES_MAX = 1_048_576
/** So many pieces of a look, of 256 KiB each, are a probe. */
export const ROOM_PROBE_PIECES = 4
/** One that takes this long is that of a private window, ms. A disk takes a fifth of it: what is written goes no further than the system's memory. */
export const ROOM_SLOW_PROBE_MS_MIN = 6
/** Where the last look was slow, opening and what is written for this long go without one, ms. A write that fails is mended there, too. */
export const ROOM_UNSEEN_MS = 10_000
/** And so many written bytes: a device that catches up writes megabytes, and would look again for each. */
export const ROOM_UNSEEN_BYTES_MAX = 8 * 1_048_576
/** How often it is looked whether there is room again. */
export const ROOM_RETRY_MS = 1_000
/** Another engine that has just ended may hold the file for a moment longer: how often, and how soon, it is asked for again. */
export const GROUND_TRIES_MAX = 10
export const GROUND_RETRY_MS = 100
