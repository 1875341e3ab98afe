// Door of the composer.

export { openDrafts, saveDrafts } from './open-drafts.ts'
export { default as MessageComposer } from './MessageComposer.vue'
