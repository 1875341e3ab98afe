// IndexedDB's events as promises, and its errors as the Store port's.

import { StoreError } from '@kith/protocol'

/** Safe to await inside a transaction: the promise settles while the transaction is active. */
export function requestDone<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(toStoreError(request.error))
  })
}

/** Of a request to add: false where the key is taken. The transaction goes on. */
export function isAdded(request: IDBRequest): Promise<boolean> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(true)
    request.onerror = (event) => {
      if (nameOf(request.error) !== 'ConstraintError') return reject(toStoreError(request.error))
      event.preventDefault()
      resolve(false)
    }
  })
}

/** Resolves when the transaction is durable. */
export function transactionDone(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve()
    transaction.onabort = () => reject(toStoreError(transaction.error))
  })
}

export function abort(transaction: IDBTransaction): void {
  try {
    transaction.abort()
  } catch {
    // It has ended by itself.
  }
}

/** A connection that was closed, also from outside, aborts its transactions with an AbortError or without any error. */
export function toStoreError(cause: unknown): StoreError {
  if (cause instanceof StoreError) return cause
  if (isNoRoom(cause) && nameOf(cause) !== 'QuotaExceededError') {
    // The write was begun and cut off, so what it left has to be mended.
    return new StoreError('failed', 'the disk is full', { cause })
  }
  switch (nameOf(cause)) {
    case 'QuotaExceededError':
      return new StoreError('quota', 'the browser gives no more space', { cause })
    case 'InvalidStateError':
    case 'AbortError':
      return new StoreError('closed', 'the database was closed', { cause })
    case 'DataError':
    case 'NotReadableError':
      return new StoreError('corrupt', 'the database cannot be read', { cause })
    default:
      return cause === null
        ? new StoreError('closed', 'the transaction was cut off')
        : new StoreError('failed', 'the database failed', { cause })
  }
}

/** Every way in which browsers say that the disk, or their share of it, is full. Most have no error name of their own for it. */
export function isNoRoom(cause: unknown): boolean {
  if (nameOf(cause) === 'QuotaExceededError') return true
  if (cause instanceof StoreError) return cause.code === 'quota' || isNoRoom(cause.cause)
  return cause instanceof Error && NO_ROOM.test(cause.message)
}

/** Chromium's LevelDB and SQLite, SQLite in WebKit, Firefox's file errors, and what the systems below call it. */
const NO_ROOM = /no[_ ]space|disk (?:is )?full|full disk|sqlite_full|no_device_space|enospc|quota ?exceeded|not enough (?:disk )?space/i

export function nameOf(cause: unknown): string {
  return typeof cause === 'object' && cause !== null && 'name' in cause ? String(cause.name) : ''
}
