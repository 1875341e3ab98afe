// What was deleted in a document is gone: for somebody with all that the disk ever held, the vault key, and the newest secret.

import 'fake-indexeddb/auto'
import { afterEach, expect, test, vi } from 'vitest'
import * as Y from 'yjs'
import { openDatabase } from '../indexeddb/database.ts'
import { openIndexedDbStore } from '../indexeddb/store.ts'
import { openEverything } from '../testing/attacker.ts'
import { createFakeEpochFile } from '../testing/fake-epoch-file.ts'
import { recordVersions } from '../testing/record-versions.ts'
import { createDocumentStore } from './documents.ts'
import type { DocumentStore, Store, Timer } from '@kith/protocol'

const random = (length: number) => crypto.getRandomValues(new Uint8Array(length))

afterEach(() => {
  vi.restoreAllMocks()
})

test('a draft that was sent, a minute later, and whatever came after it stays', async () => {
  const { open, readable } = await bench()
  const { documents, minute, store } = await open()
  const account = new Y.Doc()
  for (const draft of ['half', 'half a thought']) await write(documents, account, { draft })
  await write(documents, account, { name: 'Alice' })
  expect(readable('half a thought')).toBe(true)
  await write(documents, account, { draft: '' })
  await minute()
  expect(readable('half')).toBe(false)
  expect(readable('Alice')).toBe(true)
  expect(textOf(await documents.load('account'))).toEqual({ draft: '', name: 'Alice' })
  expect(await store.read({ table: 'state' })).toHaveLength(1)
})

test('a draft that was sent when the engine ended, a minute after the next start', async () => {
  const { open, readable } = await bench()
  const first = await open()
  const account = new Y.Doc()
  await write(first.documents, account, { draft: 'half a thought' })
  await write(first.documents, account, { draft: '' })
  await first.documents.close()
  const next = await open()
  await next.documents.load('account')
  expect(readable('half a thought')).toBe(true)
  await next.minute()
  expect(readable('half a thought')).toBe(false)
  expect(textOf(await next.documents.load('account'))).toEqual({ draft: '' })
})

test('a document that was erased, at once', async () => {
  const { open, readable } = await bench()
  const { documents } = await open()
  const account = new Y.Doc()
  await write(documents, account, { title: 'The garden' })
  expect(readable('The garden')).toBe(true)
  await documents.erase('account')
  expect(readable('The garden')).toBe(false)
})

async function bench() {
  const name = crypto.randomUUID()
  const vaultKey = random(32)
  const file = createFakeEpochFile()
  const versions = recordVersions()
  let database: IDBDatabase | undefined
  async function open() {
    database?.close()
    database = await openDatabase({ name })
    let due: (() => void)[] = []
    const timer: Timer = (_, callback) => {
      due.push(callback)
      return () => (due = due.filter((one) => one !== callback))
    }
    const store: Store = await openIndexedDbStore({ database, vaultKey, file, random, timer })
    const documents = createDocumentStore({ vaultKey, random, store, timer })
    // The timers of the document, and then those of the rows that it has changed.
    const minute = async (): Promise<void> => {
      for (const _ of ['document', 'rows']) {
        for (const callback of due.splice(0)) callback()
        await documents.load('account')
        await store.get('state', 'whatever')
      }
    }
    return { store, documents, minute }
  }
  const readable = (text: string): boolean =>
    openEverything({ vaultKey, secrets: [file.bytes.slice(0, 32), file.bytes.slice(32)], versions }).some(({ value }) =>
      new TextDecoder('latin1').decode(value).includes(text),
    )
  return { open, readable }
}

async function write(documents: DocumentStore, account: Y.Doc, fields: Readonly<Record<string, string>>): Promise<void> {
  const before = Y.encodeStateVector(account)
  account.transact(() => {
    for (const [field, value] of Object.entries(fields)) account.getMap('fields').set(field, value)
  })
  await documents.append('account', Y.encodeStateAsUpdate(account, before), () => Y.encodeStateAsUpdate(account))
}

function textOf(updates: readonly Uint8Array[]): unknown {
  const doc = new Y.Doc()
  for (const update of updates) Y.applyUpdate(doc, update)
  return doc.getMap('fields').toJSON()
}
