import 'fake-indexeddb/auto'
import { expect, test, vi } from 'vitest'
import { MEND_ROWS, MEND_ROW_BYTES } from './limits.ts'
import { mendDatabases } from './mend.ts'

/** Chromium holds at most so much in one log. */
const LOG_BYTES = 4 * 1_048_576
/** What is longer does not go into the log. */
const IN_LOG_BYTES = 65_536

test('mending writes more than one log holds, in rows that lie in it, and leaves nothing behind', async () => {
  expect(MEND_ROWS * MEND_ROW_BYTES).toBeGreaterThan(LOG_BYTES)
  expect(MEND_ROW_BYTES).toBeLessThan(IN_LOG_BYTES)
  // Whatever other tests have left.
  const before = await indexedDB.databases()
  const put = vi.spyOn(IDBObjectStore.prototype, 'put')
  await mendDatabases()
  expect(put).toHaveBeenCalledTimes(MEND_ROWS)
  expect(await indexedDB.databases()).toEqual(before)
  put.mockRestore()
})
