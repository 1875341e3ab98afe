// Door of the list of conversations.

export { default as ConversationList } from './ConversationList.vue'
export { toConversationName } from './row.ts'
export { useConversations } from './store.ts'
