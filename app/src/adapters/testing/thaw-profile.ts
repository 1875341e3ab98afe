// Puts a frozen profile (see freeze-profile.ts) into the databases of a test.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'

type Frozen = {
  readonly vaultKey: Uint8Array
  readonly databases: readonly {
    readonly name: string
    readonly version: number
    readonly stores: readonly {
      readonly store: string
      readonly autoIncrement: boolean
      readonly rows: readonly (readonly [IDBValidKey, unknown])[]
    }[]
  }[]
}

/** Answers the vault key, which is frozen beside what it sealed. */
export async function thawProfile(file: string): Promise<Uint8Array> {
  const { vaultKey, databases } = JSON.parse(readFileSync(join(import.meta.dirname, file), 'utf8'), toValue) as Frozen
  for (const database of databases) await thaw(database)
  return vaultKey
}

function thaw({ name, version, stores }: Frozen['databases'][number]): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, version)
    request.onupgradeneeded = () => {
      for (const { store, autoIncrement, rows } of stores) {
        const target = request.result.createObjectStore(store, { autoIncrement })
        for (const [key, value] of rows) target.put(value, key)
      }
    }
    request.onerror = () => reject(request.error as Error)
    request.onsuccess = () => {
      request.result.close()
      resolve()
    }
  })
}

function toValue(_key: string, value: unknown): unknown {
  const bytes = typeof value === 'object' && value !== null && 'bytes' in value ? value.bytes : undefined
  return typeof bytes === 'string' ? Uint8Array.from(Buffer.from(bytes, 'base64')) : value
}
