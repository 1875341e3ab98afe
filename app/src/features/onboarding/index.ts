// Door of onboarding.

export { default as FirstStart } from './FirstStart.vue'
export { default as NameCard } from './NameCard.vue'
export { useNameQuestion } from './useNameQuestion.ts'
export { useNewChat } from './useNewChat.ts'
