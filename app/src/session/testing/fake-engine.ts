// An engine for tests of the channel: commands are noted, sends act once per ref, and views are shown when a test says so.

import type { AppView, ConversationSummary, ConversationView, Engine, EntryId } from '@kith/protocol'

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
export function createFakeEngine(respond: (name: string) => Promise<void> = () => Promise.resolve()): FakeEngine {
  const calls: (readonly [string, unknown])[] = []
  const apps = new Set<(view: AppView) => void>()
  const lists = new Set<(views: readonly ConversationSummary[]) => void>()
  const conversations = new Map<(view: ConversationView | undefined) => void, ConversationQuery>()

  async function take(name: string, argument: unknown): Promise<void> {
    calls.push([name, argument])
    await respond(name)
  }

  async function save(name: string, argument: unknown): Promise<{ readonly kind: 'saved' }> {
    await take(name, argument)
    return { kind: 'saved' }
  }

  function add<T>(set: Set<T>, show: T): () => void {
    set.add(show)
    return () => void set.delete(show)
  }

  return {
    calls,
    watching: () => apps.size + lists.size + conversations.size,
    showApp: (view) => apps.forEach((show) => show(view)),
    showConversation: (view) => conversations.forEach((query, show) => query.conversation === view.summary.id && show(view)),
    async createConversation(command) {
      await take('createConversation', command)
      return { kind: 'refused', reason: 'no-relay-yet' }
    },
    async openInvite(command) {
      await take('openInvite', command)
      return { kind: 'refused', reason: 'malformed' }
    },
    claimInvite: (command) => take('claimInvite', command),
    async send(command) {
      await take('send', command)
      return { kind: 'saved', message: `entry of ${command.ref}` as EntryId }
    },
    react: (command) => save('react', command),
    edit: (command) => save('edit', command),
    pin: (command) => save('pin', command),
    deleteMessage: (command) => save('deleteMessage', command),
    markRead: (command) => take('markRead', command),
    async saveDraft(command) {
      await take('saveDraft', command)
      return { kind: 'kept' }
    },
    revokeInvite: (command) => take('revokeInvite', command),
    markShared: (command) => take('markShared', command),
    removeConversation: (command) => take('removeConversation', command),
    setName: (command) => take('setName', command),
    setPetname: (command) => take('setPetname', command),
    setVerified: (command) => take('setVerified', command),
    setTitle: (command) => save('setTitle', command),
    setSettings: (command) => take('setSettings', command),
    retry: () => take('retry', undefined),
    watchApp: (show) => add(apps, show),
    watchConversations: (show) => add(lists, show),
    watchConversation(query, show) {
      conversations.set(show, query)
      return () => void conversations.delete(show)
    },
  }
}
