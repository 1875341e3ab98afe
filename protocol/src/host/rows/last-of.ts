// Of several writes to one row the last is what is left, so only that one has to be written.

import type { StoreWrite } from '../../ports.ts'

/** In the order of `writes`; a write's place among the others matters to what deletes ranges. */
export function lastOf(writes: readonly StoreWrite[]): readonly StoreWrite[] {
  const last = new Map(writes.flatMap((write, at) => ('key' in write ? [[`${write.table}/${write.key}`, at] as const] : [])))
  return writes.filter((write, at) => !('key' in write) || last.get(`${write.table}/${write.key}`) === at)
}
