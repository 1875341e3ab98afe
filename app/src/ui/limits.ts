/** After this time a part of the page that did not come is fetched again, each time after twice as long, ms. */
export const PART_RETRY_MS = 1_000
/** No longer than that, ms. */
export const PART_RETRY_MS_MAX = 30_000
