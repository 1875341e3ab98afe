// What the owning page and its engine's worker say to each other besides the network's port.

import type { EngineFailure } from './status.ts'

/** `begun`: this page remembers chats, whatever the databases say. */
export type ToWorker = { readonly kind: 'start'; readonly network: MessagePort; readonly begun: boolean }

/**
 * `waits`: not opened yet, and goes on by itself.
 * `stopped`: of no use any more. `detail` is for the console.
 */
export type FromWorker =
  | { readonly kind: 'waits'; readonly code: EngineFailure }
  | { readonly kind: 'stopped'; readonly code: EngineFailure; readonly detail: string }
