// What the list can do beyond showing chats: one chunk.

export { CarryDrop } from '../carry/index.ts'
export { StarList } from '../stars/index.ts'
export { default as FilterBar } from './FilterBar.vue'
export { default as NothingShown } from './NothingShown.vue'
export { default as RowMeant } from './RowMeant.vue'
export { default as RowMark } from './RowMark.vue'
export { default as RowPlayed } from './RowPlayed.vue'
export { default as RowMenus } from './RowMenus.vue'
export { followNews } from './follow-news.ts'
