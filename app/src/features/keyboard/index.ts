// Door of the keyboard.

import { lazySheet } from '../../ui/lazy-part.ts'

const loadKeysSheet = () => import('./KeysSheet.vue')

export const KeysSheet = lazySheet(loadKeysSheet)
export const preloadKeys = (): readonly Promise<unknown>[] => [loadKeysSheet()]
export { useShortcuts } from './useShortcuts.ts'
