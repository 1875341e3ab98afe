// The page's side of the service worker: registers it, notices a new version of the page, and changes over when the user agrees.

import { UPDATE_CHECK_MS } from './limits.ts'
import { logProblem } from './log.ts'
import { trustedScript } from './trusted-types.ts'

export type UpdateReady = {
  /** Changes over to the new version: all tabs reload once it has taken over. */
  applyUpdate(): void
}

export type UpdateOptions = {
  /** A new version is complete on this device and waits. May be called again for a newer one. */
  readonly onUpdateReady: (update: UpdateReady) => void
  /** Awaited before this tab reloads into the new version; the place to save what is half written. */
  readonly beforeReload?: () => Promise<void>
}

/** Does nothing where there are no service workers. */
export function registerServiceWorker({ onUpdateReady, beforeReload = () => Promise.resolve() }: UpdateOptions): void {
  if (!('serviceWorker' in navigator)) return
  const { serviceWorker } = navigator
  // The first worker takes a page over that it did not serve; that is no reason to reload.
  let wasControlled = serviceWorker.controller !== null
  serviceWorker.addEventListener('controllerchange', () => {
    // A browser that has thrown the worker away, as for want of room, has nothing newer to show.
    if (serviceWorker.controller === null) return void (wasControlled = false)
    if (wasControlled) void beforeReload().finally(() => location.reload())
    wasControlled = true
  })
  serviceWorker
    .register(trustedScript('/sw.js'), { updateViaCache: 'none' })
    .then((registration) => watchRegistration(registration, onUpdateReady))
    .catch((error: unknown) => logProblem('no service worker, so no start without a network', error))
}

function watchRegistration(registration: ServiceWorkerRegistration, onUpdateReady: UpdateOptions['onUpdateReady']): void {
  function announceWaiting(): void {
    const { waiting } = registration
    // Without an active one the waiting worker is the first, and takes over by itself.
    if (waiting === null || registration.active === null) return
    onUpdateReady({ applyUpdate: () => waiting.postMessage({ kind: 'apply-update' }) })
  }

  registration.addEventListener('updatefound', () => {
    registration.installing?.addEventListener('statechange', announceWaiting)
  })
  announceWaiting()

  const check = () => {
    // Out of reach now; there will be another time.
    if (document.visibilityState === 'visible') registration.update().catch(() => undefined)
  }
  setInterval(check, UPDATE_CHECK_MS)
  document.addEventListener('visibilitychange', check)
}
