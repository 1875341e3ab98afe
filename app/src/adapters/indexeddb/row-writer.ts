// Seals a group of writes and puts them down in one strict transaction. Everything is sealed first, since a transaction ends at a foreign await.

import { StoreError } from '@kith/protocol'
import { isEmpty } from './records.ts'
import { nameOf, transactionDone } from './requests.ts'
import type { StoreWrite } from '@kith/protocol'
import type { Room } from '../room/room.ts'
import type { RowSeal, StoredRow, StoredShredKey } from './row-seal.ts'
import type { ShredKeys } from './shred-keys.ts'

export type RowWriterParts = { readonly database: IDBDatabase; readonly seal: RowSeal; readonly shredKeys: ShredKeys; readonly room: Room }

type SealedWrite =
  | { readonly kind: 'put'; readonly store: string; readonly key: string; readonly value: StoredRow | StoredShredKey }
  | { readonly kind: 'delete'; readonly store: string; readonly key: string | IDBKeyRange }

export function createRowWriter({ database, seal, shredKeys, room }: RowWriterParts): (writes: readonly StoreWrite[]) => Promise<void> {
  function sealWrite(one: StoreWrite): readonly SealedWrite[] {
    switch (one.kind) {
      case 'put':
        return sealPut(one)
      case 'delete':
        return [{ kind: 'delete', store: one.table, key: one.key }]
      case 'delete-range':
        return isEmpty(one) ? [] : [{ kind: 'delete', store: one.table, key: IDBKeyRange.bound(one.from, one.to, false, true) }]
      case 'shred': {
        shredKeys.destroy(one.shred)
        return [{ kind: 'delete', store: 'shreds', key: one.shred }]
      }
      case 'shred-range': {
        if (isEmpty(one)) return []
        shredKeys.destroyRange(one)
        return [{ kind: 'delete', store: 'shreds', key: IDBKeyRange.bound(one.from, one.to, false, true) }]
      }
    }
  }

  function sealPut({ table, key, value, shred }: Extract<StoreWrite, { kind: 'put' }>): readonly SealedWrite[] {
    if (shred === undefined) return [{ kind: 'put', store: table, key, value: seal.seal({ table, key }, value) }]
    const under = shredKeys.getOrCreate(shred)
    const row: SealedWrite = { kind: 'put', store: table, key, value: seal.sealShredded({ table, key }, value, { shred, key: under.key }) }
    return under.stored === undefined ? [row] : [{ kind: 'put', store: 'shreds', key: shred, value: under.stored }, row]
  }

  return async (writes) => {
    if (writes.length === 0) return
    room.claim(bytesOf(writes))
    const unknown = shredsIn(writes).filter((shred) => !shredKeys.isHeld(shred))
    if (unknown.length > 0) await shredKeys.load(database.transaction('shreds', 'readonly'), unknown)
    try {
      await putDown(database, writes.flatMap(sealWrite))
    } catch (cause) {
      // New keys among them are not on the disk.
      shredKeys.forget()
      // The browser's own limit refuses before anything is written; whatever else it was, the write may have been cut off.
      if (nameOf(cause) !== 'QuotaExceededError' && !(cause instanceof StoreError && cause.code === 'quota')) room.failed(cause)
      throw cause
    }
    // A read that began before the commit may have brought in what the commit has destroyed since.
    if (writes.some(({ kind }) => kind === 'shred-range')) shredKeys.forget()
    shredKeys.trim()
  }
}

async function putDown(database: IDBDatabase, writes: readonly SealedWrite[]): Promise<void> {
  const stores = [...new Set(writes.map(({ store }) => store))]
  const transaction = database.transaction(stores, 'readwrite', { durability: 'strict' })
  const done = transactionDone(transaction)
  try {
    for (const write of writes) putOne(transaction.objectStore(write.store), write)
  } catch (cause) {
    transaction.abort()
    await done.catch(() => undefined) // The cause says more than "aborted".
    throw cause
  }
  await done
}

function putOne(store: IDBObjectStore, write: SealedWrite): void {
  if (write.kind === 'put') store.put(write.value, write.key)
  else store.delete(write.key)
}

const shredsIn = (writes: readonly StoreWrite[]): readonly string[] =>
  writes.flatMap((write) => ((write.kind === 'put' && write.shred !== undefined) || write.kind === 'shred' ? [write.shred as string] : []))

const bytesOf = (writes: readonly StoreWrite[]): number =>
  writes.reduce((sum, one) => sum + ROW_BYTES + (one.kind === 'put' ? one.value.length : 0), 0)
/** What a row takes besides its value: key, seal, and the browser's own. */
const ROW_BYTES = 512
