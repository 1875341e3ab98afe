// Door of storage.

export { useStorageState } from './useStorageState.ts'
export type { StorageState } from './useStorageState.ts'
