// Whether this browser has promised to keep what Kith stores here, and the wish that it does.

import { shallowReadonly, shallowRef } from 'vue'

/** `unknown`: the browser has no such promise, or has not answered yet. */
export type StorageState = 'unknown' | 'kept' | 'at-risk'

const state = shallowRef<StorageState>('unknown')
let asked = false

const ask = async (storage: StorageManager): Promise<void> => {
  state.value = (await storage.persisted()) ? 'kept' : 'at-risk'
}

/** Shared, because there is one answer per page. Browsers without the interface, and pages on plain http, stay `unknown`. */
export const useStorageState = (storage: StorageManager | undefined = globalThis.navigator.storage) => {
  if (!asked && storage !== undefined && 'persisted' in storage) {
    asked = true
    void ask(storage)
  }
  const protect = async (): Promise<StorageState> => {
    if (storage !== undefined && 'persist' in storage) state.value = (await storage.persist()) ? 'kept' : 'at-risk'
    return state.value
  }
  return { state: shallowReadonly(state), protect }
}
