// An Engine made of two functions: one that carries a command, one that carries a watch.

import type {
  ConversationSummary,
  ConversationView,
  AppView,
  DraftOutcome,
  Engine,
  NewConversation,
  OpenedInvite,
  RelationOutcome,
  SendOutcome,
  TitleOutcome,
} from '@kith/protocol'
import type { CommandName, WatchName } from './channel.ts'

export type Ask = (name: CommandName, argument: unknown) => Promise<unknown>
export type Watch = (name: WatchName, query: unknown, show: (view: unknown) => void) => () => void

/** What comes back was made by an Engine of the same version, hence the casts. */
export function toEngine(ask: Ask, watch: Watch): Engine {
  const act = async (name: CommandName, argument: unknown): Promise<void> => void (await ask(name, argument))
  return {
    createConversation: async (command) => (await ask('createConversation', command)) as NewConversation,
    openInvite: async (command) => (await ask('openInvite', command)) as OpenedInvite,
    claimInvite: (command) => act('claimInvite', command),
    send: async (command) => (await ask('send', command)) as SendOutcome,
    react: async (command) => (await ask('react', command)) as RelationOutcome,
    edit: async (command) => (await ask('edit', command)) as RelationOutcome,
    pin: async (command) => (await ask('pin', command)) as RelationOutcome,
    deleteMessage: async (command) => (await ask('deleteMessage', command)) as RelationOutcome,
    markRead: (command) => act('markRead', command),
    saveDraft: async (command) => (await ask('saveDraft', command)) as DraftOutcome,
    revokeInvite: (command) => act('revokeInvite', command),
    markShared: (command) => act('markShared', command),
    removeConversation: (command) => act('removeConversation', command),
    setName: (command) => act('setName', command),
    setPetname: (command) => act('setPetname', command),
    setVerified: (command) => act('setVerified', command),
    setTitle: async (command) => (await ask('setTitle', command)) as TitleOutcome,
    setSettings: (command) => act('setSettings', command),
    retry: () => act('retry', undefined),
    watchApp: (show) => watch('watchApp', undefined, (view) => show(view as AppView)),
    watchConversations: (show) => watch('watchConversations', undefined, (views) => show(views as readonly ConversationSummary[])),
    watchConversation: (query, show) => watch('watchConversation', query, (view) => show(view as ConversationView | undefined)),
  }
}
