// Door of the composer.

export { openDrafts, saveDrafts } from './open-drafts.ts'
export { useDropGuard } from './useDropGuard.ts'
export { useIncoming } from './useIncoming.ts'
export { useTypeAnywhere } from './useTypeAnywhere.ts'
export { default as MessageComposer } from './MessageComposer.vue'
