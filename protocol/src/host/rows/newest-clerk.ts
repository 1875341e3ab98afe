// Once the entries of messages that were shown ahead are in the log, each has its line, and what was shown in another place goes (docs/protocol.md §13.9).

import { keyOfLine } from '../../conversation/lines.ts'
import { AHEAD_MARKS, aheadIn, aheadRows, dropAheadMark, markedIn } from '../../node/rows/ahead.ts'
import { entryKeyOf } from '../../log/lookups.ts'
import type { ConversationId } from '../../bytes/ids.ts'
import type { Store, StoreRow, StoreWrite } from '../../ports.ts'
import type { Loop } from '../loop.ts'

/** Chats that are looked at with one turn, and turns that are let pass. */
const CHATS_AT_ONCE = 8
const TICKS_PER_TURN = 5

type Parts = {
  readonly store: Pick<Store, 'get' | 'read'>
  readonly loop: Pick<Loop, 'state' | 'ask'>
  readonly log: (line: string) => void
}

export type NewestClerk = {
  /** About once a second. */
  readonly tick: () => void
}

export function createNewestClerk({ store, loop, log }: Parts): NewestClerk {
  let [count, isBusy] = [0, false]
  /** The last chat that was looked at. */
  let last: string | undefined

  async function turn(): Promise<void> {
    const from = last === undefined ? AHEAD_MARKS.from : `${last}~`
    const marks = await store.read({ ...AHEAD_MARKS, from, limit: CHATS_AT_ONCE })
    last = marks.at(-1)?.key
    for (const mark of marks) {
      const writes = await levelOf(store, markedIn(mark))
      if (writes.length > 0) await loop.ask({ kind: 'newest-over', writes })
    }
  }

  return {
    tick() {
      count += 1
      if (isBusy || count % TICKS_PER_TURN > 0 || loop.state().circle === undefined) return
      isBusy = true
      turn()
        .catch((error: unknown) => log(`what was shown ahead is looked at again in the next turn: ${String(error)}`))
        .finally(() => (isBusy = false))
    },
  }
}

/** What is to be written about messages of a chat that were shown ahead, and whose entries are here. */
async function levelOf(store: Parts['store'], id: ConversationId): Promise<readonly StoreWrite[]> {
  const rows = await store.read(aheadRows(id))
  const over = (await Promise.all(rows.map((row) => overOf(store, id, row)))).filter((writes) => writes !== undefined)
  return [...over.flat(), ...(over.length === rows.length ? [dropAheadMark(id)] : [])]
}

async function overOf(store: Parts['store'], id: ConversationId, row: StoreRow): Promise<readonly StoreWrite[] | undefined> {
  const shown = aheadIn(row)
  if ((await store.get('entries', entryKeyOf(id, shown))) === undefined) return undefined
  const wrong = `${id}/${shown.orderKey}`
  const isRight = (await keyOfLine(store, id, shown.id)) === wrong
  return [
    { kind: 'delete', table: 'index', key: row.key },
    ...(isRight ? [] : [{ kind: 'delete', table: 'timeline', key: wrong } as const]),
  ]
}
