// Handles in the storage that lives in memory.

import { equalBytes } from '@kith/protocol'
import type { Ask, HandleOutcome, StorageOperations } from './storage.ts'

type Row = Pick<Ask<'putHandle'>, 'handle' | 'account' | 'issued' | 'isListed' | 'claim' | 'expires' | 'freeAt'>

export type MemoryHandles = Pick<StorageOperations, 'putHandle' | 'getHandle' | 'listHandles'> & { readonly sweep: (now: number) => void }

export function createMemoryHandles(): MemoryHandles {
  const rows = new Map<string, Row>()

  const othersOf = ({ account, key, now }: Ask<'putHandle'>): readonly Row[] =>
    [...rows].filter(([other, row]) => other !== key && row.freeAt > now && equalBytes(row.account, account)).map(([, row]) => row)

  return {
    putHandle({ key, now, perAccount, ...row }): HandleOutcome {
      const found = rows.get(key)
      const old = found && found.freeAt > now ? found : undefined
      if (old && !equalBytes(old.account, row.account)) return 'taken'
      if (old && row.issued < old.issued) return 'stale'
      if (old && row.issued === old.issued) return equalBytes(row.claim, old.claim) ? 'stored' : 'stale'
      const others = othersOf({ key, now, perAccount, ...row })
      if (row.claim.length > 0 && others.some(({ expires }) => expires > now)) return 'full'
      if (!old && others.length >= perAccount) return 'full'
      rows.set(key, row)
      return 'stored'
    },
    getHandle({ key, now }) {
      const row = rows.get(key)
      return row && row.expires > now ? row.claim : undefined
    },
    listHandles: ({ prefix, now, rows: most }) =>
      [...rows]
        .filter(([key, { isListed, expires }]) => isListed && expires > now && key.startsWith(prefix))
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .slice(0, most)
        .map(([, { handle }]) => handle),
    sweep(now) {
      for (const [key, { freeAt }] of rows) if (freeAt <= now) rows.delete(key)
    },
  }
}
