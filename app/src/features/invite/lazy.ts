// Sheets that are opened by a tap and fetched ahead while the page is idle.

import { defineAsyncComponent } from 'vue'

const loadInviteSheet = () => import('./InviteSheet.vue')
const loadPasteLinkSheet = () => import('./PasteLinkSheet.vue')

export const InviteSheet = defineAsyncComponent(loadInviteSheet)
export const PasteLinkSheet = defineAsyncComponent(loadPasteLinkSheet)
export const preloadInvite = (): readonly Promise<unknown>[] => [loadInviteSheet(), loadPasteLinkSheet()]
