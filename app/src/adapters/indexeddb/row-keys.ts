// Under which key rows lie, of those that were written last: records are written again and again, and need not be read for it.

import { ROW_KEYS_HELD_MAX } from './limits.ts'
import type { KeyNumber } from './key-tree.ts'
import type { RowPlace } from './row-seal.ts'

export type RowKeys = {
  /** `unknown`: the database has to be asked. Undefined: there is no such row. */
  of(place: RowPlace): KeyNumber | undefined | 'unknown'
  set(place: RowPlace, key: KeyNumber | undefined): void
  /** Of a stretch of rows, or of all, nothing is known any more. */
  forget(stretch?: { readonly table: string; readonly from: string; readonly to: string }): void
}

export function createRowKeys(): RowKeys {
  const tables = new Map<string, Map<string, KeyNumber | undefined>>()
  let held = 0

  function inTable(table: string): Map<string, KeyNumber | undefined> {
    const rows = tables.get(table) ?? new Map<string, KeyNumber | undefined>()
    tables.set(table, rows)
    return rows
  }

  function forget(stretch?: { readonly table: string; readonly from: string; readonly to: string }): void {
    if (stretch === undefined) {
      tables.clear()
      held = 0
      return
    }
    const rows = inTable(stretch.table)
    for (const key of rows.keys()) if (key >= stretch.from && key < stretch.to && rows.delete(key)) held -= 1
  }

  return {
    of({ table, key }) {
      const rows = inTable(table)
      return rows.has(key) ? rows.get(key) : 'unknown'
    },
    set({ table, key }, number) {
      if (!inTable(table).has(key)) {
        if (held >= ROW_KEYS_HELD_MAX) forget()
        held += 1
      }
      inTable(table).set(key, number)
    },
    forget,
  }
}
