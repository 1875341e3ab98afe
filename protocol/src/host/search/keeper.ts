// What of the search is there from the start: the marks that commits leave for the index. The rest is loaded when there is time for it, or when somebody searches
// or something is deleted.

import { createMarks, isMark, readMark } from './marks.ts'
import type { SearchOutcome, SearchQuery } from '../../engine.ts'
import type { NodeState } from '../../node/state.ts'
import type { Clock, Random, Store, StoreRow, Timer } from '../../ports.ts'

export type IndexerParts = {
  readonly store: Store
  readonly state: () => NodeState
  readonly clock: Clock
  readonly timer: Timer
  readonly log: (line: string) => void
}

export type Indexer = {
  /** To be told of marks once they are durable. */
  readonly follow: (marks: readonly StoreRow[]) => void
  readonly find: (query: SearchQuery) => Promise<SearchOutcome>
  /** Resolves when nothing will be written any more. */
  readonly stop: () => Promise<void>
}

export type OpenIndexer = (parts: IndexerParts) => Promise<Indexer>

export type SearchKeeper = {
  /** The same store, whose commits leave marks. */
  readonly store: Store
  readonly find: (query: SearchQuery) => Promise<SearchOutcome>
  readonly stop: () => Promise<void>
}

/** The first screen comes first, ms. */
const START_MS = 5_000

type KeeperParts = IndexerParts & {
  readonly random: Random
  /** Left out: there is no index, and nothing is kept for one. */
  readonly load: (() => Promise<OpenIndexer>) | undefined
}

export const createSearchKeeper = ({ load, ...parts }: KeeperParts): SearchKeeper =>
  load === undefined
    ? { store: parts.store, find: () => Promise.resolve(UNAVAILABLE), stop: () => Promise.resolve() }
    : createKeeper(load, parts)

function createKeeper(load: () => Promise<OpenIndexer>, { random, ...parts }: Omit<KeeperParts, 'load'>): SearchKeeper {
  const { store, timer, log } = parts
  const marksOf = createMarks(random)
  let indexer: Promise<Indexer | undefined> | undefined
  let isStopped = false

  // One that could not be loaded is tried with the next mark or search.
  function start(): Promise<Indexer | undefined> {
    if (isStopped) return Promise.resolve(undefined)
    indexer ??= load()
      .then((open) => open(parts))
      .catch((error: unknown) => {
        indexer = undefined
        log(`the search index is not open: ${String(error)}`)
        return undefined
      })
    return indexer
  }

  const cancel = timer(START_MS, () => void start())

  return {
    store: {
      ...store,
      async commit(writes) {
        const marks = marksOf(writes).filter(isMark)
        await store.commit(marks.length === 0 ? writes : [...writes, ...marks])
        if (marks.length === 0) return
        if (indexer !== undefined || marks.some(isUrgent)) void start().then((open) => open?.follow(marks))
      },
    },
    find: async (query) => (await start())?.find(query) ?? UNAVAILABLE,
    async stop() {
      isStopped = true
      cancel()
      await (await indexer)?.stop()
    },
  }
}

const UNAVAILABLE: SearchOutcome = { kind: 'refused', reason: 'unavailable' }

const isUrgent = (row: StoreRow): boolean => {
  const { lines, chats } = readMark(row)
  return chats.length > 0 || lines.some(({ isGone }) => isGone)
}
