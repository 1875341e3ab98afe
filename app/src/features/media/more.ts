// What is shown of photos, recordings and files over the screen, when somebody asks for it: one chunk.

export { default as AttachSheet } from './AttachSheet.vue'
export { default as CameraSheet } from './CameraSheet.vue'
export { default as FilesSheet } from './FilesSheet.vue'
export { default as GallerySheet } from './GallerySheet.vue'
export { default as PhotoLightbox } from './PhotoLightbox.vue'
export { default as StorageSheet } from './StorageSheet.vue'
export { default as VoiceRecorder } from './VoiceRecorder.vue'
