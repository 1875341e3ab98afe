// Keeps the index of all messages level with the timeline, in the background: a little at a time, with a pause for everybody else after each. What went comes
// first; the newest messages wait until there are enough of them for a segment, and are looked through as they are until then.

import { DecodeError } from '../../bytes/codec.ts'
import { ROWS_PER_READ_MAX } from '../../limits.ts'
import { StoreError } from '../../ports.ts'
import { openCatalog } from './catalog.ts'
import { createFinder } from './find-messages.ts'
import { LETTERS_AT_ONCE } from './limits.ts'
import { messagesIn } from './lines.ts'
import { MARKS, readMark } from './marks.ts'
import { dueForMerge, dueToBeFew, mergeInto } from './merging.ts'
import { addSegment, reconcile } from './reconcile.ts'
import type { StoreRow, Timer } from '../../ports.ts'
import type { Catalog } from './catalog.ts'
import type { Indexer, IndexerParts } from './keeper.ts'
import type { PlacedMessage } from './lines.ts'
import type { Mark } from './marks.ts'

/** Lines that are brought into the index at once. */
const LINES_AT_ONCE = 256
const PAUSE_MS = 1
/** After something was taken out: whoever deletes one message after the other has several taken out together, ms. */
const REST_MS = 250
/** Without room on the disk, or after a fault, ms. */
const AGAIN_MS = 10_000

export async function openIndexer({ store, state, timer, clock, log }: IndexerParts): Promise<Indexer> {
  const catalog = await openCatalog(store)
  const marks = new Map<string, Mark>()
  let isStopped = false
  let running: Promise<void> | undefined
  /** Since it was last looked what is to be done. */
  let isAsked = false
  let isToRebuild = false
  /** All was read in: what came of it in parts is put together once, which takes least room. */
  let isToBeFew = false

  const { pause, end } = createPauses(timer)
  const urgent = () => new Map([...marks].filter(([, mark]) => isUrgent(mark)))
  const pauseOfMerge = async () => (await pause(), isStopped || urgent().size > 0 ? ('stop' as const) : ('on' as const))
  const reconciled = async (some: ReadonlyMap<string, Mark>): Promise<void> => {
    await reconcile({ store, catalog, pause: () => pause() }, some)
    for (const key of some.keys()) marks.delete(key)
  }

  /** One thing that is to be done; false where there is none. */
  async function doNext(): Promise<boolean> {
    if (isToRebuild) {
      await catalog.clear()
      marks.clear()
      isToRebuild = false
    }
    await catalog.dropUnfinished()
    const first = firstOf(urgent())
    const merge = dueForMerge(catalog.heads()) ?? (isToBeFew ? dueToBeFew(catalog.heads()) : undefined)
    if (first.size > 0) {
      await reconciled(first)
      await pause(REST_MS)
    } else if (linesOf(marks.values()) >= LINES_AT_ONCE) await reconciled(firstOf(marks))
    else if (merge !== undefined) await mergeInto(catalog, merge, pauseOfMerge)
    else if (catalog.cursor() !== undefined) {
      await readOn(store, catalog)
      isToBeFew = catalog.cursor() === undefined
    } else {
      isToBeFew = false
      return false
    }
    return true
  }

  async function work(): Promise<void> {
    try {
      do {
        await pause()
        isAsked = false
      } while (!isStopped && ((await doNext()) || isAsked))
    } catch (error) {
      if (error instanceof StoreError && error.code !== 'quota') return
      log(`the search index waits: ${String(error)}`)
      isToRebuild ||= error instanceof DecodeError
      timer(AGAIN_MS, wake)
    } finally {
      running = undefined
    }
  }

  function wake(): void {
    isAsked = true
    if (!isStopped) running ??= work()
  }

  function follow(rows: readonly StoreRow[]): void {
    for (const row of rows) marks.set(row.key, readMark(row))
    wake()
  }

  function rebuild(): void {
    isToRebuild = true
    wake()
  }

  await readMarks(store, follow)
  wake()
  const finder = createFinder({ store, state, clock, catalog, marks, rebuild })
  return {
    follow,
    find: finder,
    async stop() {
      isStopped = true
      end()
      await running
    },
  }
}

/** Lets everybody else have their turn; `end`: from now on there are no pauses, and one that is under way is over. */
function createPauses(timer: Timer): { readonly pause: (ms?: number) => Promise<void>; readonly end: () => void } {
  let goOn = (): void => undefined
  let isOver = false
  return {
    pause: (ms = PAUSE_MS) =>
      new Promise((resolve) => {
        if (isOver) return resolve()
        const cancel = timer(ms, resolve)
        goOn = () => (cancel(), resolve())
      }),
    end() {
      isOver = true
      goOn()
    },
  }
}

const isUrgent = ({ lines, chats }: Mark): boolean => chats.length > 0 || lines.some(({ isGone }) => isGone)

function linesOf(marks: Iterable<Mark>): number {
  let lines = 0
  for (const mark of marks) lines += mark.lines.length
  return lines
}

/** As many as are brought into the index at once. */
function firstOf(marks: ReadonlyMap<string, Mark>): ReadonlyMap<string, Mark> {
  const first = new Map<string, Mark>()
  let lines = 0
  for (const [key, mark] of marks) {
    if (first.size > 0 && lines + mark.lines.length > LINES_AT_ONCE) break
    first.set(key, mark)
    lines += mark.lines.length
  }
  return first
}

async function readMarks(store: IndexerParts['store'], follow: (rows: readonly StoreRow[]) => void): Promise<void> {
  for (let from: string | undefined = MARKS.from; from !== undefined;) {
    const rows: readonly StoreRow[] = await store.read({ ...MARKS, from, limit: ROWS_PER_READ_MAX })
    follow(rows)
    from = rows.length < ROWS_PER_READ_MAX ? undefined : `${rows.at(-1)?.key}~`
  }
}

/** Reads on in the timeline, where the index is built for the first time. */
async function readOn(store: IndexerParts['store'], catalog: Catalog): Promise<void> {
  const messages: PlacedMessage[] = []
  let cursor = catalog.cursor()
  for (let letters = 0; cursor !== undefined && messages.length < LINES_AT_ONCE && letters < LETTERS_AT_ONCE;) {
    const rows: readonly StoreRow[] = await store.read({ table: 'timeline', from: cursor, limit: ROWS_PER_READ_MAX / 4 })
    const found = messagesIn(rows)
    messages.push(...found)
    letters += found.reduce((sum, { row }) => sum + row.content.text.length, 0)
    const last = rows.at(-1)
    cursor = last === undefined || rows.length < ROWS_PER_READ_MAX / 4 ? undefined : `${last.key}~`
  }
  await catalog.commit((writer) => {
    addSegment(writer, messages)
    writer.set({ cursor })
  })
}
