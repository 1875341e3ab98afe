// Door of the composer.

export { saveDrafts } from './open-drafts.ts'
export { useDraftKeeper } from './useDraftKeeper.ts'
export type { Draft } from './useDraftKeeper.ts'
export { useDropGuard } from './useDropGuard.ts'
export { useIncoming } from './useIncoming.ts'
export { useTypeAnywhere } from './useTypeAnywhere.ts'
export { default as MessageComposer } from './MessageComposer.vue'
