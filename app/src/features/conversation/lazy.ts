// Parts that come with a tap or a look and fetched ahead while the page is idle, so that they do not weigh on the first load.

import { defineAsyncComponent } from 'vue'

const loadTickTip = () => import('./TickTip.vue')
const loadRouteSheet = () => import('./RouteSheet.vue')

export const RouteSheet = defineAsyncComponent(loadRouteSheet)
export const TickTip = defineAsyncComponent(loadTickTip)
export const preloadConversation = (): readonly Promise<unknown>[] => [loadRouteSheet(), loadTickTip()]
