// The addresses of the app and what they mean. Anything unknown is the list. Servers see which pane is in front and nothing else; which chat is meant
// stands behind `#`, by a name that means nothing outside of this browser.

import type { ConversationId } from '@kith/protocol'

/** What lies over or beside an open conversation. */
export type Beside = 'nothing' | 'details' | 'invite'

export type Route =
  | { readonly kind: 'list' }
  | { readonly kind: 'conversation'; readonly id: ConversationId; readonly beside: Beside }
  /** A conversation that an address names, before the list has said which one that is; no alias: whichever was open last. */
  | { readonly kind: 'finding'; readonly alias: string | undefined; readonly beside: Beside }
  | { readonly kind: 'settings' }

/** Both ways between conversations and their aliases; undefined while one is not known yet. */
export type Aliases = {
  readonly aliasOf: (id: ConversationId) => string | undefined
  readonly idOf: (alias: string) => ConversationId | undefined
}

const CHAT_PATH = /^\/chat(?:\/(details|invite))?\/?$/
const ALIAS_HASH = /^#c-([A-Za-z0-9_-]{11})$/
/** Addresses of earlier versions, which bookmarks may hold. */
const OLD_PATH = /^\/c\/([0-9a-f]{64})(?:\/(?:details|invite))?\/?$/

const isBeside = (text: string | undefined): text is Beside => text === 'details' || text === 'invite'

export const parseAddress = ({ pathname, hash }: Pick<Location, 'pathname' | 'hash'>, { idOf }: Aliases): Route => {
  if (pathname === '/settings') return { kind: 'settings' }
  // The brand is given here because an address comes from outside; the engine answers `undefined` for an id it does not know.
  const old = OLD_PATH.exec(pathname)?.[1]
  if (old !== undefined) return { kind: 'conversation', id: old as ConversationId, beside: 'nothing' }
  const match = CHAT_PATH.exec(pathname)
  if (match === null) return { kind: 'list' }
  const beside = isBeside(match[1]) ? match[1] : 'nothing'
  const alias = ALIAS_HASH.exec(hash)?.[1]
  const id = alias === undefined ? undefined : idOf(alias)
  return id === undefined ? { kind: 'finding', alias, beside } : { kind: 'conversation', id, beside }
}

export const toAddress = (route: Route, { aliasOf }: Pick<Aliases, 'aliasOf'>): string => {
  switch (route.kind) {
    case 'list':
      return '/'
    case 'settings':
      return '/settings'
    case 'conversation':
      return chatAddress(route.beside, aliasOf(route.id))
    case 'finding':
      return chatAddress(route.beside, route.alias)
  }
}

const chatAddress = (beside: Beside, alias: string | undefined): string =>
  `/chat${beside === 'nothing' ? '' : `/${beside}`}${alias === undefined ? '' : `#c-${alias}`}`

/** True for a place within the page, such as the message box, that is no part of a route. An invite link is neither. */
export const isPlaceInPage = (hash: string): boolean => /^#[a-z-]+$/.test(hash) && !ALIAS_HASH.test(hash)

/** The part behind the path that belongs to a route. Anything else may be a secret, and is nobody else's to keep. */
export const toAliasHash = (hash: string): string => (ALIAS_HASH.test(hash) ? hash : '')

/** An address of an earlier version, or what looks like one: it must not stay where a reload would send it to the server. */
export const isOldPath = (path: string): boolean => path.startsWith('/c/')

/** Where "back" leads when nothing of ours lies below in the browser's history. */
export const parentOf = (route: Route): Route => {
  const isChat = route.kind === 'conversation' || route.kind === 'finding'
  return isChat && route.beside !== 'nothing' ? { ...route, beside: 'nothing' } : { kind: 'list' }
}
