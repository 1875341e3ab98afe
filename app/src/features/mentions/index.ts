// Door of mentions: who is meant by an @ in a group. Part of what comes with the messages.

export { retyped, toMarked } from './marks.ts'
export { default as MentionChip } from './MentionChip.vue'
export { default as MentionJump } from './MentionJump.vue'
export { default as MentionList } from './MentionList.vue'
