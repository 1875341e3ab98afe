// Parts that are opened by a tap and fetched ahead while the page is idle, so that they do not weigh on the first load.

import { defineAsyncComponent } from 'vue'

const loadRouteSheet = () => import('./RouteSheet.vue')

export const RouteSheet = defineAsyncComponent(loadRouteSheet)
export const preloadConversation = (): readonly Promise<unknown>[] => [loadRouteSheet()]
