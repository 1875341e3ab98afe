// The sheets behind the menu of a message, each fetched when it is first opened or while the page is idle.

import { lazySheet } from '../../ui/lazy-part.ts'

export const DeleteDialog = lazySheet(() => import('./DeleteDialog.vue'))
export const DeleteManyDialog = lazySheet(() => import('./DeleteManyDialog.vue'))
export const EmojiSheet = lazySheet(() => import('./EmojiSheet.vue'))
export const InfoSheet = lazySheet(() => import('./InfoSheet.vue'))
