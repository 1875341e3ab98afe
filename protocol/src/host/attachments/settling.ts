// What rows say about files is settled: what a line brings is here already or to come, what a line takes with it goes, and what was sealed for nothing too.

import { equalBytes } from '../../bytes/bytes.ts'
import { saidOf } from './lines.ts'
import { dropRow, dropStaged, goneIn, placeIn, putFiled, putGoing, readFiled, readStaged, readWanted, rowsOf } from './rows.ts'
import type { StoreRow } from '../../ports.ts'
import type { Fetching, FetchingParts } from './fetching.ts'
import type { Staged } from './rows.ts'
import type { Serving } from './serving.ts'

type SettlingParts = Pick<FetchingParts, 'store' | 'state' | 'files'> & {
  readonly fetching: Fetching
  readonly serving: Serving
  readonly logged: (work: Promise<unknown>) => Promise<void>
}

export function createSettling({ store, state, files, fetching, serving, logged }: SettlingParts) {
  /** Sealed, and waiting for their message. */
  let waiting: readonly Staged[] = []

  async function unstage(gone: readonly Staged[]): Promise<void> {
    const names = new Set(gone.map(({ file }) => file))
    waiting = waiting.filter(({ file }) => !names.has(file))
    for (const one of gone) await files.remove(one)
    // Of a chat that was erased meanwhile nothing else is left to remove where they lay.
    const { conversations } = state()
    for (const id of new Set(gone.map(({ conversation }) => conversation))) if (!conversations.has(id)) await files.removeAll(id)
    await store.commit(gone.map(dropStaged))
  }

  /** A line says that a file goes with it: an own one is here already, or it is to come. */
  async function settle({ key }: Pick<StoreRow, 'key'>): Promise<void> {
    const value = await store.get('state', key)
    // It was settled before, or its line is gone.
    if (value === undefined) return
    const place = placeIn(key)
    const said = await saidOf(store, state, place)
    const own = said && waiting.find(({ root }) => root !== undefined && equalBytes(root, said.attachment.root))
    if (own === undefined) return fetching.add(place, readWanted({ value }))
    waiting = waiting.filter((one) => one !== own)
    await store.commit([...putFiled(place, own.file), putGoing(place), dropStaged(own)])
    serving.add(place)
  }

  /** A message went: what came with it does as well. */
  async function takeAway(row: Pick<StoreRow, 'key'>): Promise<void> {
    const message = goneIn(row.key)
    const rows = (await Promise.all((['wanted', 'going', 'filed'] as const).map((kind) => store.read(rowsOf(kind, message))))).flat()
    for (const { key, value } of rows) {
      const place = placeIn(key)
      const file = fetching.file(place) ?? (key.startsWith(rowsOf('filed').from) ? readFiled(value) : undefined)
      fetching.drop(place)
      serving.drop(place)
      if (file !== undefined) await files.remove({ conversation: message.conversation, file })
    }
    await store.commit([...rows, row].map(dropRow))
  }

  return {
    settle,
    takeAway,
    unstage,
    staged: (one: Staged): void => void (waiting = [...waiting, one]),
    /** All that rows say at the start. */
    async begin(): Promise<void> {
      waiting = (await store.read(rowsOf('staged'))).map(readStaged)
      for (const { key } of await store.read(rowsOf('going'))) serving.add(placeIn(key))
      let isSettled = true
      for (const row of await store.read(rowsOf('wanted'))) {
        const settling = settle(row).catch((error: unknown) => {
          isSettled = false
          throw error
        })
        await logged(settling)
      }
      for (const row of await store.read(rowsOf('gone'))) await logged(takeAway(row))
      // What was sealed for a message that was never written: whoever asked for it asks again. It stays where the line that it belongs to may have
      // been missed.
      if (isSettled && waiting.length > 0) await logged(unstage(waiting))
    },
  }
}
