// What a timeline and a message box show of photos and files: one chunk.

export { default as AttachButton } from './AttachButton.vue'
export { default as VoiceButton } from './VoiceButton.vue'
export { default as FilesRow } from './FilesRow.vue'
export { default as GalleryRow } from './GalleryRow.vue'
export { default as StorageRow } from './StorageRow.vue'
export { default as NoteFiles } from './NoteFiles.vue'
