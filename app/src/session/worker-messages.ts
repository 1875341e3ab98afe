// What the owning page and its engine's worker say to each other besides the network's port.

import type { EngineFailure } from './status.ts'

export type ToWorker = { readonly kind: 'start'; readonly network: MessagePort }

/** The worker is of no use any more. `detail` is for the console. */
export type FromWorker = { readonly kind: 'stopped'; readonly code: EngineFailure; readonly detail: string }
