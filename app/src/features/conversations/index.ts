// Door of the list of conversations.

export { default as ConversationList } from './ConversationList.vue'
export { default as RemoveDialog } from './RemoveDialog.vue'
export { isLinkOver, toConversationName } from './row.ts'
export { useConversations } from './store.ts'
