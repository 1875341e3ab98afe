// Whether this browser has promised to keep what Kith stores here, and the wish that it does. Without the promise Chromium clears whole sites
// when the disk is full (docs/decisions/0017).

import { shallowReadonly, shallowRef } from 'vue'

/** `unknown`: the browser has no such promise, or has not answered yet. */
export type StorageState = 'unknown' | 'kept' | 'at-risk'

type PersistApi = Pick<StorageManager, 'persist' | 'persisted'>
type BrowserParts = { readonly storage: Partial<PersistApi> | undefined; readonly userAgent: string }

const state = shallowRef<StorageState>('unknown')
let asked = false

const told = (isKept: boolean): StorageState => (state.value = isKept ? 'kept' : 'at-risk')

/** Shared, because there is one answer per page. Browsers without the interface, and pages on plain http, stay `unknown`. */
export const useStorageState = ({ storage, userAgent }: BrowserParts = globalThis.navigator) => {
  const protect = async (): Promise<StorageState> => (storage?.persist === undefined ? state.value : told(await storage.persist()))
  /** The wish, where it shows nothing to anybody: Firefox opens a question of its own, so there only people ask. */
  const protectQuietly = async (): Promise<void> => {
    if (!userAgent.includes('Firefox/')) await protect()
  }
  if (!asked && storage?.persisted !== undefined) {
    asked = true
    void storage.persisted().then((isKept) => state.value === 'unknown' && told(isKept))
  }
  return { state: shallowReadonly(state), protect, protectQuietly }
}
