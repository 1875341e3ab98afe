// The door of the relay core, for this package's transport and for other packages' tests.

export { createMemoryStorage, createSharedMemory } from '../storage/memory.ts'
export { StorageError } from '../storage/storage.ts'
export { createAddressRates } from './addresses.ts'
export { bytesForParcels } from './parcels.ts'
export { perMinute } from './rates.ts'
export { createRelay } from './relay.ts'
export type { Storage } from '../storage/storage.ts'
export type { CallReport, RelayPorts, Send, TurnIssuer } from './ports.ts'
export type { Relay } from './relay.ts'
export type { RelayLink } from './session.ts'
