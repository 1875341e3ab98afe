// What a timeline shows of polls, checklists and notes: one chunk.

export { default as LivingCard } from './LivingCard.vue'
export { isKnown } from './forms.ts'
