// Door of storage.

export { hasBegun, kept, keptByTab, markBegun } from '../../session/index.ts'
export type { KeptStorage } from '../../session/index.ts'
export { useStartAgain } from './useStartAgain.ts'
export { useStorageState } from './useStorageState.ts'
export type { StorageState } from './useStorageState.ts'
