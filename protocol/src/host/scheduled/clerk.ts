// Looks after messages with a date: leaves the keys of own ones with relays, lets them go when it is time, and shows those whose keys have come and whose
// date has (docs/protocol.md §5.16). While there are none it reads nothing.

import { ROWS_PER_READ_MAX } from '../../limits.ts'
import { createHolding } from './holding.ts'
import { createOpening } from './opening.ts'
import { mineIn, mineRows, OFF_ROWS } from '../../node/rows/scheduled-mine.ts'
import { SCHEDULED_KEYS } from '../../node/rows/scheduled-key.ts'
import type { StoreRow, StoreWrite } from '../../ports.ts'
import type { HoldingParts } from './holding.ts'
import type { OpeningParts } from './opening.ts'

type Parts = HoldingParts & OpeningParts & { readonly log: (line: string) => void }

export type ScheduledClerk = {
  /** About once a second. */
  readonly tick: () => void
  /** To be told of every commit, once it is durable. */
  readonly follow: (writes: readonly StoreWrite[]) => void
}

const ROWS = 'scheduled/'
const isOurs = (write: StoreWrite): boolean =>
  (write.kind === 'put' && write.table === 'state' && write.key.startsWith(ROWS)) ||
  // A chat went: what was planned in it is taken back.
  (write.kind === 'delete-range' && write.table === 'conversations')

/** With its body, which may come later than itself. */
const isEntry = (write: StoreWrite): boolean => write.kind === 'put' && (write.table === 'entries' || write.table === 'bodies')

export function createScheduledClerk(parts: Parts): ScheduledClerk {
  const { store, clock, log } = parts
  const holding = createHolding(parts)
  const { look: lookAtKeys } = createOpening(parts)
  /** Before this there is nothing to do, ms. */
  let next = 0
  let last = 0
  let isAwaiting = false
  let isBusy = false

  /** All of them: of each device so many are kept. */
  async function readKeys(): Promise<readonly StoreRow[]> {
    const all: StoreRow[] = []
    for (let from: string = SCHEDULED_KEYS.from; ;) {
      const rows = await store.read({ ...SCHEDULED_KEYS, from, limit: ROWS_PER_READ_MAX })
      all.push(...rows)
      const last = rows.at(-1)
      if (last === undefined || rows.length < ROWS_PER_READ_MAX) return all
      from = `${last.key}~`
    }
  }

  async function turn(): Promise<void> {
    next = Infinity
    for (const mine of (await store.read(mineRows())).map(mineIn)) next = Math.min(next, await holding.look(mine))
    for (const mine of (await store.read(OFF_ROWS)).map(mineIn)) next = Math.min(next, await holding.lookAtOff(mine))
    const rows = await readKeys()
    // While they are looked at, too: what comes meanwhile may have been looked for already.
    isAwaiting = rows.length > 0
    if (rows.length === 0) return
    const looked = await lookAtKeys(rows)
    isAwaiting = looked.isAwaiting
    next = Math.min(next, looked.next)
  }

  return {
    tick() {
      const now = clock()
      // A clock that was put back would have it wait for years.
      if (now < last) next = 0
      last = now
      if (isBusy || now < next) return
      isBusy = true
      turn()
        .catch((error: unknown) => {
          next = 0
          log(`scheduled messages are looked at again: ${String(error)}`)
        })
        .finally(() => (isBusy = false))
    },
    follow(writes) {
      if (writes.some(isOurs) || (isAwaiting && writes.some(isEntry))) next = 0
    },
  }
}
