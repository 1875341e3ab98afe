// Door of the details pane, fetched when it is first opened or while the page is idle.

import { lazyPart } from '../../ui/lazy-part.ts'

const loadDetails = () => import('./ConversationDetailsPane.vue')

export const ConversationDetails = lazyPart(loadDetails)
export const preloadDetails = (): readonly Promise<unknown>[] => [loadDetails()]
