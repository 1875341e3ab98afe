// The browser's history as one ref. Panes are stacked by pushing, so the system's back gesture takes the top one off.

import { shallowReadonly, shallowRef } from 'vue'
import type { ShallowRef } from 'vue'
import { parentOf, parsePath, toPath } from './route.ts'
import type { Route } from './route.ts'

export type Navigation = {
  readonly route: Readonly<ShallowRef<Route>>
  open(route: Route): void
  /** Goes there without leaving the present place behind. */
  replace(route: Route): void
  /** To the place below this one: by the browser's history if it is there, else in place. */
  up(): void
}

const cameFrom = (state: unknown): string | undefined =>
  typeof state === 'object' && state !== null && 'from' in state && typeof state.from === 'string' ? state.from : undefined

const createNavigation = (browser: Window): Navigation => {
  const route = shallowRef(parsePath(browser.location.pathname))
  browser.addEventListener('popstate', () => (route.value = parsePath(browser.location.pathname)))
  const go = (to: Route): void => {
    route.value = to
  }
  const replace = (to: Route): void => {
    browser.history.replaceState({ from: cameFrom(browser.history.state) }, '', toPath(to))
    go(to)
  }
  return {
    route: shallowReadonly(route),
    open(to) {
      const path = toPath(to)
      if (path === browser.location.pathname) return
      browser.history.pushState({ from: browser.location.pathname }, '', path)
      go(to)
    },
    replace,
    up() {
      const parent = parentOf(route.value)
      if (cameFrom(browser.history.state) === toPath(parent)) browser.history.back()
      else replace(parent)
    },
  }
}

let only: Navigation | undefined

/** One per page, because there is one address bar. */
export const useNavigation = (): Navigation => (only ??= createNavigation(window))
