import 'fake-indexeddb/auto'
import { toHex } from '@kith/protocol'
import { describe, expect, test } from 'vitest'
import { openDatabase } from '../indexeddb/database.ts'
import { holdingOf, loadVaultKey } from './vault.ts'
import type { WrappedVaultKey } from './vault.ts'

describe('the vault key', () => {
  test('is made once and stays the same, also in another connection', async () => {
    const name = crypto.randomUUID()
    const first = await openDatabase({ name })
    const key = await loadVaultKey(first)
    expect(key.length).toBe(32)
    expect(key.some((byte) => byte !== 0)).toBe(true)
    expect(await loadVaultKey(first)).toEqual(key)
    expect(await loadVaultKey(await openDatabase({ name }))).toEqual(key)
  })

  test('differs from browser to browser', async () => {
    const [a, b] = await Promise.all([freshVault(), freshVault()])
    expect(await loadVaultKey(a)).not.toEqual(await loadVaultKey(b))
  })

  test('is the same for two callers at the very first start', async () => {
    const database = await freshVault()
    const [a, b] = await Promise.all([loadVaultKey(database), loadVaultKey(database)])
    expect(a).toEqual(b)
  })

  test('lies on the disk wrapped, under a key that cannot be exported', async () => {
    const database = await freshVault()
    const key = await loadVaultKey(database)
    const record = await readRecord(database)
    expect(record.wrappingKey.extractable).toBe(false)
    await expect(crypto.subtle.exportKey('raw', record.wrappingKey)).rejects.toThrow()
    expect(toHex(record.wrapped)).not.toContain(toHex(key))
  })
})

describe('a vault record that is not as it was written is corrupt', () => {
  const changes: Record<string, (record: WrappedVaultKey) => unknown> = {
    'one bit of the wrapped key': (record) => ({ ...record, wrapped: flipped(record.wrapped) }),
    'one bit of the nonce': (record) => ({ ...record, nonce: flipped(record.nonce) }),
    'a shortened key': (record) => ({ ...record, wrapped: record.wrapped.slice(1) }),
    'a missing nonce': (record) => ({ ...record, nonce: undefined }),
    'another version': (record) => ({ ...record, version: 2 }),
    'another kind': (record) => ({ ...record, kind: 'passphrase' }),
    'a wrapping key that is none': (record) => ({ ...record, wrappingKey: 'secret' }),
    'no record at all': () => 'nothing',
  }
  for (const [what, change] of Object.entries(changes)) {
    test(what, async () => {
      const database = await freshVault()
      const key = await loadVaultKey(database)
      const record = await readRecord(database)
      await writeRecord(database, record)
      expect(await loadVaultKey(database)).toEqual(key)
      await writeRecord(database, change(record))
      await expect(loadVaultKey(database)).rejects.toMatchObject({ name: 'StoreError', code: 'corrupt' })
    })
  }
})

describe('what a database holds', () => {
  test.each([
    ['nothing', []],
    ['nothing', ['vault']],
    ['key', ['vault', 'state']],
    ['chats', ['vault', 'state', 'conversations']],
    ['parts', ['state']],
    ['parts', ['conversations']],
    ['parts', ['vault', 'conversations']],
  ] as const)('is told as %s with rows in %j, and looking makes nothing', async (holding, tables) => {
    const database = await freshVault()
    for (const table of tables) await writeRecord(database, { some: 'row' }, table)
    expect(await holdingOf(database)).toBe(holding)
    expect(await readRecord(database)).toEqual((tables as readonly string[]).includes('vault') ? { some: 'row' } : undefined)
  })
})

const freshVault = () => openDatabase({ name: crypto.randomUUID() })

function flipped(bytes: Uint8Array): Uint8Array {
  return bytes.map((byte, i) => (i === 0 ? byte ^ 1 : byte))
}

function readRecord(database: IDBDatabase): Promise<WrappedVaultKey> {
  return new Promise((resolve) => {
    const request = database.transaction('vault').objectStore('vault').get('key')
    request.onsuccess = () => resolve(request.result as WrappedVaultKey)
  })
}

function writeRecord(database: IDBDatabase, record: unknown, table = 'vault'): Promise<void> {
  return new Promise((resolve) => {
    const transaction = database.transaction(table, 'readwrite')
    transaction.objectStore(table).put(record, 'key')
    transaction.oncomplete = () => resolve()
  })
}
