// The service worker: keeps one whole version of the page and serves it, so that it starts at once and without a network. A new version is
// fetched beside it and waits until a page says that the user agrees. Everything else goes to the network untouched. Says that something came while Kith
// is closed (pushes.ts), and takes what other apps share (shares.ts).

import { languageFor } from '../features/languages.ts'
import { createPageCache } from './page-cache.ts'
import { createPushes } from './pushes.ts'
import { createShares } from './shares.ts'
import type { PrecacheEntry } from './page-cache.ts'
import type { Pages, Registration, ShownNotification } from './pushes.ts'

/** What of the service worker's global is used; the DOM's types do not have it. */
type WorkerScope = {
  readonly __WB_MANIFEST: readonly PrecacheEntry[]
  readonly location: { readonly origin: string }
  readonly registration: Registration
  readonly clients: Pages & { claim(): Promise<void>; get(id: string): Promise<Client | undefined> }
  skipWaiting(): Promise<void>
  addEventListener(kind: 'install' | 'activate', listener: (event: { waitUntil(work: Promise<unknown>): void }) => void): void
  addEventListener(
    kind: 'fetch',
    listener: (event: Waiting & { readonly request: Request; respondWith(answer: Promise<Response>): void }) => void,
  ): void
  addEventListener(kind: 'push', listener: (event: Waiting & Pushed) => void): void
  addEventListener(kind: 'notificationclick', listener: (event: Waiting & { readonly notification: ShownNotification }) => void): void
  addEventListener(kind: 'pushsubscriptionchange', listener: (event: Waiting) => void): void
  addEventListener(kind: 'message', listener: (event: PageMessage) => void): void
}
type Waiting = { waitUntil(work: Promise<unknown>): void }
/** `notification`: what a browser that knows the declarative form would show by itself. */
type Pushed = { readonly data: { text(): string } | null; readonly notification?: { readonly tag: string } | null }
type Client = { readonly id: string; postMessage(message: unknown, transfer?: Transferable[]): void }
type PageMessage = {
  readonly data: unknown
  readonly ports: readonly MessagePort[]
  readonly source: Client | null
  waitUntil(work: Promise<unknown>): void
}
declare const self: WorkerScope

const language = languageFor()
const cache = createPageCache({ files: self.__WB_MANIFEST, origin: self.location.origin, language })

const shares = createShares({ origin: self.location.origin })

self.addEventListener('install', (event) => event.waitUntil(cache.fill()))

self.addEventListener('activate', (event) => {
  event.waitUntil(cache.dropOthers().then(() => self.clients.claim()))
})

self.addEventListener('fetch', (event) => {
  if (shares.isShare(event.request)) return event.respondWith(shares.take(event.request))
  const file = cache.fileFor(event.request)
  if (file !== undefined) event.respondWith(cache.answer(file, event.request, (work) => event.waitUntil(work)))
})

self.addEventListener('message', (event) => {
  const { kind, to, join, name } = (event.data ?? {}) as Readonly<Partial<Record<'kind' | 'to' | 'join' | 'name', unknown>>>
  if (kind === 'apply-update') void self.skipWaiting()
  if (kind === 'shared') event.ports[0]?.postMessage(shares.give(name))
  // A page asks how others reach it, and hands a port to one that it has heard of: see session/switchboard.ts.
  if (kind === 'where') event.source?.postMessage({ kind: 'here', at: event.source.id })
  if (kind === 'hand-over' && typeof to === 'string')
    event.waitUntil(self.clients.get(to).then((page) => page?.postMessage({ kind: 'hand-over', join }, [...event.ports])))
})

const pushes = createPushes({ registration: self.registration, pages: self.clients, language })
self.addEventListener('push', (event) => event.waitUntil(pushes.show(event.data?.text(), event.notification?.tag)))
self.addEventListener('notificationclick', (event) => event.waitUntil(pushes.open(event.notification)))
self.addEventListener('pushsubscriptionchange', (event) => event.waitUntil(pushes.changed()))
