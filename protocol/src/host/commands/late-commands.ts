// The commands that no start needs, made together when the first of them is asked.

import { createAccountCommands } from './account-commands.ts'
import { createChatFlags } from './chat-flags.ts'
import { createGroupCommands } from './group-commands.ts'
import { createLinking } from '../linking/linking.ts'
import { createRevoke } from '../linking/revoke.ts'
import { createHistoryCommands } from './history-commands.ts'
import { createPeopleCommands } from './people-commands.ts'
import { createRelationCommands } from './relation-commands.ts'
import { createStars } from './stars.ts'
import type { Commands } from '../../engine.ts'

type Parts = Parameters<typeof createRelationCommands>[0] &
  Parameters<typeof createAccountCommands>[0] &
  Parameters<typeof createStars>[0] &
  Parameters<typeof createChatFlags>[0] &
  Parameters<typeof createGroupCommands>[0] &
  Parameters<typeof createLinking>[0] &
  Parameters<typeof createRevoke>[0] &
  Parameters<typeof createPeopleCommands>[0] &
  Parameters<typeof createHistoryCommands>[0]
type SaveAccount = Parameters<typeof createStars>[1]

export const createLateCommands = (parts: Parts, saveAccount: SaveAccount) => ({
  ...createRelationCommands(parts),
  ...createAccountCommands(parts, saveAccount),
  ...createStars(parts, saveAccount),
  ...createChatFlags(parts, saveAccount),
  ...createGroupCommands(parts),
  linkDevice: createLinking(parts),
  revokeDevice: createRevoke(parts),
  ...createPeopleCommands(parts, saveAccount),
  ...createHistoryCommands(parts, saveAccount),
})

export type LateCommand = keyof Commands & keyof ReturnType<typeof createLateCommands>
