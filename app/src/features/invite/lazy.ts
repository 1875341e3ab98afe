// Sheets that are opened by a tap and fetched ahead while the page is idle.

import { lazySheet } from '../../ui/lazy-part.ts'

const loadInviteSheet = () => import('./InviteSheet.vue')
const loadPasteLinkSheet = () => import('./PasteLinkSheet.vue')

export const GroupLinkSheet = lazySheet(() => import('./GroupLinkSheet.vue'))
export const InviteSheet = lazySheet(loadInviteSheet)
export const PasteLinkSheet = lazySheet(loadPasteLinkSheet)
export const preloadInvite = (): readonly Promise<unknown>[] => [loadInviteSheet(), loadPasteLinkSheet()]
