// The title of the page: what it is, and how much is unread. Never who with: browsers write titles into their history, in the clear, where
// erasing everything here does not reach.

import { watchEffect } from 'vue'
import { words } from '../words.ts'

export const useTitle = (kind: () => string | undefined, unread: () => number, page: Document = document): void => {
  watchEffect(() => {
    const shown = kind()
    const title = shown === undefined ? words.app : `${shown} · ${words.app}`
    page.title = unread() > 0 ? `(${unread()}) ${title}` : title
  })
}
