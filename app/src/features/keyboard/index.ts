// Door of the keyboard.

import { lazyPart } from '../../ui/lazy-part.ts'

const loadKeysSheet = () => import('./KeysSheet.vue')

export const KeysSheet = lazyPart(loadKeysSheet)
export const preloadKeys = (): readonly Promise<unknown>[] => [loadKeysSheet()]
export { useShortcuts } from './useShortcuts.ts'
