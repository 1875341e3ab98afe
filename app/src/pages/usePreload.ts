// Fetches what is opened by a tap while nothing else happens, so that it is there without a network too.

import { onMounted } from 'vue'
import { preloadConversation } from '../features/conversation/index.ts'
import { preloadDetails } from '../features/details/index.ts'
import { preloadInvite } from '../features/invite/index.ts'
import { preloadKeys } from '../features/keyboard/index.ts'
import { preloadSettings } from '../features/settings/index.ts'

const PATIENCE_MS = 2_000

const preloadAll = async (): Promise<void> => {
  await Promise.allSettled([...preloadInvite(), ...preloadConversation(), ...preloadDetails(), ...preloadSettings(), ...preloadKeys()])
}

export const usePreload = (page: Window & typeof globalThis = window): void => {
  onMounted(() => {
    if ('requestIdleCallback' in page) page.requestIdleCallback(() => void preloadAll(), { timeout: PATIENCE_MS })
    else globalThis.setTimeout(() => void preloadAll(), PATIENCE_MS)
  })
}
