// What a browser's store needs after a write that found no room. Chromium keeps all databases of a site in one log and goes on writing behind
// the torn end of it, which it later takes for damage; a log that has grown full is put away whole, tear and all. Elsewhere this does no harm.

import { MEND_ROWS, MEND_ROW_BYTES } from './limits.ts'
import { MENDING_DATABASE } from './names.ts'
import { requestDone, transactionDone } from './requests.ts'

/** Rejects with StoreError when the store is not well yet. */
export async function mendDatabases(): Promise<void> {
  const opening = indexedDB.open(MENDING_DATABASE)
  opening.onupgradeneeded = () => void opening.result.createObjectStore('rows')
  const database = await requestDone(opening)
  try {
    for (let row = 0; row < MEND_ROWS; row += MEND_ROWS_AT_ONCE) await putRows(database, row)
  } finally {
    database.close()
    await requestDone(indexedDB.deleteDatabase(MENDING_DATABASE))
  }
}

const MEND_ROWS_AT_ONCE = 20

async function putRows(database: IDBDatabase, first: number): Promise<void> {
  const transaction = database.transaction('rows', 'readwrite', { durability: 'strict' })
  const done = transactionDone(transaction)
  for (let row = first; row < first + MEND_ROWS_AT_ONCE; row += 1) {
    transaction.objectStore('rows').put(new Uint8Array(MEND_ROW_BYTES), row)
  }
  await done
}
