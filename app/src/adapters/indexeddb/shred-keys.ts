// The shred keys as they will be after every commit that was sealed so far: made when first needed, forgotten when destroyed.

import { SHRED_KEYS_HELD_MAX } from './limits.ts'
import { requestDone } from './requests.ts'
import type { RowSeal, ShredKey, StoredShredKey } from './row-seal.ts'

export type ShredKeys = {
  /** Reads those of `shreds` that are not known yet. `transaction` must cover the table of shred keys. */
  load(transaction: IDBTransaction, shreds: Iterable<string>): Promise<void>
  isKnown(shred: string): boolean
  /** Only after {@link load}. */
  get(shred: string): ShredKey | undefined
  /** Only after {@link load}. `stored`: to be written when the key is new. */
  getOrCreate(shred: string): { readonly key: ShredKey; readonly stored: StoredShredKey | undefined }
  destroy(shred: string): void
  /** Drops what is beyond the bound; only while no commit is between sealing and the disk. */
  trim(): void
}

export function createShredKeys(seal: RowSeal): ShredKeys {
  // A name that maps to undefined is known to have no key.
  const held = new Map<string, ShredKey | undefined>()

  async function loadOne(store: IDBObjectStore, shred: string): Promise<void> {
    const stored: unknown = await requestDone(store.get(shred))
    // A commit that was sealed meanwhile knows better than the disk.
    if (held.has(shred)) return
    held.set(shred, stored === undefined ? undefined : seal.openShredKey(shred, stored))
  }

  return {
    async load(transaction, shreds) {
      const missing = [...new Set(shreds)].filter((shred) => !held.has(shred))
      if (missing.length === 0) return
      const store = transaction.objectStore('shreds')
      await Promise.all(missing.map((shred) => loadOne(store, shred)))
    },
    isKnown: (shred) => held.has(shred),
    get: (shred) => held.get(shred),
    getOrCreate(shred) {
      const known = held.get(shred)
      if (known !== undefined) return { key: known, stored: undefined }
      const { key, stored } = seal.createShredKey(shred)
      held.set(shred, key)
      return { key, stored }
    },
    destroy(shred) {
      held.get(shred)?.key.fill(0)
      held.set(shred, undefined)
    },
    trim() {
      if (held.size > SHRED_KEYS_HELD_MAX) held.clear()
    },
  }
}
