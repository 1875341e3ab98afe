// Door of the keyboard.

import { defineAsyncComponent } from 'vue'

const loadKeysSheet = () => import('./KeysSheet.vue')

export const KeysSheet = defineAsyncComponent(loadKeysSheet)
export const preloadKeys = (): readonly Promise<unknown>[] => [loadKeysSheet()]
export { useShortcuts } from './useShortcuts.ts'
