// The service worker: keeps one whole version of the page and serves it, so that it starts at once and without a network. A new version is
// fetched beside it and waits until a page says that the user agrees. Everything else goes to the network untouched.

import { createPageCache } from './page-cache.ts'
import type { PrecacheEntry } from './page-cache.ts'

/** What of the service worker's global is used; the DOM's types do not have it. */
type WorkerScope = {
  readonly __WB_MANIFEST: readonly PrecacheEntry[]
  readonly location: { readonly origin: string }
  readonly clients: { claim(): Promise<void> }
  skipWaiting(): Promise<void>
  addEventListener(kind: 'install' | 'activate', listener: (event: { waitUntil(work: Promise<unknown>): void }) => void): void
  addEventListener(
    kind: 'fetch',
    listener: (event: { readonly request: Request; respondWith(answer: Promise<Response>): void }) => void,
  ): void
  addEventListener(kind: 'message', listener: (event: { readonly data: unknown }) => void): void
}
declare const self: WorkerScope

const cache = createPageCache({ files: self.__WB_MANIFEST, origin: self.location.origin })

self.addEventListener('install', (event) => event.waitUntil(cache.fill()))

self.addEventListener('activate', (event) => {
  event.waitUntil(cache.dropOthers().then(() => self.clients.claim()))
})

self.addEventListener('fetch', (event) => {
  const file = cache.fileFor(event.request)
  if (file !== undefined) event.respondWith(cache.answer(file, event.request))
})

self.addEventListener('message', ({ data }) => {
  const isConsent = typeof data === 'object' && data !== null && 'kind' in data && data.kind === 'apply-update'
  if (isConsent) void self.skipWaiting()
})
