// What a document's updates are sealed under: a key that is a row of the store, and a new one whenever the list of updates becomes one snapshot. So
// what was deleted in the document goes with the old key, like any row that is overwritten (docs/decisions/0029-erasure.md).

import { concatBytes, derive, labelMac, openNamed, sealNamed, StoreError, toHex, utf8ToBytes } from '@kith/protocol'
import { DOCUMENT_DATABASE_PREFIX } from './names.ts'
import type { Random, Store } from '@kith/protocol'

export type DocumentSealParts = {
  readonly vaultKey: Uint8Array
  readonly random: Random
  readonly store: Pick<Store, 'get' | 'commit'>
}

export type DocumentSeal = {
  /** True while something in the database may lie under an older key than the newest. */
  isMixed(): boolean
  seal(update: Uint8Array): Uint8Array
  /** Throws {@link StoreError} `corrupt`. */
  open(item: unknown): Uint8Array
  /** Under a new key, `act` replaces all that is in the database. Afterwards the old one is gone. */
  renew(act: () => Promise<void>): Promise<void>
}

const KEY_BYTES = 32
const NONCE_BYTES = 24

/** Tells nothing of the document's name: only this device can hash it. */
export function databaseNameOf({ vaultKey }: Pick<DocumentSealParts, 'vaultKey'>, name: string): string {
  const key = derive(vaultKey, new Uint8Array(0), 'kith document names', KEY_BYTES)
  return DOCUMENT_DATABASE_PREFIX + toHex(labelMac(key, 'name', utf8ToBytes(name)).subarray(0, 16))
}

/** Rejects with {@link StoreError}. */
export async function openDocumentSeal({ vaultKey, random, store }: DocumentSealParts, name: string): Promise<DocumentSeal> {
  const row = { table: 'state', key: keyRowOf(databaseNameOf({ vaultKey }, name)) } as const
  const associated = concatBytes(utf8ToBytes('document'), Uint8Array.of(0), utf8ToBytes(name))
  const stored = await store.get(row.table, row.key)
  let keys = stored === undefined ? { newest: random(KEY_BYTES), older: [firstKey(vaultKey)] } : keysIn(stored)
  if (stored === undefined) await keep()

  function keep(): Promise<void> {
    return store.commit([{ kind: 'put', ...row, value: concatBytes(keys.newest, ...keys.older) }])
  }

  return {
    isMixed: () => keys.older.length > 0,
    seal: (update) => sealNamed(keys.newest, random(NONCE_BYTES), update, associated),
    open(item) {
      for (const key of [keys.newest, ...keys.older]) {
        const update = item instanceof Uint8Array ? openNamed(key, item, associated) : undefined
        if (update !== undefined) return update
      }
      throw new StoreError('corrupt', 'an update of a document is not as it was sealed')
    },
    async renew(act) {
      keys = { newest: random(KEY_BYTES), older: [keys.newest, ...keys.older] }
      await keep()
      await act()
      keys = { newest: keys.newest, older: [] }
      await keep()
    },
  }
}

export async function forgetDocumentSeal({ vaultKey, store }: DocumentSealParts, name: string): Promise<void> {
  await store.commit([{ kind: 'delete', table: 'state', key: keyRowOf(databaseNameOf({ vaultKey }, name)) }])
}

const keyRowOf = (databaseName: string): string => `document-key/${databaseName}`
/** Up to version 0.1 there was one key for all documents, and for ever. */
const firstKey = (vaultKey: Uint8Array): Uint8Array => derive(vaultKey, new Uint8Array(0), 'kith documents', KEY_BYTES)

function keysIn(stored: Uint8Array): { readonly newest: Uint8Array; readonly older: readonly Uint8Array[] } {
  const keys = Array.from({ length: stored.length / KEY_BYTES }, (_, i) => stored.subarray(i * KEY_BYTES, (i + 1) * KEY_BYTES))
  const [newest, ...older] = keys
  if (newest === undefined) throw new StoreError('corrupt', 'the key of a document is missing')
  return { newest, older }
}
