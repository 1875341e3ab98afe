// Door of notices.

export { default as ConnectionBanner } from './ConnectionBanner.vue'
export { default as NoticeHost } from './NoticeHost.vue'
export { useNotices } from './store.ts'
export { useWentOut } from './useWentOut.ts'
