// Puts the app on the page, with the engine that it is given.

import { createApp } from 'vue'
import { createPinia } from 'pinia'
import { saveDrafts } from '../features/composer/index.ts'
import { engineKey } from '../features/engine/index.ts'
import type { EngineClient } from '../features/engine/index.ts'
import { useNotices } from '../features/notices/index.ts'
import { listenForInstallOffer } from '../features/settings/index.ts'
import { words } from '../features/words.ts'
import KithApp from './KithApp.vue'

export type Mounted = {
  /** Says that a new version is ready, and starts it when somebody wants that now. */
  announceUpdate(apply: () => void): void
  /** Resolves when everything half written is stored. */
  saveDrafts(): Promise<void>
}

export const mountKith = (engine: EngineClient, place: string): Mounted => {
  const pinia = createPinia()
  listenForInstallOffer()
  createApp(KithApp).use(pinia).provide(engineKey, engine).mount(place)
  return {
    saveDrafts,
    announceUpdate(apply) {
      useNotices(pinia).show(words.toast.update, { label: words.toast.updateNow, act: apply })
    },
  }
}
