// Somebody who holds everything that a disk ever held of the databases, the vault key, and the newest secret of an epoch: what can they read?

import { derive, openNamed } from '@kith/protocol'
import * as Y from 'yjs'
import { groupOf, openRoot, openSection, openSeeds } from '../indexeddb/key-tree.ts'
import { createLeafKeys, KEY_BYTES, LEAVES } from '../indexeddb/leaf-keys.ts'
import { associated, openRow, storedRowOf } from '../indexeddb/row-seal.ts'
import type { StoredGroup, StoredRoot } from '../indexeddb/key-tree.ts'
import type { LeafKeys } from '../indexeddb/leaf-keys.ts'

/** One version of one row of a database. */
export type Version = { readonly store: string; readonly key: unknown; readonly value: unknown }
export type Loot = { readonly vaultKey: Uint8Array; readonly secrets: readonly Uint8Array[]; readonly versions: readonly Version[] }
export type Found = { readonly table: string; readonly key: string; readonly value: Uint8Array }

/** Every version of every row, and every update of every document, that opens with what was found. */
export function openEverything(loot: Loot): readonly Found[] {
  const rows = openRows(loot)
  return [...rows, ...openDocuments(loot, rows)]
}

function openRows(loot: Loot): readonly Found[] {
  const groups = groupsFrom(loot)
  return loot.versions.flatMap(({ store: table, key, value }) => {
    if (typeof key !== 'string') return []
    const row = storedRowOf(value)
    const opened =
      row === undefined
        ? openOld(loot, { table, key }, value)
        : (groups.get(groupOf(row.under)) ?? []).map((keys) => {
            const under = keys.keyOf(row.under % LEAVES)
            return under && attempt(() => openRow({ table, key }, row, under))
          })
    return opened.flatMap((one) => (one === undefined ? [] : [{ table, key, value: one }]))
  })
}

function groupsFrom({ vaultKey, secrets, versions }: Loot): ReadonlyMap<number, readonly LeafKeys[]> {
  const sealing = { vaultKey, random: () => new Uint8Array(0) }
  const inRows = versions.flatMap(({ store, key, value }) =>
    store === 'tree' && key === 'secret' ? [(value as { secret: Uint8Array }).secret] : [],
  )
  const roots = versions.filter(({ store, key }) => store === 'tree' && key === 'root')
  const sectionKeys = roots.flatMap(({ value }) =>
    [...secrets, ...inRows].flatMap((secret) => attempt(() => openRoot(sealing, secret, (value as StoredRoot).sealed))?.keys ?? []),
  )
  const groupKeys = versions.flatMap(({ store, key, value }) =>
    store !== 'tree' || typeof key !== 'number'
      ? []
      : sectionKeys.flatMap(([number, sectionKey]) =>
          number === key ? (attempt(() => openSection(sectionKey, number, value)) ?? []) : [],
        ),
  )
  const groups = versions.flatMap(({ store, key, value }) =>
    store !== 'keys'
      ? []
      : groupKeys.flatMap(([number, groupKey]) => {
          const seeds = number === key ? attempt(() => openSeeds(groupKey, number, value as StoredGroup)) : undefined
          return seeds === undefined ? [] : [{ number, keys: createLeafKeys(seeds) }]
        }),
  )
  return new Map(
    Array.from(
      Map.groupBy(groups, ({ number }) => number),
      ([number, all]) => [number, all.map(({ keys }) => keys)],
    ),
  )
}

/** Rows of version 0.1: under a key of their table, or under one of a day that lies under such a key. */
function openOld({ vaultKey, versions }: Loot, place: { readonly table: string; readonly key: string }, value: unknown) {
  const tableKey = (table: string) => derive(vaultKey, new Uint8Array(0), `kith store ${table}`, KEY_BYTES)
  if (value instanceof Uint8Array) return [openNamed(tableKey(place.table), value, associated(place))]
  const { shred, sealed } = (value ?? {}) as { readonly shred?: string; readonly sealed?: Uint8Array }
  if (shred === undefined || sealed === undefined) return []
  return versions
    .filter(({ store, key }) => store === 'shreds' && key === shred)
    .map((one) => {
      const key = openNamed(tableKey('shreds'), (one.value as { sealed: Uint8Array }).sealed, associated({ table: 'shreds', key: shred }))
      return key && openNamed(key, sealed, associated(place))
    })
}

/** Updates lie in those of a Yjs document that carries them (documents/carrier.ts). */
function openDocuments({ vaultKey, versions }: Loot, rows: readonly Found[]): readonly Found[] {
  const keys = [
    derive(vaultKey, new Uint8Array(0), 'kith documents', KEY_BYTES),
    ...rows.flatMap(({ key, value }) => (key.startsWith('document-key/') ? [value.subarray(0, KEY_BYTES), value.subarray(KEY_BYTES)] : [])),
  ].filter((key) => key.length === KEY_BYTES)
  const names = new Set(['account', ...versions.flatMap(({ store, key }) => (store === 'conversations' ? [`meta/${String(key)}`] : []))])
  const sealed = versions.flatMap(({ store, value }) => (store === 'updates' && value instanceof Uint8Array ? sealedIn(value) : []))
  return [...names].flatMap((name) =>
    sealed.flatMap((item) =>
      keys.flatMap((key) => {
        const value = openNamed(key, item, associated({ table: 'document', key: name }))
        return value === undefined ? [] : [{ table: 'document', key: name, value }]
      }),
    ),
  )
}

const sealedIn = (carrier: Uint8Array): readonly Uint8Array[] =>
  Y.decodeUpdate(carrier).structs.flatMap((struct) =>
    struct instanceof Y.Item && struct.content instanceof Y.ContentBinary ? [struct.content.content] : [],
  )

function attempt<T>(act: () => T): T | undefined {
  try {
    return act()
  } catch {
    return undefined
  }
}
