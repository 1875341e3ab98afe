import 'fake-indexeddb/auto'
import { expect, test } from 'vitest'
import { openDatabase } from './database.ts'
import { rangeBehind, readRecords } from './records.ts'

const keysOf = (records: readonly { key: string }[]) => records.map(({ key }) => key)

test('records come the same way with and without the newer bulk request', async () => {
  const database = await filled()
  for (const order of ['ascending', 'descending'] as const) {
    for (const count of [Infinity, 0, 1, 3, 99]) {
      const stretch = { range: IDBKeyRange.bound('b', 'e', false, true), order, count }
      const plain = await readRecords(withoutBulk(storeOf(database)), stretch)
      const bulk = await readRecords(withBulk(storeOf(database)), stretch)
      expect(bulk).toEqual(plain)
      const expected = order === 'ascending' ? ['b', 'c', 'd'] : ['d', 'c', 'b']
      expect(keysOf(plain)).toEqual(expected.slice(0, count))
    }
  }
})

test('the range behind a key goes on where reading stopped, and is none when nothing can be left', () => {
  const range = IDBKeyRange.bound('b', 'e', false, true)
  expect(rangeBehind(range, 'c', 'ascending')).toMatchObject({ lower: 'c', lowerOpen: true, upper: 'e', upperOpen: true })
  expect(rangeBehind(range, 'c', 'descending')).toMatchObject({ lower: 'b', lowerOpen: false, upper: 'c', upperOpen: true })
  expect(rangeBehind(range, 'b', 'descending')).toBeUndefined()
  expect(rangeBehind(undefined, 'c', 'ascending')).toMatchObject({ lower: 'c', lowerOpen: true, upper: undefined })
  expect(rangeBehind(undefined, 'c', 'descending')).toMatchObject({ upper: 'c', upperOpen: true, lower: undefined })
})

async function filled(): Promise<IDBDatabase> {
  const database = await openDatabase({ name: crypto.randomUUID() })
  const transaction = database.transaction('state', 'readwrite')
  for (const key of ['a', 'b', 'c', 'd', 'e']) transaction.objectStore('state').put(`value of ${key}`, key)
  await new Promise((resolve) => (transaction.oncomplete = resolve))
  return database
}

const storeOf = (database: IDBDatabase) => database.transaction('state').objectStore('state')

/** An older browser's store. */
const withoutBulk = (store: IDBObjectStore) =>
  new Proxy(store, { has: (target, name) => name !== 'getAllRecords' && name in target, get: (target, name) => bound(target, name) })

/** A newer browser's store, its bulk request made of a cursor. */
function withBulk(store: IDBObjectStore): IDBObjectStore {
  const getAllRecords = ({ query, direction, count = Infinity }: { query: IDBKeyRange; direction: IDBCursorDirection; count?: number }) => {
    const answer = { result: [] as { primaryKey: IDBValidKey; value: unknown }[], onsuccess: () => undefined }
    const request = store.openCursor(query, direction)
    request.onsuccess = () => {
      const cursor = request.result
      if (cursor === null || answer.result.length >= count) return answer.onsuccess()
      answer.result.push({ primaryKey: cursor.primaryKey, value: cursor.value })
      return cursor.continue()
    }
    return answer
  }
  return new Proxy(store, {
    has: (target, name) => name === 'getAllRecords' || name in target,
    get: (target, name) => (name === 'getAllRecords' ? getAllRecords : bound(target, name)),
  })
}

function bound(target: IDBObjectStore, name: string | symbol): unknown {
  const member: unknown = Reflect.get(target, name, target)
  return typeof member === 'function' ? member.bind(target) : member
}
