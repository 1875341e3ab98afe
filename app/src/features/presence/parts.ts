// All that is shown of who is here and who writes, and told of the person before this page: one chunk.

export { default as TypingLine } from './TypingLine.vue'
export { default as TypingNote } from './TypingNote.vue'
export { usePresence } from './store.ts'
