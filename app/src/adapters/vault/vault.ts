// The vault key: 32 random bytes from which everything at rest is sealed. It lies in the database wrapped; what wraps it is a union on
// `kind`, so that a passphrase can take the place of the device key without touching a single row.

import { StoreError } from '@kith/protocol'
import { requestDone, toStoreError, transactionDone } from '../indexeddb/requests.ts'

/** As IndexedDB keeps it. `device`: AES-GCM under a WebCrypto key that cannot leave the browser. */
export type WrappedVaultKey = {
  readonly version: 1
  readonly kind: 'device'
  readonly wrappingKey: CryptoKey
  readonly nonce: Uint8Array<ArrayBuffer>
  readonly wrapped: Uint8Array<ArrayBuffer>
}

/** What a database holds. `parts`: rows, but not the key that opens them. */
export type Holding = 'nothing' | 'key' | 'chats' | 'parts'

/** Looks without changing anything. */
export async function holdingOf(database: IDBDatabase): Promise<Holding> {
  try {
    const transaction = database.transaction(['vault', 'state', 'conversations'], 'readonly')
    const counts = ['vault', 'state', 'conversations'].map((name) => requestDone(transaction.objectStore(name).count()))
    const [keys = 0, rows = 0, chats = 0] = await Promise.all(counts)
    if (keys === 0) return rows + chats === 0 ? 'nothing' : 'parts'
    if (rows === 0) return chats === 0 ? 'nothing' : 'parts'
    return chats === 0 ? 'key' : 'chats'
  } catch (cause) {
    throw toStoreError(cause)
  }
}

/**
 * The vault key of this browser, made at the first call. Two callers at once get the same one.
 * Rejects with {@link StoreError}: `corrupt` when the stored record is not whole or not known to this version.
 */
export async function loadVaultKey(database: IDBDatabase): Promise<Uint8Array> {
  try {
    const stored = await readRecord(database)
    if (stored !== undefined) return await unwrap(parseWrapped(stored))
    const fresh = await wrap(crypto.getRandomValues(new Uint8Array(VAULT_KEY_BYTES)))
    return await unwrap(parseWrapped(await addRecord(database, fresh)))
  } catch (cause) {
    throw toStoreError(cause)
  }
}

const VAULT_KEY_BYTES = 32
const NONCE_BYTES = 12
const TAG_BYTES = 16
const RECORD_KEY = 'key'
const ASSOCIATED = new TextEncoder().encode('kith vault 1 device')

function readRecord(database: IDBDatabase): Promise<unknown> {
  return requestDone(database.transaction('vault', 'readonly').objectStore('vault').get(RECORD_KEY))
}

/** Whoever comes first wins; answers the record that is there. */
async function addRecord(database: IDBDatabase, fresh: WrappedVaultKey): Promise<unknown> {
  const transaction = database.transaction('vault', 'readwrite', { durability: 'strict' })
  const done = transactionDone(transaction)
  const store = transaction.objectStore('vault')
  const present: unknown = await requestDone(store.get(RECORD_KEY))
  if (present === undefined) store.put(fresh, RECORD_KEY)
  await done
  return present ?? fresh
}

async function wrap(vaultKey: Uint8Array<ArrayBuffer>): Promise<WrappedVaultKey> {
  const wrappingKey = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES))
  const wrapped = await crypto.subtle.encrypt({ name: 'AES-GCM', iv: nonce, additionalData: ASSOCIATED }, wrappingKey, vaultKey)
  vaultKey.fill(0)
  return { version: 1, kind: 'device', wrappingKey, nonce, wrapped: new Uint8Array(wrapped) }
}

async function unwrap({ wrappingKey, nonce, wrapped }: WrappedVaultKey): Promise<Uint8Array> {
  try {
    const key = await crypto.subtle.decrypt({ name: 'AES-GCM', iv: nonce, additionalData: ASSOCIATED }, wrappingKey, wrapped)
    return new Uint8Array(key)
  } catch (cause) {
    throw new StoreError('corrupt', 'the vault key is not as it was sealed', { cause })
  }
}

function parseWrapped(stored: unknown): WrappedVaultKey {
  if (typeof stored !== 'object' || stored === null) throw unknownRecord()
  const { version, kind, wrappingKey, nonce, wrapped } = stored as Record<keyof WrappedVaultKey, unknown>
  if (version !== 1 || kind !== 'device' || !(wrappingKey instanceof CryptoKey)) throw unknownRecord()
  if (!isBytes(nonce, NONCE_BYTES) || !isBytes(wrapped, VAULT_KEY_BYTES + TAG_BYTES)) throw unknownRecord()
  return { version, kind, wrappingKey, nonce, wrapped }
}

const isBytes = (value: unknown, length: number): value is Uint8Array<ArrayBuffer> => value instanceof Uint8Array && value.length === length
const unknownRecord = () => new StoreError('corrupt', 'the vault record is of no known form')
