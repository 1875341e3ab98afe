import 'fake-indexeddb/auto'
import { TABLES } from '@kith/protocol'
import { describe, expect, test, vi } from 'vitest'
import { MIGRATIONS, openDatabase } from './database.ts'
import { BLOCKED_MS_MAX } from './limits.ts'

const addColours = (database: IDBDatabase) => void database.createObjectStore('colours')

describe('opening the database', () => {
  test('makes every table of the Store port, the vault and the shred keys', async () => {
    const database = await openDatabase({ name: crypto.randomUUID() })
    expect([...database.objectStoreNames]).toEqual(expect.arrayContaining([...TABLES, 'shreds', 'vault']))
  })

  test('runs only the migrations that the data has not seen', async () => {
    const name = crypto.randomUUID()
    const first = await openDatabase({ name })
    await new Promise((resolve) => {
      const transaction = first.transaction('state', 'readwrite')
      transaction.objectStore('state').put(1, 'kept')
      transaction.oncomplete = resolve
    })
    first.close()
    const second = await openDatabase({ name, migrations: [...MIGRATIONS, addColours] })
    expect(second.version).toBe(MIGRATIONS.length + 1)
    expect([...second.objectStoreNames]).toContain('colours')
    const kept = second.transaction('state').objectStore('state').get('kept')
    await vi.waitFor(() => expect(kept.result).toBe(1))
  })

  test('of newer data than this page knows is refused as outdated', async () => {
    const name = crypto.randomUUID()
    ;(await openDatabase({ name, migrations: [...MIGRATIONS, addColours] })).close()
    await expect(openDatabase({ name })).rejects.toMatchObject({ name: 'DatabaseOpenError', code: 'outdated' })
  })

  test('closes an older connection of ours, which hears of it once', async () => {
    const name = crypto.randomUUID()
    const onLost = vi.fn()
    await openDatabase({ name, onLost })
    const newer = await openDatabase({ name, migrations: [...MIGRATIONS, addColours] })
    expect(newer.version).toBe(MIGRATIONS.length + 1)
    expect(onLost).toHaveBeenCalledTimes(1)
  })

  test('gives up as blocked when another connection does not let go', async () => {
    const name = crypto.randomUUID()
    const stubborn = await openDatabase({ name })
    stubborn.onversionchange = null
    const started = Date.now()
    await expect(openDatabase({ name, migrations: [...MIGRATIONS, addColours] })).rejects.toMatchObject({ code: 'blocked' })
    expect(Date.now() - started).toBeGreaterThanOrEqual(BLOCKED_MS_MAX - 50)
  })

  test('is refused as unavailable where the browser denies storage', async () => {
    const open = vi.spyOn(indexedDB, 'open').mockImplementation(() => {
      throw new DOMException('denied', 'SecurityError')
    })
    await expect(openDatabase({ name: 'any' })).rejects.toMatchObject({ name: 'DatabaseOpenError', code: 'unavailable' })
    open.mockRestore()
  })
})
