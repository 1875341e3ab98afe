// Bounds of the session, each with its unit.

/** A watcher is shown at most one view in this time; what happens in between is shown at its end. */
export const VIEW_MS_MIN = 16
/** The same for a view with many new rows: this long for each of them, as a slow page takes to draw it, and so long at the most. */
export const VIEW_ROW_MS = 2
export const VIEW_MS_MAX = 120
/** A view with so many new rows is part of a flood: the next one goes out once none has come for VIEW_MS_MAX, or after this long. */
export const VIEW_FLOOD_ROWS = 30
export const VIEW_FLOOD_MS_MAX = 480
/** While something waits for the engine, it is called this often. */
export const CALL_ENGINE_MS = 3_000
/** A port that nobody has answered on after this time has not arrived. */
export const HAND_OVER_MS_MAX = 1_000
/** After this many calls without an answer, whatever waits for the engine is given up with a named error. */
export const ENGINE_CALLS_MAX = 5
/** So long a page waits for the lead before it draws: the browser answers within a few ms where no other page has it. */
export const LEAD_WAIT_MS = 20
/** The network is opened after the first view, or after this time when nobody watches. */
export const FIRST_VIEW_MS_MAX = 3_000
/** After a chat was shown, and after anything else was where no chat follows, until the network is opened, ms. */
export const DRAW_MS = 50
export const FIRST_CHAT_MS = 250
/** Once the first view is out, the page may take this long to become idle before the network is loaded. */
export const IDLE_MS_MAX = 500
/** Pauses before the network's code is asked for again when it could not be loaded. */
export const LOAD_RETRY_MS_MIN = 2_000
export const LOAD_RETRY_MS_MAX = 30_000
/** An engine that stops is started anew this many times within the window, each time after the next pause. */
export const RESTART_PAUSES_MS = [100, 1_000, 3_000] as const
export const RESTART_WINDOW_MS = 60_000
/** The same for a database that fails at writing: hammering it would only do more harm. */
export const FAILING_PAUSES_MS = [3_000] as const
/** What one engine could not read is read once more by another before anybody is told, ms. */
export const CORRUPT_PAUSES_MS = [1_000] as const
/** Before an engine that found no room looks for it again; the last pause repeats. */
export const FULL_PAUSES_MS = [1_000, 2_000, 5_000, 15_000] as const
/** How long wiping waits for the engine to end before it takes the lock by force, and for each database to go. */
export const WIPE_WAIT_MS_MAX = 5_000
/** Bytes of the relay list, relays in it, and how long the server may take to give it. */
export const RELAY_LIST_BYTES_MAX = 65_536
export const RELAYS_LISTED_MAX = 32
export const RELAY_LIST_MS_MAX = 10_000
/** How often an open page asks for a new version of itself. */
export const UPDATE_CHECK_MS = 3_600_000
/** Longer waits of a browser timer would end at once. */
export const TIMER_MS_MAX = 2_147_483_647
/** Bytes that the browser's random source gives at once. */
export const RANDOM_BYTES_MAX = 65_536
