// What comes with a tap in the list, fetched ahead while the page is idle.

import { lazyPart } from '../../ui/lazy-part.ts'

const loadRemoveDialog = () => import('./RemoveDialog.vue')

export const RemoveDialog = lazyPart(loadRemoveDialog)
export const preloadConversations = (): readonly Promise<unknown>[] => [loadRemoveDialog()]
