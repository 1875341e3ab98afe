// The addresses of the app and what they mean. Anything unknown is the list.

import type { ConversationId } from '@kith/protocol'

/** What lies over or beside an open conversation. */
export type Beside = 'nothing' | 'details' | 'invite'

export type Route =
  | { readonly kind: 'list' }
  | { readonly kind: 'conversation'; readonly id: ConversationId; readonly beside: Beside }
  | { readonly kind: 'settings' }

const CONVERSATION_PATH = /^\/c\/([0-9a-f]{64})(?:\/(details|invite))?\/?$/

// The brand is given here because an address comes from outside; the engine answers `undefined` for an id it does not know.
const isBeside = (text: string | undefined): text is Beside => text === 'details' || text === 'invite'

export const parsePath = (path: string): Route => {
  if (path === '/settings') return { kind: 'settings' }
  const match = CONVERSATION_PATH.exec(path)
  if (match?.[1] === undefined) return { kind: 'list' }
  return { kind: 'conversation', id: match[1] as ConversationId, beside: isBeside(match[2]) ? match[2] : 'nothing' }
}

export const toPath = (route: Route): string => {
  switch (route.kind) {
    case 'list':
      return '/'
    case 'settings':
      return '/settings'
    case 'conversation':
      return route.beside === 'nothing' ? `/c/${route.id}` : `/c/${route.id}/${route.beside}`
  }
}

/** Where "back" leads when nothing of ours lies below in the browser's history. */
export const parentOf = (route: Route): Route =>
  route.kind === 'conversation' && route.beside !== 'nothing' ? { ...route, beside: 'nothing' } : { kind: 'list' }
