// All of polls, checklists and notes.

export { default as AttachMenu } from './AttachMenu.vue'
export { default as LivingCard } from './LivingCard.vue'
export { default as LivingSheet } from './LivingSheet.vue'
export { default as NewLivingSheet } from './NewLivingSheet.vue'
