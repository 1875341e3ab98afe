// Bounds of the room adapter, each with its unit.

/** Room that has to be there beyond what a write itself takes, bytes: databases write more than they are given. */
export const ROOM_TO_WRITE_BYTES_MIN = 4 * 1_048_576
/** Room that has to be there before a database is opened, bytes: opening writes too. */
export const ROOM_TO_OPEN_BYTES_MIN = 8 * 1_048_576
/** Room that has to be there before databases are mended, bytes. */
export const ROOM_TO_MEND_BYTES_MIN = 24 * 1_048_576
/** Room that was found counts for this long, ms: in a private window, where the file lies in another process, a look takes 12 ms and more. */
export const ROOM_WINDOW_MS = 1_000
/** Room that was found counts for this many written bytes. */
export const ROOM_SPENT_BYTES_MAX = 1_048_576
/** How often it is looked whether there is room again. */
export const ROOM_RETRY_MS = 1_000
/** Another engine that has just ended may hold the file for a moment longer: how often, and how soon, it is asked for again. */
export const GROUND_TRIES_MAX = 10
export const GROUND_RETRY_MS = 100
