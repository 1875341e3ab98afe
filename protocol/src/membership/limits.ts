// Bounds that only the membership of groups knows (docs/protocol.md §11).

/** Accounts that one `grant` names. */
export const GRANT_ITEMS_MAX = 128
/** Accounts that one `remove` names, and cuts for each: a device has one, and one more for each branch that a fork left. */
export const REMOVE_ITEMS_MAX = 64
export const CUTS_PER_ACCOUNT_MAX = 32
/** People whom one link lets in: as many as a group holds. */
export const LINK_USES_MAX = 500
/** Weight of the acts of one feed; what goes beyond is refused, so that one device makes others compute and keep no more than this. */
export const FEED_WEIGHT_MAX = 10_000
