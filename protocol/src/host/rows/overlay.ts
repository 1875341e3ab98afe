// The store as it will be once some writes are in it: what a batch has to read of what it is about to commit.

import type { Store, StoreRange, StoreRow, StoreWrite, Table } from '../../ports.ts'

export type Overlay = Pick<Store, 'get' | 'read'> & {
  /** Takes writes in, after those before. Of shred keys it knows nothing. */
  readonly follow: (writes: readonly StoreWrite[]) => void
}

/** `tables`: those that are asked for; writes to others are passed over. */
export function createOverlay(store: Pick<Store, 'get' | 'read'>, tables: readonly Table[]): Overlay {
  /** What writes have left under a key; undefined for nothing. */
  const left = new Map(tables.map((table) => [table, new Map<string, Uint8Array | undefined>()]))
  const ranges: Extract<StoreWrite, { kind: 'delete-range' }>[] = []

  function take(write: StoreWrite): void {
    if (write.kind === 'shred' || write.kind === 'shred-range') return
    const rows = left.get(write.table)
    if (rows === undefined) return
    if (write.kind !== 'delete-range') return void rows.set(write.key, write.kind === 'put' ? write.value : undefined)
    ranges.push(write)
    for (const key of rows.keys()) if (isIn(key, write)) rows.set(key, undefined)
  }

  const isGone = (table: Table, key: string): boolean => ranges.some((range) => range.table === table && isIn(key, range))

  async function read(range: StoreRange): Promise<readonly StoreRow[]> {
    const { table, limit = Infinity, order = 'ascending' } = range
    const rows = left.get(table) ?? new Map<string, Uint8Array | undefined>()
    const changed = [...rows].filter(([key]) => isIn(key, range))
    const [first] = ranges.filter((gone) => gone.table === table)
    // What is gone here may be among the first rows there.
    const stored = await store.read(
      limit === Infinity || first !== undefined ? withoutLimit(range) : { ...range, limit: limit + changed.length },
    )
    const all = new Map(stored.flatMap(({ key, value }) => (isGone(table, key) ? [] : [[key, value] as const])))
    for (const [key, value] of changed) {
      if (value === undefined) all.delete(key)
      else all.set(key, value)
    }
    const keys = [...all.keys()].toSorted()
    if (order === 'descending') keys.reverse()
    return keys.slice(0, limit).map((key) => ({ key, value: all.get(key) as Uint8Array }))
  }

  return {
    async get(table, key) {
      const rows = left.get(table)
      if (rows?.has(key) === true) return rows.get(key)
      return isGone(table, key) ? undefined : store.get(table, key)
    },
    read,
    follow: (writes) => writes.forEach(take),
  }
}

const isIn = (key: string, { from, to }: { readonly from?: string; readonly to?: string }): boolean =>
  (from === undefined || key >= from) && (to === undefined || key < to)

const withoutLimit = ({ limit: _limit, ...range }: StoreRange): StoreRange => range
