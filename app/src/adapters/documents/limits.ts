// Bounds of the documents adapter, each with its unit.

/** A document's list of sealed updates longer than this is replaced by one sealed snapshot. */
export const DOCUMENT_UPDATES_MAX = 64
/** Documents kept open between uses; each holds a database connection. */
export const OPEN_DOCUMENTS_MAX = 32
/** How long a document's database may take to open before it counts as unreadable. */
export const DOCUMENT_OPEN_MS_MAX = 10_000
/** What was deleted in a document goes with the key of its updates, at the latest this long after. */
export const DOCUMENT_TIDY_MS = 60_000
