// What of the node is loaded later (see part.ts).

export * from './groups/index.ts'
export * from './devices/index.ts'
export { openInvite } from './invites/open.ts'
export { rest } from './rest.ts'
export { erase, removeConversation, removedEnded } from './removing.ts'
export { expire, forget } from './rows/expire.ts'
export { answerLost, appeal, appealWhenAsked, takeBack } from './delivery/restore.ts'
