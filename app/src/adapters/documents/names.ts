// How the databases of documents are called; apart, so that a page can find them without loading Yjs.

/** Followed by a keyed hash of the document's name, so that it tells nothing. */
export const DOCUMENT_DATABASE_PREFIX = 'kith-document-'
