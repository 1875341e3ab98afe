// Sheets that are opened by a tap and fetched ahead while the page is idle.

import { lazyPart } from '../../ui/lazy-part.ts'

const loadInviteSheet = () => import('./InviteSheet.vue')
const loadPasteLinkSheet = () => import('./PasteLinkSheet.vue')

export const GroupLinkSheet = lazyPart(() => import('./GroupLinkSheet.vue'))
export const InviteSheet = lazyPart(loadInviteSheet)
export const PasteLinkSheet = lazyPart(loadPasteLinkSheet)
export const preloadInvite = (): readonly Promise<unknown>[] => [loadInviteSheet(), loadPasteLinkSheet()]
