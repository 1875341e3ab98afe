// Fetches what is opened by a tap while nothing else happens, so that it is there without a network too.

import { watch } from 'vue'
import { preloadConversation } from '../features/conversation/index.ts'
import { preloadConversations } from '../features/conversations/index.ts'
import { preloadDevices } from '../features/devices/index.ts'
import { preloadDetails } from '../features/details/index.ts'
import { preloadInvite } from '../features/invite/index.ts'
import { preloadKeys } from '../features/keyboard/index.ts'
import { preloadMessage } from '../features/message/index.ts'
import { preloadOnboarding } from '../features/onboarding/index.ts'
import { preloadContacts } from '../features/people/index.ts'
import { preloadSearch } from '../features/search/index.ts'
import { preloadSettings } from '../features/settings/index.ts'

const PATIENCE_MS = 2_000

const preloadAll = async (): Promise<void> => {
  await Promise.allSettled([
    ...preloadInvite(),
    ...preloadConversation(),
    ...preloadConversations(),
    ...preloadDetails(),
    ...preloadDevices(),
    ...preloadOnboarding(),
    ...preloadContacts(),
    ...preloadSettings(),
    ...preloadKeys(),
    ...preloadMessage(),
    ...preloadSearch(),
  ])
}

/** `ready`: nothing that matters more is still being fetched. */
export const usePreload = (ready: () => boolean, page: Window & typeof globalThis = window): void => {
  const stop = watch(
    ready,
    (is) => {
      if (!is) return
      queueMicrotask(() => stop())
      if ('requestIdleCallback' in page) page.requestIdleCallback(() => void preloadAll(), { timeout: PATIENCE_MS })
      else globalThis.setTimeout(() => void preloadAll(), PATIENCE_MS)
    },
    { immediate: true },
  )
}
