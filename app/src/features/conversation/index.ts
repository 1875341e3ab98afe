// Door of the open conversation.

export { default as ConversationPane } from './ConversationPane.vue'
export { preloadConversation } from './lazy.ts'
