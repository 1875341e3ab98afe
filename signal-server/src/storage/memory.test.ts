import { storageContract } from '../../test/contract/storage-contract.ts'
import { createMemoryStorage, createSharedMemory } from './memory.ts'
import type { Storage } from './storage.ts'

storageContract('memory', { open: async () => createMemoryStorage(), copies: 'one' })

let openOne: () => Storage
storageContract('memory that relays share', {
  open: async () => (openOne = createSharedMemory())(),
  openAnother: async () => openOne(),
  copies: 'one',
})
