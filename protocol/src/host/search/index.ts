// The search index and all that reads it, loaded when it is first needed (package export `@kith/protocol/search`).

export { openIndexer } from './indexer.ts'
