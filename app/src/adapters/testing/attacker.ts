// Somebody who holds everything that a disk ever held of the databases, the vault key, and the newest secret of an epoch: what can they read?

import { derive, openNamed } from '@kith/protocol'
import { groupOf, openRoot, openSection, openSeeds } from '../indexeddb/key-tree.ts'
import { createLeafKeys, KEY_BYTES, LEAVES } from '../indexeddb/leaf-keys.ts'
import { associated, openRow, storedRowOf } from '../indexeddb/row-seal.ts'
import type { StoredGroup, StoredRoot } from '../indexeddb/key-tree.ts'
import type { LeafKeys } from '../indexeddb/leaf-keys.ts'

/** One version of one row of a database. */
export type Version = { readonly store: string; readonly key: unknown; readonly value: unknown }
export type Loot = { readonly vaultKey: Uint8Array; readonly secrets: readonly Uint8Array[]; readonly versions: readonly Version[] }
export type Found = { readonly table: string; readonly key: string; readonly value: Uint8Array }

/** Every version of every row that opens with what was found. */
export function openEverything(loot: Loot): readonly Found[] {
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

function attempt<T>(act: () => T): T | undefined {
  try {
    return act()
  } catch {
    return undefined
  }
}
