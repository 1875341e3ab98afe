// Door of the composer.

export { default as MessageComposer } from './MessageComposer.vue'
