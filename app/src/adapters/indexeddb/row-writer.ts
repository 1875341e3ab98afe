// Puts a group of writes down in one strict transaction. The keys of what they replaced are forgotten: before it answers where something was taken
// away, else within a minute.

import { lastOf, StoreError } from '@kith/protocol'
import { FORGET_MS } from './limits.ts'
import { abort, nameOf, transactionDone } from './requests.ts'
import { applyAll, storesFor } from './row-transaction.ts'
import { createRowKeys } from './row-keys.ts'
import type { StoreWrite, Timer } from '@kith/protocol'
import type { Room } from '../room/room.ts'
import type { EraseKeys } from './erase-keys.ts'

export type RowWriterParts = {
  readonly database: IDBDatabase
  readonly keys: EraseKeys
  readonly room: Room
  readonly timer: Timer
  /** Has the writer called in its turn, with nothing to write. */
  readonly wake: () => void
}

export function createRowWriter({ database, keys, room, timer, wake }: RowWriterParts): (writes: readonly StoreWrite[]) => Promise<void> {
  const opened = { keys, rowKeys: createRowKeys() }
  /** Of the keys that were noted: `due`, they are to be forgotten now. */
  let noted: 'none' | 'waiting' | 'due' = 'none'
  let isRefused = false

  async function write(writes: readonly StoreWrite[]): Promise<void> {
    await takeBackRefused()
    room.claim(bytesOf(writes))
    try {
      await putDown(writes)
    } catch (cause) {
      isRefused = true
      opened.rowKeys.forget()
      throw cause
    }
  }

  // Before anything else is done with the keys: what the refused write would have replaced is still there, under keys that it noted as unneeded.
  async function takeBackRefused(): Promise<void> {
    if (isRefused) await keys.takeBack()
    isRefused = false
  }

  async function putDown(writes: readonly StoreWrite[]): Promise<void> {
    const transaction = database.transaction(storesFor(keys, writes), 'readwrite', { durability: 'strict' })
    const done = transactionDone(transaction)
    try {
      await applyAll(opened, transaction, writes)
    } catch (cause) {
      abort(transaction)
      await done.catch(() => undefined) // The cause says more than "aborted".
      throw cause
    }
    await done
  }

  async function forget(): Promise<void> {
    try {
      await takeBackRefused()
      room.claim(FORGET_BYTES)
      await keys.forget()
      noted = 'none'
    } catch (cause) {
      // What is noted stays so. Without room it is forgotten when there is some again, and what was written is there all the same.
      if (!isQuota(cause)) throw cause
      later()
    }
  }

  function later(): void {
    noted = 'waiting'
    timer(FORGET_MS, () => {
      noted = 'due'
      wake()
    })
  }

  return async (writes) => {
    try {
      if (writes.length > 0) await write(lastOf(writes))
      if (noted === 'due' || writes.some(({ kind }) => kind !== 'put')) await forget()
      else if (noted === 'none' && writes.length > 0) later()
    } catch (cause) {
      // The browser's own limit refuses before anything is written; whatever else it was, the write may have been cut off.
      if (!isQuota(cause)) room.failed(cause)
      throw cause
    }
  }
}

const isQuota = (cause: unknown): boolean =>
  nameOf(cause) === 'QuotaExceededError' || (cause instanceof StoreError && cause.code === 'quota')

const bytesOf = (writes: readonly StoreWrite[]): number =>
  writes.reduce((sum, one) => sum + ROW_BYTES + (one.kind === 'put' ? one.value.length : 0), 0)
/** What a row takes besides its value: key, seal, and the browser's own. */
const ROW_BYTES = 512
/** What forgetting a few keys takes. */
const FORGET_BYTES = 65_536
