// What is not needed until a message is kept: loaded together when the first of it is wanted (@kith/protocol/later), since the engine's first load has
// a budget.

export { loadPlatformVerify } from '../crypto/platform-verify.ts'
export { createLateCommands } from './commands/late-commands.ts'
export { fetchInvite } from './network/fetch-invite.ts'
export { eraseConversation } from './rows/erase-conversation.ts'
export { createOutside } from './outside.ts'
export { homesAmong } from './network/homes.ts'
export * as part from '../node/later.ts'
export { groupIn, groupRows } from './records/group-rows.ts'
export { alarmsOf } from './watch/alarms.ts'
export { ownDevicesOf } from './watch/devices.ts'
export { membersOf } from './watch/members.ts'
