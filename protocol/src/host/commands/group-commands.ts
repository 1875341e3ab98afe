// Commands about groups: each is one step of the node, and the title of a new one is written like any other.

import { conversationIdOf } from '../../bytes/ids.ts'
import { isTooLong } from '../../conversation/text.ts'
import type { ConversationId } from '../../bytes/ids.ts'
import type { Commands, CommandInput, Engine, GroupOutcome, NewGroup, TitleOutcome } from '../../engine.ts'
import type { Answer } from '../../node/draft.ts'
import type { Loop } from '../loop.ts'
import type { Once } from './once.ts'

export type GroupCommandParts = {
  readonly loop: Pick<Loop, 'ask'>
  readonly once: Once['once']
  readonly aliasOf: (conversation: ConversationId) => string
  readonly setTitle: (input: CommandInput<'setTitle'>) => Promise<TitleOutcome>
}

export type GroupCommands = Pick<
  Engine,
  | 'createGroup'
  | 'addMembers'
  | 'setGroupHistory'
  | 'removeMember'
  | 'setRole'
  | 'leaveGroup'
  | 'openGroupLink'
  | 'closeGroupLink'
  | 'joinGroup'
>

const REASONS = ['unknown-conversation', 'not-allowed', 'no-contact', 'no-member', 'too-many', 'no-relay-yet'] as const
const NEW_REASONS = ['no-relay-yet', 'no-contact', 'too-many'] as const

export function createGroupCommands({ loop, once, aliasOf, setTitle }: GroupCommandParts): GroupCommands {
  const created = (conversation: ConversationId): NewGroup => ({ kind: 'created', conversation, alias: aliasOf(conversation) })

  const createGroup: Commands['createGroup'] = async ({ title, members: asked, ref }) => {
    if (isTooLong(title)) return { kind: 'refused', reason: 'too-long' }
    const members = [...new Set(asked)].toSorted()
    const outcome = await once<NewGroup>(
      { ref, command: { kind: 'create-group', members } },
      async () => {
        const answer = await loop.ask({ kind: 'create-group', members, ref })
        if (answer.kind === 'created') return created(answer.conversation)
        const reason = answer.kind === 'refused' ? NEW_REASONS.find((known) => known === answer.reason) : undefined
        return { kind: 'refused', reason: reason ?? 'no-contact' }
      },
      (bytes) => created(conversationIdOf(bytes)),
    )
    // Given again where the process died in between: the same title twice is one.
    if (outcome.kind === 'created' && title.trim() !== '') await setTitle({ conversation: outcome.conversation, title })
    return outcome
  }

  const done = async (answer: Promise<Answer>): Promise<GroupOutcome> => toOutcome(await answer)

  return {
    createGroup,
    addMembers: ({ conversation, members }) => done(loop.ask({ kind: 'add-members', conversation, members: [...new Set(members)] })),
    removeMember: ({ conversation, account }) => done(loop.ask({ kind: 'remove-member', conversation, account })),
    setRole: ({ conversation, account, role }) => done(loop.ask({ kind: 'set-role', conversation, account, role })),
    openGroupLink: (input) => done(loop.ask({ kind: 'group-link', act: { kind: 'open', ...input } })),
    closeGroupLink: (input) => done(loop.ask({ kind: 'group-link', act: { kind: 'close', ...input } })),
    joinGroup: (input) => done(loop.ask({ kind: 'group-link', act: { kind: 'ask', ...input } })),
    setGroupHistory: ({ conversation, isShown }) =>
      done(loop.ask({ kind: 'set-history', conversation, history: isShown ? 'all' : 'none' })),
    leaveGroup: ({ conversation }) => done(loop.ask({ kind: 'leave-group', conversation })),
  }
}

function toOutcome(answer: Answer): GroupOutcome {
  if (answer.kind !== 'refused') return { kind: 'saved' }
  return { kind: 'refused', reason: REASONS.find((known) => known === answer.reason) ?? 'not-allowed' }
}
