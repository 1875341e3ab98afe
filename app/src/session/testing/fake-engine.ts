// An engine for tests of the channel: commands are noted, sends act once per ref, and views are shown when a test says so.

import { COMMANDS } from '@kith/protocol'
import type { AppView, CommandInput, CommandName, Commands, ConversationSummary, ConversationView, Engine } from '@kith/protocol'

type ConversationQuery = Parameters<Engine['watchConversation']>[0]

export type FakeEngine = Engine & {
  /** `name` of every command, with its argument, in order of arrival. */
  readonly calls: readonly (readonly [name: string, argument: unknown])[]
  /** Watches that are alive. */
  watching(): number
  showApp(view: AppView): void
  showConversation(view: ConversationView): void
}

/** `respond` may hold a command back or make it fail. */
const GROUP_COMMANDS = ['addMembers', 'removeMember', 'setRole', 'leaveGroup'] as const

export function createFakeEngine(respond: (name: string) => Promise<void> = () => Promise.resolve()): FakeEngine {
  const calls: (readonly [string, unknown])[] = []
  const apps = new Set<(view: AppView) => void>()
  const lists = new Set<(views: readonly ConversationSummary[]) => void>()
  const conversations = new Map<(view: ConversationView | undefined) => void, ConversationQuery>()

  async function take(name: string, argument: unknown): Promise<void> {
    calls.push([name, argument])
    await respond(name)
  }

  function add<T>(set: Set<T>, show: T): () => void {
    set.add(show)
    return () => void set.delete(show)
  }

  const answers: Partial<Record<CommandName, (input: never) => unknown>> = {
    createConversation: () => ({ kind: 'refused', reason: 'no-relay-yet' }),
    openInvite: () => ({ kind: 'refused', reason: 'malformed' }),
    createGroup: () => ({ kind: 'refused', reason: 'no-relay-yet' }),
    send: ({ ref }: CommandInput<'send'>) => ({ kind: 'saved', message: `entry of ${ref}` }),
    saveDraft: () => ({ kind: 'kept' }),
    readFirstChats: () => ({ chats: [], isWhole: false }),
    readHistory: () => [],
    readStars: () => ({ stars: [], hasMore: false }),
    ...Object.fromEntries(
      ['setTitle', 'react', 'edit', 'pin', 'star', 'deleteMessage', 'forgetMessage', ...GROUP_COMMANDS].map((name) => [
        name,
        () => ({ kind: 'saved' }),
      ]),
    ),
  }
  const commands = (Object.keys(COMMANDS) as CommandName[]).map((name) => [
    name,
    async (input: never) => {
      await take(name, input)
      return answers[name]?.(input)
    },
  ])

  return {
    ...(Object.fromEntries(commands) as Commands),
    calls,
    watching: () => apps.size + lists.size + conversations.size,
    showApp: (view) => apps.forEach((show) => show(view)),
    showConversation: (view) => conversations.forEach((query, show) => query.conversation === view.summary.id && show(view)),
    watchApp: (show) => add(apps, show),
    watchConversations: (show) => add(lists, show),
    watchFiles: () => () => undefined,
    watchDevices: () => () => undefined,
    watchAlarms: () => () => undefined,
    watchMembers: () => () => undefined,
    watchPresence: () => () => undefined,
    watchConversation(query, show) {
      conversations.set(show, query)
      return { move: (window) => conversations.set(show, { ...query, ...window }), stop: () => conversations.delete(show) }
    },
  }
}
