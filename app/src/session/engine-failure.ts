// Errors of the environment as the one word that a page can act on.

import { StoreError } from '@kith/protocol'
import { DatabaseOpenError } from '../adapters/indexeddb/database.ts'
import { isNoRoom } from '../adapters/indexeddb/requests.ts'
import type { EngineFailure } from './status.ts'

/** There were chats here, and the browser has none. */
export class LostError extends Error {
  override readonly name = 'LostError'
}

export function toEngineFailure(error: unknown): EngineFailure {
  if (error instanceof LostError) return 'storage-lost'
  if (isNoRoom(error)) return 'storage-full'
  if (error instanceof DatabaseOpenError) return OPENING[error.code]
  return error instanceof StoreError ? STORING[error.code] : 'crashed'
}

/** For the console: what went wrong, and what that came of. Neither says what was read. */
export function detailOf(error: unknown): string {
  const cause = error instanceof Error && error.cause !== undefined ? `, because of ${detailOf(error.cause)}` : ''
  return `${String(error)}${cause}`
}

const OPENING: Record<DatabaseOpenError['code'], EngineFailure> = {
  unavailable: 'storage-unavailable',
  blocked: 'storage-blocked',
  outdated: 'outdated',
  full: 'storage-full',
}

// A closed database is opened again with the next start, and that start will know more.
const STORING: Record<StoreError['code'], EngineFailure> = {
  quota: 'storage-full',
  corrupt: 'storage-corrupt',
  outdated: 'outdated',
  closed: 'crashed',
  failed: 'storage-failing',
}
