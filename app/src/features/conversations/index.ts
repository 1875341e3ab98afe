// Door of the list of conversations.

export { default as ConversationList } from './ConversationList.vue'
export { ClearDialog, preloadConversations, RemoveDialog, useListParts } from './lazy.ts'
export { isLinkOver, toConversationName, toFace, toPreviewText } from './row.ts'
export { useConversations } from './store.ts'
