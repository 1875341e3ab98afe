// Door of onboarding.

export { default as FirstStart } from './FirstStart.vue'
export { NameCard, preloadOnboarding } from './lazy.ts'
export { useNameQuestion } from './useNameQuestion.ts'
export { useNewChat } from './useNewChat.ts'
