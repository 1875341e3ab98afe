// Door of the details pane, fetched when it is first opened or while the page is idle.

import { defineAsyncComponent } from 'vue'

const loadDetails = () => import('./ConversationDetailsPane.vue')

export const ConversationDetails = defineAsyncComponent(loadDetails)
export const preloadDetails = (): readonly Promise<unknown>[] => [loadDetails()]
