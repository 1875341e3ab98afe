// Bounds of documents, each with its unit (docs/protocol.md §9). The size of one update and the nesting are in ../limits.ts.

/** Admitted bytes of one `meta` document: what all its updates together may cost to apply. */
export const META_BYTES_MAX = 262_144
/** Admitted bytes of the account document. */
export const ACCOUNT_BYTES_MAX = 8 * 1_048_576
/** Yjs clients are 32-bit numbers, below this. */
export const CLIENT_MAX = 2 ** 32
/** Clocks and lengths inside an update stay below this. */
export const DOCUMENT_CLOCK_MAX = 2 ** 31
/** Arrays and objects inside one plain value. */
export const VALUE_NESTING_MAX = 8
/** Characters of a key in a map. */
export const KEY_LENGTH_MAX = 128
/** Bytes of a conversation's description. */
export const DESCRIPTION_BYTES_MAX = 2_048
