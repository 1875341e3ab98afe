// The browser's history as one ref. Panes are stacked by pushing, so the system's back gesture takes the top one off.

import { shallowReadonly, shallowRef } from 'vue'
import type { ShallowRef } from 'vue'
import { createAliases } from './aliases.ts'
import { isOldPath, isPlaceInPage, parentOf, parseAddress, toAddress, toAliasHash } from './route.ts'
import type { ConversationId } from '@kith/protocol'
import type { AliasedChat } from './aliases.ts'
import type { Route } from './route.ts'

export type Navigation = {
  readonly route: Readonly<ShallowRef<Route>>
  open(route: Route): void
  /** Goes there without leaving the present place behind. */
  replace(route: Route): void
  /** To the place below this one: by the browser's history if it is there, else in place. */
  up(): void
  /** The address of a place, for links. */
  addressOf(route: Route): string
  /** The alias of the conversation that is to be in front as soon as it is known: the address names it, or it was open last. */
  sought(): string | undefined
  /** Tells of conversations, newest first: only then is it known which one an address means. `isWhole`: there are no others. */
  learn(chats: readonly AliasedChat[], isWhole?: boolean): void
  /** Tells of one that was made a moment ago, before it is opened: each entry of the history names its chat from the start. */
  expect(made: AliasedChat): void
  /** The conversation that was open last in this browser, else the newest. */
  lastOpened(except?: ConversationId): ConversationId | undefined
}

/** Holds the alias of the conversation that was open last. */
const LAST_KEY = 'kith.last'

const cameFrom = (state: unknown): string | undefined =>
  typeof state === 'object' && state !== null && 'from' in state && typeof state.from === 'string' ? state.from : undefined

export const createNavigation = (browser: Window): Navigation => {
  const aliases = createAliases()
  let knowsAll = true
  const here = (): string => `${browser.location.pathname}${toAliasHash(browser.location.hash)}`
  const parsed = (): Route => {
    const { location, history } = browser
    const to = parseAddress(location, aliases)
    // A link may stand behind it, which somebody else takes away.
    if (isOldPath(location.pathname)) history.replaceState(history.state, '', `${toAddress(to, aliases)}${location.search}${location.hash}`)
    return to
  }
  const route = shallowRef(parsed())

  const go = (to: Route): void => {
    route.value = to
    const alias = to.kind === 'conversation' ? aliases.aliasOf(to.id) : undefined
    if (alias !== undefined) remember(browser, alias)
  }
  const replace = (to: Route): void => {
    browser.history.replaceState({ from: cameFrom(browser.history.state) }, '', toAddress(to, aliases))
    go(to)
  }
  const lastOpened = (except?: ConversationId): ConversationId | undefined => {
    const alias = remembered(browser)
    const id = alias === undefined ? undefined : aliases.idOf(alias)
    return id === undefined || id === except ? aliases.newest(except) : id
  }
  const found = (alias: string | undefined): ConversationId | undefined => (alias === undefined ? lastOpened() : aliases.idOf(alias))

  browser.addEventListener('popstate', () => {
    // A link to a place within the page leaves one where one is.
    if (isPlaceInPage(browser.location.hash))
      return browser.history.replaceState(browser.history.state, '', toAddress(route.value, aliases))
    go(parsed())
    if (route.value.kind === 'finding') resolveAddress()
  })
  // An address that was made before its conversation was known, or by an earlier version.
  const resolveAddress = (): void => {
    const { value } = route
    const id = value.kind === 'finding' ? found(value.alias) : undefined
    if (value.kind === 'finding' && id === undefined && !knowsAll) return
    if (value.kind === 'finding') replace(id === undefined ? { kind: 'list' } : { kind: 'conversation', id, beside: value.beside })
    else if (here() !== toAddress(value, aliases)) replace(value)
    else go(value)
  }

  return {
    route: shallowReadonly(route),
    open(to) {
      const address = toAddress(to, aliases)
      if (address === here() && to.kind === route.value.kind) return
      browser.history.pushState({ from: here() }, '', address)
      go(to)
    },
    replace,
    up() {
      const parent = parentOf(route.value)
      if (cameFrom(browser.history.state) === toAddress(parent, aliases)) browser.history.back()
      else replace(parent)
    },
    addressOf: (to) => toAddress(to, aliases),
    sought: () => (route.value.kind === 'finding' ? route.value.alias : undefined) ?? remembered(browser),
    learn(chats, isWhole = true) {
      aliases.learn(chats)
      knowsAll = isWhole
      const { kind } = route.value
      if (kind === 'finding' || (kind === 'conversation' && toAliasHash(browser.location.hash) === '')) resolveAddress()
    },
    expect: aliases.expect,
    lastOpened,
  }
}

// A browser that keeps nothing for this page remembers no place either.
function remember(browser: Window, alias: string): void {
  try {
    browser.localStorage.setItem(LAST_KEY, alias)
  } catch {
    return
  }
}

function remembered(browser: Window): string | undefined {
  try {
    return browser.localStorage.getItem(LAST_KEY) ?? undefined
  } catch {
    return undefined
  }
}

let only: Navigation | undefined

/** One per page, because there is one address bar. */
export const useNavigation = (): Navigation => (only ??= createNavigation(window))
