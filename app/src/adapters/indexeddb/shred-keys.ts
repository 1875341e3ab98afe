// The shred keys as they will be after every commit that was sealed so far: made when first needed, forgotten when destroyed.

import { SHRED_KEYS_HELD_MAX } from './limits.ts'
import { requestDone } from './requests.ts'
import type { RowSeal, ShredKey, StoredShredKey } from './row-seal.ts'

export type ShredKeys = {
  /** Reads those of `shreds` that are not held yet. `transaction` must cover the table of shred keys. Names without a key are left out. */
  load(transaction: IDBTransaction, shreds: Iterable<string>): Promise<ReadonlyMap<string, ShredKey>>
  isHeld(shred: string): boolean
  /** Only of one that is held. `stored`: to be written when the key is new. */
  getOrCreate(shred: string): { readonly key: ShredKey; readonly stored: StoredShredKey | undefined }
  destroy(shred: string): void
  /** Those from `from` on and before `to`, held or not. */
  destroyRange(range: { readonly from: string; readonly to: string }): void
  /** Drops all, to be read from the disk again. As for {@link ShredKeys.trim}. */
  forget(): void
  /** Drops what is beyond the bound; only while no commit is between sealing and the disk. */
  trim(): void
}

export function createShredKeys(seal: RowSeal): ShredKeys {
  // A name that maps to undefined is known to have no key.
  const held = new Map<string, ShredKey | undefined>()

  async function loadOne(transaction: IDBTransaction, shred: string): Promise<ShredKey | undefined> {
    if (held.has(shred)) return held.get(shred)
    const stored: unknown = await requestDone(transaction.objectStore('shreds').get(shred))
    // A commit that was sealed meanwhile knows better than the disk.
    if (held.has(shred)) return held.get(shred)
    const key = stored === undefined ? undefined : seal.openShredKey(shred, stored)
    held.set(shred, key)
    return key
  }

  return {
    async load(transaction, shreds) {
      const names = [...new Set(shreds)]
      const keys = await Promise.all(names.map((shred) => loadOne(transaction, shred)))
      return new Map(names.flatMap((name, i): readonly [string, ShredKey][] => (keys[i] === undefined ? [] : [[name, keys[i]]])))
    },
    isHeld: (shred) => held.has(shred),
    getOrCreate(shred) {
      const known = held.get(shred)
      if (known !== undefined) return { key: known, stored: undefined }
      const { key, stored } = seal.createShredKey(shred)
      held.set(shred, key)
      return { key, stored }
    },
    destroy(shred) {
      // Not overwritten: a read on its way may still be using it.
      held.set(shred, undefined)
    },
    destroyRange({ from, to }) {
      for (const shred of held.keys()) if (shred >= from && shred < to) held.set(shred, undefined)
    },
    forget: () => held.clear(),
    trim() {
      if (held.size > SHRED_KEYS_HELD_MAX) held.clear()
    },
  }
}
