// The sheets behind the menu of a message, each fetched when it is first opened or while the page is idle.

import { defineAsyncComponent } from 'vue'

export const DeleteDialog = defineAsyncComponent(() => import('./DeleteDialog.vue'))
export const EmojiSheet = defineAsyncComponent(() => import('./EmojiSheet.vue'))
export const InfoSheet = defineAsyncComponent(() => import('./InfoSheet.vue'))
