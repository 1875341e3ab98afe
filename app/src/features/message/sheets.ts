// The sheets behind the menu of a message, each fetched when it is first opened or while the page is idle.

import { lazyPart } from '../../ui/lazy-part.ts'

export const DeleteDialog = lazyPart(() => import('./DeleteDialog.vue'))
export const DeleteManyDialog = lazyPart(() => import('./DeleteManyDialog.vue'))
export const EmojiSheet = lazyPart(() => import('./EmojiSheet.vue'))
export const InfoSheet = lazyPart(() => import('./InfoSheet.vue'))
