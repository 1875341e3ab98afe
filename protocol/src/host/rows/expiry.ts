// Lets what is to go after its time go: from an index in the order of that time, so that it costs nothing while none is due, and a few at a time.

import { EXPIRED_AT_ONCE_MAX } from '../../limits.ts'
import { entryKeyOf } from '../../log/lookups.ts'
import { dueOf, expiriesUntil, isExpiry, readExpiry } from '../../node/rows/expiry.ts'
import type { DueRow } from '../../node/input.ts'
import type { Clock, Store, StoreRow, StoreWrite } from '../../ports.ts'
import type { Loop } from '../loop.ts'

type Parts = {
  readonly store: Pick<Store, 'get' | 'read'>
  readonly loop: Pick<Loop, 'state' | 'ask'>
  readonly clock: Clock
  readonly log: (line: string) => void
}

export type Expiries = {
  /** At the start, and about once a second. All that is due goes; what fails is tried with the next call. */
  readonly tick: () => void
  /** To be told of every commit, once it is durable. */
  readonly follow: (writes: readonly StoreWrite[]) => void
}

export function createExpiries({ store, loop, clock, log }: Parts): Expiries {
  /** Before this nothing goes, ms. */
  let next = 0
  let last = 0
  /** Since the clock was put back; at the start it may have been. */
  let isSuspect = true
  let isBusy = false

  async function letGo(): Promise<void> {
    if (isSuspect) await beginAnew()
    next = Infinity
    for (;;) {
      const rows = await store.read({ ...expiriesUntil(clock()), limit: EXPIRED_AT_ONCE_MAX })
      if (rows.length > 0) await loop.ask({ kind: 'expire', due: await Promise.all(rows.map(dueFrom)), early: [] })
      if (rows.length < EXPIRED_AT_ONCE_MAX) break
    }
    const [first] = await store.read({ ...expiriesUntil(Infinity), limit: 1 })
    if (first !== undefined) next = Math.min(next, dueOf(first))
  }

  async function dueFrom(row: StoreRow): Promise<DueRow> {
    const expiry = readExpiry(row)
    const isOwn = expiry.device === loop.state().self.device.id
    return { row, stored: isOwn ? await store.get('entries', entryKeyOf(expiry.conversation, expiry)) : undefined }
  }

  // What came by a clock that was far ahead is among the last to go.
  async function beginAnew(): Promise<void> {
    isSuspect = false
    for (let to: string = expiriesUntil(Infinity).to; ;) {
      const rows = await store.read({ ...expiriesUntil(Infinity), to, limit: EXPIRED_AT_ONCE_MAX, order: 'descending' })
      const early = rows.filter((row) => readExpiry(row).since > clock())
      if (early.length > 0) await loop.ask({ kind: 'expire', due: [], early })
      const lowest = rows.at(-1)
      if (early.length === 0 || lowest === undefined) return
      to = lowest.key
    }
  }

  return {
    tick() {
      const now = clock()
      if (now < last) isSuspect = true
      last = now
      if (isBusy || (now < next && !isSuspect)) return
      isBusy = true
      letGo()
        .catch((error: unknown) => {
          next = 0
          isSuspect = true
          log(`what is to go stays for now: ${String(error)}`)
        })
        .finally(() => (isBusy = false))
    },
    follow(writes) {
      for (const write of writes) if (isExpiry(write)) next = Math.min(next, dueOf(write))
    },
  }
}
