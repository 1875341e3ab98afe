// Bounds of a copy of a chat.

/** Messages that are read, and made into text, before anything else has its turn. */
export const EXPORT_PAGE_MESSAGES = 200
