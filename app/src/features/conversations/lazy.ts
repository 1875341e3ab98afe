// What the list does beyond showing chats, fetched beside it; and what comes with a tap in it, fetched ahead while the page is idle.

import { lazySheet } from '../../ui/lazy-part.ts'
import { createLateParts } from '../app/index.ts'
import { preloadStars } from '../stars/index.ts'

const loadClearDialog = () => import('./ClearDialog.vue')
const loadRemoveDialog = () => import('./RemoveDialog.vue')

export const useListParts = createLateParts(() => import('./parts.ts')).use
export const ClearDialog = lazySheet(loadClearDialog)
export const RemoveDialog = lazySheet(loadRemoveDialog)
export const preloadConversations = (): readonly Promise<unknown>[] => [loadClearDialog(), loadRemoveDialog(), ...preloadStars()]
