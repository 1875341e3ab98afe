// Puts the app on the page, with the engine that it is given.

import { createApp } from 'vue'
import { createPinia } from 'pinia'
import { saveDrafts } from '../features/composer/index.ts'
import { engineKey } from '../features/engine/index.ts'
import type { EngineClient, EngineFailure } from '../features/engine/index.ts'
import { useNotices } from '../features/notices/index.ts'
import { listenForInstallOffer } from '../features/settings/index.ts'
import { words } from '../features/words.ts'
import FailedPage from './FailedPage.vue'
import KithApp from './KithApp.vue'

/** Calls off public/start.js. */
const MOUNTED = 'kith-mounted'

export type Mounted = {
  /** Says that a new version is ready, and starts it when somebody wants that now. */
  announceUpdate(apply: () => void): void
  /** Resolves when everything half written is stored. */
  saveDrafts(): Promise<void>
}

export const mountKith = (engine: EngineClient, place: string): Mounted => {
  const pinia = createPinia()
  listenForInstallOffer()
  // Where the engine cannot run at all, the rest of the app may not either.
  const lacks = failureOf(engine) === 'unsupported'
  const app = lacks ? createApp(FailedPage, { code: 'unsupported' }) : createApp(KithApp)
  // What fails while mounting is told by whoever watches over the start, instead of leaving an empty page.
  app.config.throwUnhandledErrorInProduction = true
  app.use(pinia).provide(engineKey, engine).mount(place)
  document.dispatchEvent(new Event(MOUNTED))
  return {
    saveDrafts,
    announceUpdate(apply) {
      useNotices(pinia).show(words.toast.update, { label: words.toast.updateNow, act: apply })
    },
  }
}

const failureOf = (engine: EngineClient): EngineFailure | undefined => {
  let failure: EngineFailure | undefined
  engine.watchStatus((status) => (failure = status.kind === 'failed' ? status.code : undefined))()
  return failure
}
