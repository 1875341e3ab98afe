// What the owning page and its engine's worker say to each other besides the network's port.

import type { Join } from './channel.ts'
import type { EngineFailure } from './status.ts'

/**
 * `start`: the first. `begun`: this page remembers chats, whatever the databases say.
 * `address`: where the service worker finds this page.
 * `join`: a page's line has come.
 */
export type ToWorker =
  | { readonly kind: 'start'; readonly network: MessagePort; readonly begun: boolean }
  | { readonly kind: 'address'; readonly at: string }
  | { readonly kind: 'join'; readonly join: Join; readonly line: MessagePort }

/**
 * `waits`: not opened yet, and goes on by itself.
 * `stopped`: of no use any more. `detail` is for the console.
 */
export type FromWorker =
  | { readonly kind: 'waits'; readonly code: EngineFailure }
  | { readonly kind: 'stopped'; readonly code: EngineFailure; readonly detail: string }
