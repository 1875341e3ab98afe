// What pages and the engine say to each other. Everything of one origin hears the common channel, so nothing is said there but who is here; what
// people write and read goes over a line of each page's own (line.ts). Each message is looked at before use; a page of another version is told
// so instead of being misunderstood.

import { isEngineFailure } from './status.ts'
import type { CommandName, ConversationWindow, Engine } from '@kith/protocol'
import type { ViewChange } from './changes.ts'
import type { EngineFailure } from './status.ts'

/** Grows with every change of these messages or of Engine. */
export const CHANNEL_VERSION = 7

/** Pages call here, and whoever owns the engine announces. */
export const ENGINE_CHANNEL = 'kith-engine'
/** Held by the page that owns the engine. */
export const LEADER_LOCK = 'kith-leader'
/** Held by the running engine itself, so that two never write at once, whatever becomes of their pages. */
export const ENGINE_LOCK = 'kith-engine'
/** Held by the page as long as it lives. */
export const clientLockName = (client: string): string => `kith-client-${client}`

export type WatchName = Extract<keyof Engine, `watch${string}`>

// ------------------------------------------------------------------------------------------------------ on the common channel

/** A page's line to this engine. `attempt`: of several, the latest counts. */
export type Join = { readonly client: string; readonly engine: string; readonly attempt: number }

export type Call =
  | { readonly kind: 'hello'; readonly client: string }
  /** No port could be handed over: the engine is to come to the channel of the line's name. */
  | { readonly kind: 'line'; readonly join: Join }

export type Announcement =
  /** `engine`: a new one for each start. `at`: where the service worker finds the page that owns it. */
  | { readonly kind: 'opening' | 'up'; readonly version: number; readonly engine: string; readonly at?: string | undefined }
  | { readonly kind: 'failed'; readonly code: EngineFailure }
  | { readonly kind: 'wipe' | 'wiped' }

/** The message, when it is one that an engine or its owner listens to. */
export function parseCall(data: unknown): Call | undefined {
  if (!isRecord(data)) return undefined
  const { kind, client, join } = data
  if (kind === 'hello') return typeof client === 'string' ? { kind, client } : undefined
  const parsed = kind === 'line' ? parseJoin(join) : undefined
  return parsed && { kind: 'line', join: parsed }
}

export function parseJoin(data: unknown): Join | undefined {
  if (!isRecord(data)) return undefined
  const { client, engine, attempt } = data
  if (typeof client !== 'string' || typeof engine !== 'string' || typeof attempt !== 'number') return undefined
  return { client, engine, attempt }
}

export function parseAnnouncement(data: unknown): Announcement | undefined {
  if (!isRecord(data)) return undefined
  const { kind, version, engine, code, at } = data
  if ((kind === 'opening' || kind === 'up') && typeof version === 'number' && typeof engine === 'string')
    return { kind, version, engine, at: typeof at === 'string' ? at : undefined }
  if (kind === 'failed' && isEngineFailure(code)) return { kind, code }
  return kind === 'wipe' || kind === 'wiped' ? { kind } : undefined
}

// ----------------------------------------------------------------------------------------------------------------- on a line

export type ToEngine =
  /** Are you there? */
  | { readonly kind: 'hello' }
  | { readonly kind: 'command'; readonly id: number; readonly name: CommandName; readonly input: unknown }
  | { readonly kind: 'watch'; readonly id: number; readonly name: WatchName; readonly query: unknown }
  | { readonly kind: 'move'; readonly id: number; readonly window: ConversationWindow }
  | { readonly kind: 'unwatch'; readonly id: number }

/** What has changed in what one watch of a page shows. */
export type ShownChange = { readonly id: number; readonly change: ViewChange }

export type ToClient =
  /** The line is open, and still is. */
  | { readonly kind: 'joined' }
  | { readonly kind: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'refusal'; readonly id: number; readonly code: EngineFailure | 'failed'; readonly message: string }
  /** Together, so that the page draws them at once. */
  | { readonly kind: 'views'; readonly views: readonly ShownChange[] }

// A record, so that a new watch of Engine that is missing here does not compile.
const WATCHES: Record<WatchName, true> = {
  watchApp: true,
  watchConversations: true,
  watchConversation: true,
  watchFiles: true,
  watchDevices: true,
  watchAlarms: true,
  watchMembers: true,
  watchPresence: true,
}

/** The message, when it is one for an engine that has these commands. */
export function parseToEngine(data: unknown, commands: Readonly<Record<CommandName, unknown>>): ToEngine | undefined {
  if (!isRecord(data)) return undefined
  const { kind, id, name, input, query, window } = data
  if (kind === 'hello') return { kind }
  if (typeof id !== 'number') return undefined
  if (kind === 'unwatch') return { kind, id }
  if (kind === 'move') return isRecord(window) ? { kind, id, window: window as ConversationWindow } : undefined
  if (kind === 'command' && isNameIn(commands, name)) return { kind, id, name, input }
  if (kind === 'watch' && isNameIn(WATCHES, name)) return { kind, id, name, query }
  return undefined
}

/** The message, when it is one for a page. */
export function parseToClient(data: unknown): ToClient | undefined {
  if (!isRecord(data)) return undefined
  const { kind, id, value, views, code, message } = data
  if (kind === 'joined') return { kind }
  if (kind === 'views') return Array.isArray(views) && views.every(isShownChange) ? { kind, views } : undefined
  if (typeof id !== 'number') return undefined
  if (kind === 'answer') return { kind, id, value }
  if (kind === 'refusal' && (code === 'failed' || isEngineFailure(code))) return { kind, id, code, message: String(message) }
  return undefined
}

const isNameIn = <Name extends string>(names: Readonly<Record<Name, unknown>>, name: unknown): name is Name =>
  typeof name === 'string' && Object.hasOwn(names, name)
const isShownChange = (item: unknown): item is ShownChange =>
  isRecord(item) && typeof item['id'] === 'number' && isRecord(item['change']) && ['all', 'rows'].includes(String(item['change']['kind']))
const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null
