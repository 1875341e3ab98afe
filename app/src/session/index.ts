// The door of the session: what the composition root and the features use.

export { hasBegun, kept, keptByTab, markBegun } from './kept.ts'
export type { KeptStorage } from './kept.ts'
export { EngineError } from './status.ts'
export { registerServiceWorker } from './updates.ts'
export { startSession } from './session.ts'
export { trustedScript } from './trusted-types.ts'
export type { EngineClient } from './session.ts'
export type { EngineFailure, EngineStatus } from './status.ts'
export type { UpdateReady } from './updates.ts'
