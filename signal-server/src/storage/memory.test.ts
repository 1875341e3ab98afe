import { storageContract } from '../../test/contract/storage-contract.ts'
import { createMemoryStorage } from './memory.ts'

storageContract('memory', async () => createMemoryStorage())
