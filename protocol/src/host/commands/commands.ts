// The commands of an engine: each becomes one input of the node, or one change of the account document, and answers when it is durable.

import { conversationIdOf, entryIdOf } from '../../bytes/ids.ts'
import { draftOf, setFlag } from '../../documents/account.ts'
import { createAliases } from './aliases.ts'
import { createDrafts } from './drafts.ts'
import { createOnce } from './once.ts'
import { levelNode } from '../documents/level-node.ts'
import { isReusable } from '../../node/commands.ts'
import type { FileCommand } from '../attachments/keeper.ts'
import type { ConversationId } from '../../bytes/ids.ts'
import type { CommandInput, Commands, DraftPlace, NewConversation, OpenedInvite, SendOutcome } from '../../engine.ts'
import type { Answer } from '../../node/draft.ts'
import type { Clock, Network, Random, Store, Timer } from '../../ports.ts'
import type { RelayAddress } from '../../wire/capability.ts'
import type { Documents } from '../documents/documents.ts'
import { COMMANDS } from '../../engine.ts'
import { lazily } from '../lazily.ts'
import type { ForwardParts } from './forward.ts'
import { createMetaCommands } from './meta-commands.ts'
import type { LateCommand } from './late-commands.ts'
import type { Later } from '../lazily.ts'
import type { LinkingParts } from '../linking/linking.ts'
import type { Loop } from '../loop.ts'
import type { SearchKeeper } from '../search/keeper.ts'
import type { Desk } from '../handle/desk.ts'
import type { Presence } from '../presence/presence.ts'
import type { SettingsStore } from './settings.ts'

export type CommandParts = {
  readonly store: Store
  readonly network: Network
  readonly clock: Clock
  readonly random: Random
  readonly timer: Timer
  readonly origin: string
  readonly relays: () => Promise<readonly RelayAddress[]>
  readonly later: Later
  readonly loop: Loop
  readonly documents: Documents
  readonly settings: SettingsStore
  readonly files: ForwardParts['files']
  readonly erase: (conversation: ConversationId) => Promise<void>
  /** What is kept beside the node's state has changed: in this place alone, or nobody knows where. */
  readonly changed: (place?: DraftPlace) => void
  readonly showLinking: LinkingParts['showLinking']
  /** Undefined before anybody can be reached. */
  readonly presence: () => Presence | undefined
  readonly desk: () => Desk | undefined
  readonly search: Pick<SearchKeeper, 'find'>
  readonly retry: () => void
  readonly log: (line: string) => void
}

export function createCommands(parts: CommandParts): Omit<Commands, 'readFirstChats' | FileCommand> {
  const { loop, documents } = parts
  const aliasOf = createAliases(loop.state().self.device.signSeed)
  const { setTitle, setTimer } = createMetaCommands(parts)
  const { once, hasActed } = createOnce(parts.store)
  const doing = lazily(async () => (await parts.later()).createLateCommands({ ...parts, once, aliasOf, setTitle, send }, saveAccount))
  /** All of them, until those that a start needs take their place below. */
  const late = Object.fromEntries(
    Object.keys(COMMANDS).map((name) => [name, async (input: never) => (await doing())[name as LateCommand](input)]),
  ) as Pick<Commands, LateCommand>
  const { saveDraft, forgetDraft, forgetSent } = createDrafts({ state: loop.state, account: documents.account, hasActed, saveAccount })
  const unforgotten = (error: unknown): void => parts.log(`a draft that was sent is still kept: ${String(error)}`)
  void forgetSent().catch(unforgotten)
  levelNode(documents.account(), loop)

  async function saveAccount(change: Parameters<Documents['saveAccount']>[0], of?: DraftPlace): Promise<void> {
    if (await documents.saveAccount(change)) parts.changed(of)
  }

  const created = (conversation: ConversationId): NewConversation => ({ kind: 'created', conversation, alias: aliasOf(conversation) })

  async function createConversation({ text, ref }: CommandInput<'createConversation'>): Promise<NewConversation> {
    const outcome = await once<NewConversation>(
      { ref, command: { kind: 'create', text } },
      async () => {
        const { home } = loop.state()
        if (home === undefined) return { kind: 'refused', reason: 'no-relay-yet' }
        const answer = await loop.ask({ kind: 'create', relay: home, text, ref, spare: spareInvite(home) })
        return answer.kind === 'created' ? created(answer.conversation) : { kind: 'refused', reason: 'too-long' }
      },
      (bytes) => created(conversationIdOf(bytes)),
    )
    if (outcome.kind === 'created') void forgetDraft('start', { ref, text: text ?? '' }).catch(unforgotten)
    return outcome
  }

  // One with something half written in it is on the list.
  function spareInvite(relay: RelayAddress): ConversationId | undefined {
    const now = parts.clock()
    return [...loop.state().conversations.awake.values()].find(
      (conversation) => isReusable(conversation, { relay, now }) && draftOf(documents.account(), conversation.id) === undefined,
    )?.id
  }

  async function removeConversation({ conversation }: CommandInput<'removeConversation'>): Promise<void> {
    await loop.ask({ kind: 'remove', conversation, when: 'always' })
    await parts.erase(conversation)
  }

  async function send({ conversation, text, ref, answers, ttl }: CommandInput<'send'>): Promise<SendOutcome> {
    const outcome = await once<SendOutcome>(
      { ref, command: { kind: 'send', conversation, text, answers } },
      async () => {
        const isLost = answers !== undefined && !(await (await doing()).hasMessage({ conversation, message: answers }))
        return isLost ? UNKNOWN_MESSAGE : toSendOutcome(await loop.ask({ kind: 'send', conversation, text, ref, answers, ttl }))
      },
      (bytes) => ({ kind: 'saved', message: entryIdOf(bytes) }),
    )
    // Whoever sends waits for the message, not for this.
    if (outcome.kind === 'saved') void forgetDraft(conversation, { ref, text }).catch(unforgotten)
    return outcome
  }

  return {
    ...late,
    createConversation,
    send,
    setTitle,
    setTimer,
    openInvite: async ({ link }): Promise<OpenedInvite> => (await parts.later()).fetchInvite({ ...parts, aliasOf }, link),
    claimInvite: async ({ conversation }) => void (await loop.ask({ kind: 'claim-invite', conversation })),
    markRead: async ({ conversation }) => {
      await loop.ask({ kind: 'mark-read', conversation })
      if (loop.state().circle !== undefined) await (await doing()).keepReads(conversation)
      await saveAccount((account) => setFlag(account, conversation, 'unread', 'off'), conversation)
    },
    saveDraft,
    revokeInvite: async ({ conversation }) => void (await loop.ask({ kind: 'revoke-invite', conversation })),
    markShared: async ({ conversation }) => void (await loop.ask({ kind: 'mark-shared', conversation })),
    removeConversation,
    search: parts.search.find,
    retry: () => (parts.retry(), Promise.resolve()),
  }
}

function toSendOutcome(answer: Answer): SendOutcome {
  if (answer.kind === 'saved') return answer
  const reason = answer.kind === 'refused' ? REASONS.find((known) => known === answer.reason) : undefined
  return { kind: 'refused', reason: reason ?? 'unknown-conversation' }
}

const UNKNOWN_MESSAGE = { kind: 'refused', reason: 'unknown-message' } as const
const REASONS = ['too-long', 'empty', 'unknown-conversation', 'closed'] as const
