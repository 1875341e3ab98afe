// A browser that finds no room when a transaction is about to end.

import { vi } from 'vitest'

/** Transactions are cut off when all has been asked of them, as where the browser finds at the end that there is no room. */
export function refuseAtTheEnd() {
  const { put: kept } = IDBObjectStore.prototype
  return vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, value, key) {
    const request = kept.call(this, value, key)
    const { transaction, name } = this
    if (name !== 'unneeded') return request
    request.addEventListener('success', () => {
      Object.defineProperty(transaction, 'error', { value: new DOMException('full', 'QuotaExceededError') })
      transaction.abort()
    })
    return request
  })
}
