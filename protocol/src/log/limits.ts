// Bounds that only the log knows, each with its unit (docs/protocol.md §9). What devices accept from each other is in ../limits.ts.

/** Branches of one forked feed that are kept; more of them prove nothing new. */
export const FORK_BRANCHES_MAX = 8
/** Control entries in one batch; each costs a verification. */
export const CONTROLS_PER_BATCH_MAX = 64
/** Two asked-for ranges of a feed are read as one when fewer entries than this lie between them. */
export const LOOKUP_GAP_MAX = 4
/** Places that are looked up for the entries of one frame, and for those that one peer has parked in a conversation. */
export const LOOKUP_PLACES_MAX = 2_048
/** What an order key has room for: 12 digits of time and 8 of depth. */
export const ORDER_TIME_MAX = 2 ** 48 - 1
export const DEPTH_MAX = 2 ** 32 - 1
