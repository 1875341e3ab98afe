// What no start needs: loaded together when the first of it is wanted (@kith/protocol/later), since the engine's first load has a budget.

export { createRelationCommands } from './commands/relation-commands.ts'
export { fetchInvite } from './network/fetch-invite.ts'
export { buildPacket } from './network/packet.ts'
export { eraseConversation } from './rows/erase-conversation.ts'
