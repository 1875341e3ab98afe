// The commands that no start needs, made together when the first of them is asked.

import { createCarryCommands } from '../carry/commands.ts'
import { createAccountCommands } from './account-commands.ts'
import { createChatFlags } from './chat-flags.ts'
import { createFaceCommands } from './face-commands.ts'
import { createGroupCommands } from './group-commands.ts'
import { createAlone } from '../linking/alone.ts'
import { createLinking } from '../linking/linking.ts'
import { createRevoke } from '../linking/revoke.ts'
import { createPresenceCommands } from './presence-commands.ts'
import { createPushCommands } from './push-commands.ts'
import { createForward } from './forward.ts'
import { createHandleCommands } from '../handle/commands.ts'
import { createHistoryCommands } from './history-commands.ts'
import { createPeopleCommands } from './people-commands.ts'
import { createLivingCommands } from '../living/commands.ts'
import { createScheduleCommands } from '../scheduled/commands.ts'
import { createRelationCommands } from './relation-commands.ts'
import { setReads } from '../../documents/reads.ts'
import { createStars } from './stars.ts'
import type { ForwardParts } from './forward.ts'
import type { ConversationId } from '../../bytes/ids.ts'
import type { NodeState } from '../../node/state.ts'
import type { Commands } from '../../engine.ts'

type Parts = Parameters<typeof createRelationCommands>[0] &
  Parameters<typeof createAccountCommands>[0] &
  Parameters<typeof createFaceCommands>[0] &
  Parameters<typeof createStars>[0] &
  Parameters<typeof createChatFlags>[0] &
  Parameters<typeof createGroupCommands>[0] &
  Parameters<typeof createLinking>[0] &
  Parameters<typeof createRevoke>[0] &
  ForwardParts &
  Parameters<typeof createPresenceCommands>[0] &
  Parameters<typeof createPushCommands>[0] &
  Parameters<typeof createPeopleCommands>[0] &
  Parameters<typeof createLivingCommands>[0] &
  Parameters<typeof createScheduleCommands>[0] &
  Parameters<typeof createHistoryCommands>[0] &
  Parameters<typeof createHandleCommands>[0] &
  Parameters<typeof createCarryCommands>[0]
type SaveAccount = Parameters<typeof createStars>[1]

export const createLateCommands = (parts: Parts, saveAccount: SaveAccount) => ({
  ...createRelationCommands(parts),
  ...createAccountCommands(parts, saveAccount),
  ...createFaceCommands(parts),
  ...createStars(parts, saveAccount),
  ...createChatFlags(parts, saveAccount),
  ...createGroupCommands(parts),
  linkDevice: createLinking(parts),
  revokeDevice: createRevoke(parts),
  readAlone: createAlone(parts),
  forward: createForward(parts),
  /** What was read in a conversation, for other own devices. */
  keepReads: (conversation: ConversationId) =>
    saveAccount((account) => setReads(account, readingOf(parts.loop.state(), conversation)), conversation),
  ...createPresenceCommands(parts),
  ...createPushCommands(parts),
  ...createPeopleCommands(parts, saveAccount),
  ...createLivingCommands(parts, saveAccount),
  ...createScheduleCommands(parts),
  ...createHistoryCommands(parts, saveAccount),
  ...createHandleCommands(parts),
  ...createCarryCommands(parts),
})

const readingOf = ({ self, conversations }: NodeState, conversation: ConversationId): Parameters<typeof setReads>[1] => ({
  conversation,
  reader: self.device.id,
  reads: [...(conversations.awake.get(conversation)?.view.feeds ?? [])].flatMap(([device, { account, read }]) =>
    account === self.account || read === 0 ? [] : [{ device, length: read }],
  ),
})

export type LateCommand = keyof Commands & keyof ReturnType<typeof createLateCommands>
