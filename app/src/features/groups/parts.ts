// All that is shown of groups and done with them: one chunk.

import './group.css'
export { default as BlockedFold } from './BlockedFold.vue'
export { default as GroupDetails } from './GroupDetailsPane.vue'
export { default as JoinHello } from './JoinHello.vue'
export { default as NewGroupButton } from './NewGroupButton.vue'
export { default as OutNote } from './OutNote.vue'
export { groupWords } from '../group-words.ts'
export { toMemberNames } from './names.ts'
export { toGroupLine, toGroupSubtitle, toOutLine, toTickWords } from './sentences.ts'
