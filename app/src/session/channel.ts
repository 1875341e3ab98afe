// What pages and the engine say to each other. Everything of one origin hears a BroadcastChannel, so each message is looked at before use;
// a page of another version is told so instead of being misunderstood.

import { isEngineFailure } from './status.ts'
import type { Engine } from '@kith/protocol'
import type { EngineFailure } from './status.ts'

/** Grows with every change of these messages or of Engine. */
export const CHANNEL_VERSION = 5

/** Pages call here, and whoever owns the engine announces. */
export const ENGINE_CHANNEL = 'kith-engine'
/** Held by the page that owns the engine. */
export const LEADER_LOCK = 'kith-leader'
/** Held by the running engine itself, so that two never write at once, whatever becomes of their pages. */
export const ENGINE_LOCK = 'kith-engine'
/** The engine answers one page here. */
export const clientChannelName = (client: string): string => `kith-client-${client}`
/** Held by the page as long as it lives. */
export const clientLockName = (client: string): string => `kith-client-${client}`

export type WatchName = Extract<keyof Engine, `watch${string}`>
export type CommandName = Exclude<keyof Engine, WatchName>

/** `engine`: the one that is meant. Another leaves it alone, since the page will repeat it to that one itself. */
type Addressed = { readonly client: string; readonly engine: string; readonly id: number }

export type ToEngine =
  | { readonly kind: 'hello'; readonly client: string }
  | (Addressed & { readonly kind: 'command'; readonly name: CommandName; readonly argument: unknown })
  | (Addressed & { readonly kind: 'watch'; readonly name: WatchName; readonly query: unknown })
  | (Addressed & { readonly kind: 'unwatch' })

export type Announcement =
  /** `engine`: a new one for each start. */
  | { readonly kind: 'opening' | 'up'; readonly version: number; readonly engine: string }
  | { readonly kind: 'failed'; readonly code: EngineFailure }
  | { readonly kind: 'wipe' | 'wiped' }

/** What one watch of a page shows from now on. */
export type ShownView = { readonly id: number; readonly view: unknown }

export type ToClient =
  | Announcement
  | { readonly kind: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'refusal'; readonly id: number; readonly code: EngineFailure | 'failed'; readonly message: string }
  /** Together, so that the page draws them at once. */
  | { readonly kind: 'views'; readonly views: readonly ShownView[] }

// Records, so that a new member of Engine that is missing here does not compile.
const COMMANDS: Record<CommandName, true> = {
  createConversation: true,
  openInvite: true,
  claimInvite: true,
  send: true,
  react: true,
  edit: true,
  pin: true,
  deleteMessage: true,
  markRead: true,
  saveDraft: true,
  revokeInvite: true,
  markShared: true,
  removeConversation: true,
  setName: true,
  setPetname: true,
  setVerified: true,
  setTitle: true,
  setSettings: true,
  retry: true,
}
const WATCHES: Record<WatchName, true> = { watchApp: true, watchConversations: true, watchConversation: true }

/** The message, when it is one that an engine's owner listens to. */
export function parseToEngine(data: unknown): ToEngine | undefined {
  if (!isRecord(data) || typeof data['client'] !== 'string') return undefined
  const { kind, client, engine, id, name, argument, query } = data
  if (kind === 'hello') return { kind, client }
  if (typeof engine !== 'string' || typeof id !== 'number') return undefined
  if (kind === 'unwatch') return { kind, client, engine, id }
  if (kind === 'command' && isCommand(name)) return { kind, client, engine, id, name, argument }
  if (kind === 'watch' && isWatch(name)) return { kind, client, engine, id, name, query }
  return undefined
}

export function parseAnnouncement(data: unknown): Announcement | undefined {
  if (!isRecord(data)) return undefined
  const { kind, version, engine, code } = data
  if ((kind === 'opening' || kind === 'up') && typeof version === 'number' && typeof engine === 'string') return { kind, version, engine }
  if (kind === 'failed' && isEngineFailure(code)) return { kind, code }
  return kind === 'wipe' || kind === 'wiped' ? { kind } : undefined
}

/** The message, when it is one for a page. */
export function parseToClient(data: unknown): ToClient | undefined {
  if (!isRecord(data)) return undefined
  const { kind, id, value, views, code, message } = data
  if (kind === 'views') return Array.isArray(views) && views.every(isShownView) ? { kind, views } : undefined
  if (typeof id !== 'number') return parseAnnouncement(data)
  if (kind === 'answer') return { kind, id, value }
  if (kind === 'refusal' && (code === 'failed' || isEngineFailure(code))) return { kind, id, code, message: String(message) }
  return undefined
}

const isCommand = (name: unknown): name is CommandName => typeof name === 'string' && Object.hasOwn(COMMANDS, name)
const isWatch = (name: unknown): name is WatchName => typeof name === 'string' && Object.hasOwn(WATCHES, name)
const isShownView = (item: unknown): item is ShownView => isRecord(item) && typeof item['id'] === 'number' && 'view' in item
const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null
