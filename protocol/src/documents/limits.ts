// Bounds of documents, each with its unit (docs/protocol.md §9). The size of one update and the nesting are in ../limits.ts.

/** Admitted bytes of one author of a `meta` document: what all his updates together may cost to keep. */
export const META_BYTES_PER_AUTHOR_MAX = 131_072
/** Values that one author may give in a `meta` document. Yjs takes time for each pair of values that claim one place. */
export const META_VALUES_PER_AUTHOR_MAX = 1_024
/** Admitted bytes of one device in the account document. */
export const ACCOUNT_BYTES_PER_AUTHOR_MAX = 8 * 1_048_576
/** Messages that one person stars. */
export const STARS_MAX = 1_000
/** Yjs clients are below this: numbers that JavaScript counts in. */
export const CLIENT_MAX = 2 ** 53
/** Clocks and lengths inside an update stay below this. */
export const DOCUMENT_CLOCK_MAX = 2 ** 31
/** Arrays and objects inside one plain value. */
export const VALUE_NESTING_MAX = 8
/** Characters of a key in a map. */
export const KEY_LENGTH_MAX = 128
/** The longest time after which messages of a chat may go by themselves, s: a year. */
export const TIMER_SECONDS_MAX = 31_536_000
/** The shortest, s: with less, somebody who is offline loses what they write before it leaves. */
export const TIMER_SECONDS_MIN = 300
