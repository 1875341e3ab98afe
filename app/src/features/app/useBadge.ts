// What is unread, outside the page: a number on the installed app's icon, a dot on the tab's. Neither says whose it is.

import { watch } from 'vue'

const PLAIN_ICON = '/icon.svg'
const UNREAD_ICON = '/icon-unread.svg'

export const useBadge = (unread: () => number, page: Document = document): void => {
  watch(
    unread,
    (count) => {
      page.querySelector('link[rel="icon"]')?.setAttribute('href', count > 0 ? UNREAD_ICON : PLAIN_ICON)
      // Some browsers have no badge, and others refuse it to a page that is not installed: the title says the number there.
      void navigator.setAppBadge?.(count).catch(() => undefined)
    },
    { immediate: true },
  )
}
