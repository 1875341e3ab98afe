// A disk that forgets nothing: every value that was ever put into a database, as a log would keep it that is never tidied.

import { vi } from 'vitest'
import type { Version } from './attacker.ts'

/** From now on, until all mocks are restored. */
export function recordVersions(): readonly Version[] {
  const versions: Version[] = []
  for (const name of ['put', 'add'] as const) {
    const plain = IDBObjectStore.prototype[name]
    vi.spyOn(IDBObjectStore.prototype, name).mockImplementation(function (this: IDBObjectStore, value: unknown, key?: IDBValidKey) {
      versions.push({ store: this.name, key, value: structuredClone(value) })
      return plain.call(this, value, key)
    })
  }
  return versions
}
