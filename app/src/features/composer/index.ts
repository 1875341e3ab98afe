// Door of the composer.

export { saveDrafts } from './open-drafts.ts'
export { default as MessageComposer } from './MessageComposer.vue'
