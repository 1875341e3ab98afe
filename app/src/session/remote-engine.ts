// An Engine made of two functions: one that carries a command, one that carries a watch.

import { COMMANDS } from '@kith/protocol'
import type {
  AppView,
  CommandName,
  Commands,
  ConversationSummary,
  ConversationView,
  ConversationWindow,
  DevicesView,
  Engine,
  FileView,
  AlarmView,
  MemberView,
  PresenceView,
} from '@kith/protocol'
import type { WatchName } from './channel.ts'

export type Ask = (name: CommandName, input: unknown) => Promise<unknown>
/** A watch that shows a window of something can be moved. */
export type RemoteWatch = { readonly move: (window: ConversationWindow) => void; readonly stop: () => void }
export type Watch = (name: WatchName, query: unknown, show: (view: unknown) => void) => RemoteWatch

/** What comes back was made by an Engine of the same version, hence the casts. */
export function toEngine(ask: Ask, watch: Watch): Engine {
  const names = Object.keys(COMMANDS) as CommandName[]
  return {
    ...(Object.fromEntries(names.map((name) => [name, (input: unknown) => ask(name, input)])) as unknown as Commands),
    watchApp: (show) => watch('watchApp', undefined, (view) => show(view as AppView)).stop,
    watchConversations: (show) => watch('watchConversations', undefined, (views) => show(views as readonly ConversationSummary[])).stop,
    watchFiles: (query, show) => watch('watchFiles', query, (views) => show(views as readonly FileView[])).stop,
    watchDevices: (show) => watch('watchDevices', undefined, (view) => show(view as DevicesView)).stop,
    watchPresence: (show) => watch('watchPresence', undefined, (view) => show(view as PresenceView)).stop,
    watchAlarms: (query, show) => watch('watchAlarms', query, (views) => show(views as readonly AlarmView[])).stop,
    watchMembers: (query, show) => watch('watchMembers', query, (views) => show(views as readonly MemberView[])).stop,
    watchConversation: (query, show) => watch('watchConversation', query, (view) => show(view as ConversationView | undefined)),
  }
}
