// Parts that come with a tap or a look and fetched ahead while the page is idle, so that they do not weigh on the first load.

import { lazyPart, lazySheet } from '../../ui/lazy-part.ts'

const loadTickTip = () => import('./TickTip.vue')
const loadRouteSheet = () => import('./RouteSheet.vue')

export const RouteSheet = lazySheet(loadRouteSheet)
export const TickTip = lazyPart(loadTickTip)
export const preloadConversation = (): readonly Promise<unknown>[] => [loadRouteSheet(), loadTickTip()]
