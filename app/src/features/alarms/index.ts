// Door of what is said where somebody else may have a person's key.

export { default as AlarmBar } from './AlarmBar.vue'
