// All that a timeline and a message box show of what is done with messages: one chunk.

export { default as ComposerStrip } from './ComposerStrip.vue'
export { toDeviceLine } from './device-line.ts'
export { default as EditedMark } from './EditedMark.vue'
export { LivingCard } from '../living/index.ts'
export { default as MessageActions } from './MessageActions.vue'
export { default as NoteParts } from './NoteParts.vue'
export { default as NoteQuote } from './NoteQuote.vue'
export { default as NoteRemarks } from './NoteRemarks.vue'
export { default as PinnedBar } from './PinnedBar.vue'
export { default as RemovedNote } from './RemovedNote.vue'
export { default as StarredMark } from './StarredMark.vue'
export { RichText } from './RichText.ts'
