// The title of the page: which chat is open, and how much is unread.

import { watchEffect } from 'vue'
import { words } from '../words.ts'

export const useTitle = (name: () => string | undefined, unread: () => number, page: Document = document): void => {
  watchEffect(() => {
    const shown = name()
    const title = shown === undefined ? words.app : `${shown} · ${words.app}`
    page.title = unread() > 0 ? `(${unread()}) ${title}` : title
  })
}
