// What comes with a tap in the list, fetched ahead while the page is idle.

import { defineAsyncComponent } from 'vue'

const loadRemoveDialog = () => import('./RemoveDialog.vue')

export const RemoveDialog = defineAsyncComponent(loadRemoveDialog)
export const preloadConversations = (): readonly Promise<unknown>[] => [loadRemoveDialog()]
