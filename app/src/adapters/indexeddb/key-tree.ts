// Where the keys of rows come from, and how they go: epoch secret → root → sections → groups → a key for each row (docs/decisions/0029-erasure.md).
// What is written anew here is sealed under a key of its own that lies one step above, so forgetting one row's key changes one path, and the
// epoch secret at its end is overwritten where it lies.

import {
  encode,
  fixed,
  labelMac,
  list,
  mapped,
  openNamed,
  sealNamed,
  StoreError,
  struct,
  tryDecode,
  u32,
  utf8ToBytes,
} from '@kith/protocol'
import { createLeafKeys, KEY_BYTES, LEAVES, newSeeds, seedsCodec, withoutLeaves } from './leaf-keys.ts'
import { KEY_NODES_MAX } from './limits.ts'
import type { Codec, Random } from '@kith/protocol'
import type { LeafKeys, Seeds } from './leaf-keys.ts'

/** Leaf `n % LEAVES` of group `n / LEAVES`. */
export type KeyNumber = number
export const groupOf = (key: KeyNumber): number => Math.floor(key / LEAVES)

/** As they lie in the database. `owner`: what the keys of a group are for; all of one owner go together. */
export type StoredRoot = { readonly epoch: number; readonly place: 'file' | 'rows'; readonly sealed: Uint8Array }
export type StoredGroup = { readonly owner: string; readonly sealed: Uint8Array }

export type TreeWrite =
  | { readonly kind: 'put'; readonly store: 'tree'; readonly key: 'root' | number; readonly value: StoredRoot | Uint8Array }
  | { readonly kind: 'put'; readonly store: 'keys'; readonly key: number; readonly value: StoredGroup }
  | { readonly kind: 'delete'; readonly store: 'tree' | 'keys'; readonly key: number }

type Section = { key: Uint8Array; readonly groups: Map<number, Uint8Array> }
export type Tree = {
  epoch: number
  /** Undefined where nothing was stored yet. */
  place: StoredRoot['place'] | undefined
  secret: Uint8Array
  /** The next group's number; none is used twice. */
  next: number
  readonly sections: Map<number, Section>
  /** Sections with new groups, which are not written yet. */
  readonly changed: Set<number>
}

export type TreeSealing = { readonly vaultKey: Uint8Array; readonly random: Random }

const GROUPS_PER_SECTION = 256
const NONCE_BYTES = 24
const sectionOf = (group: number): number => Math.floor(group / GROUPS_PER_SECTION)

export const emptyTree = ({ random }: TreeSealing): Tree => ({
  epoch: 0,
  place: undefined,
  secret: random(KEY_BYTES),
  next: 0,
  sections: new Map(),
  changed: new Set(),
})

/** Throws {@link StoreError} `corrupt`. */
export function openTree(
  sealing: TreeSealing,
  stored: { readonly root: StoredRoot; readonly secret: Uint8Array; readonly sections: ReadonlyMap<number, Uint8Array> },
): Tree {
  const { epoch, place, sealed } = stored.root
  const { next, keys } = openRoot(sealing, stored.secret, sealed)
  const sections = new Map<number, Section>()
  for (const [number, key] of keys) sections.set(number, { key, groups: new Map(openSection(key, number, stored.sections.get(number))) })
  return { epoch, place, secret: stored.secret, next, sections, changed: new Set() }
}

/** The keys of its sections by their numbers. Throws {@link StoreError} `corrupt`. */
export const openRoot = (sealing: TreeSealing, secret: Uint8Array, sealed: Uint8Array) =>
  opened(rootCodec, rootKeyOf(sealing, secret), { place: 'root', sealed })

/** The keys of its groups by their numbers. Throws {@link StoreError} `corrupt`. */
export const openSection = (key: Uint8Array, number: number, sealed: unknown): readonly NodeKey[] =>
  opened(keysCodec, key, { place: `section ${number}`, sealed })

/** Undefined for a group that is gone. Throws {@link StoreError} `corrupt`. */
export function openGroup(tree: Tree, group: number, stored: StoredGroup | undefined): LeafKeys | undefined {
  const key = tree.sections.get(sectionOf(group))?.groups.get(group)
  return key === undefined ? undefined : createLeafKeys(openSeeds(key, group, stored))
}

/** Throws {@link StoreError} `corrupt`. */
export const openSeeds = (key: Uint8Array, group: number, stored: StoredGroup | undefined): Seeds =>
  opened(seedsCodec, key, { place: groupPlace(group, stored?.owner ?? ''), sealed: stored?.sealed })

/** A group of keys that nobody has yet. `write`, and then {@link writeChanged}, belong into the transaction of what is sealed under them. */
export function addGroup(tree: Tree, sealing: TreeSealing, owner: string) {
  const group = tree.next++
  const number = sectionOf(group)
  const section = tree.sections.get(number) ?? { key: sealing.random(KEY_BYTES), groups: new Map<number, Uint8Array>() }
  tree.sections.set(number, section)
  tree.changed.add(number)
  const seeds = newSeeds(sealing.random)
  return { group, keys: createLeafKeys(seeds), write: writeGroup(sealing, { section, group, owner, seeds }) }
}

/** What new groups change above them. */
export function writeChanged(tree: Tree, sealing: TreeSealing): readonly TreeWrite[] {
  if (tree.changed.size === 0) return []
  const sections = Array.from(tree.sections).filter(([number]) => tree.changed.has(number))
  tree.changed.clear()
  return [...sections.map(([number, section]) => writeSection(sealing, number, section)), writeRoot(tree, sealing)]
}

type KnownGroup = { readonly owner: string; readonly seeds: Seeds; readonly gone: readonly KeyNumber[] }

export type Forgetting = {
  /** By number. Undefined: all keys of the group, whether or not it is still there. */
  readonly groups: ReadonlyMap<number, KnownGroup | undefined>
  /** Where the secret of the next epoch lies. */
  readonly place: StoredRoot['place']
}

/** `left`: what the groups that are named have left; undefined for nothing. */
export type Forgotten = {
  readonly tree: Tree
  readonly writes: readonly TreeWrite[]
  readonly left: ReadonlyMap<number, Seeds | undefined>
}

/** What is to be written so that these keys are never found again, once the secret of this epoch is gone. `tree` stays as it is. */
export function forgetKeys(tree: Tree, sealing: TreeSealing, { groups, place }: Forgetting): Forgotten {
  const secret = sealing.random(KEY_BYTES)
  const next: Tree = { ...tree, place, epoch: tree.epoch + 1, secret, sections: new Map(tree.sections), changed: new Set() }
  const writes: TreeWrite[] = []
  const left = new Map<number, Seeds | undefined>()
  for (const [number, members] of Map.groupBy(groups, ([group]) => sectionOf(group))) {
    const section = { key: sealing.random(KEY_BYTES), groups: new Map(tree.sections.get(number)?.groups) }
    for (const [group, known] of members) {
      const seeds =
        known &&
        withoutLeaves(
          known.seeds,
          known.gone.map((key) => key % LEAVES),
        )
      left.set(group, seeds)
      section.groups.delete(group)
      if (known === undefined || seeds === undefined || seeds.size === 0) writes.push({ kind: 'delete', store: 'keys', key: group })
      else writes.push(writeGroup(sealing, { section, group, owner: known.owner, seeds }))
    }
    if (section.groups.size > 0) next.sections.set(number, section)
    else next.sections.delete(number)
    writes.push(section.groups.size > 0 ? writeSection(sealing, number, section) : { kind: 'delete', store: 'tree', key: number })
  }
  return { tree: next, writes: [...writes, writeRoot(next, sealing)], left }
}

const writeRoot = (tree: Tree, sealing: TreeSealing): TreeWrite => {
  const { epoch, place, next, sections } = tree
  if (place === undefined) throw new RangeError('keys are handed out before the secret that they rest on is stored')
  const root = { next, keys: Array.from(sections, ([number, { key }]) => [number, key] as const) }
  const sealed = sealedUnder(sealing, rootKeyOf(sealing, tree.secret), { place: 'root', value: encode(rootCodec, root) })
  return { kind: 'put', store: 'tree', key: 'root', value: { epoch, place, sealed } }
}

function writeSection(sealing: TreeSealing, number: number, { key, groups }: Section): TreeWrite {
  const value = sealedUnder(sealing, key, { place: `section ${number}`, value: encode(keysCodec, [...groups]) })
  return { kind: 'put', store: 'tree', key: number, value }
}

type NewGroup = { readonly section: Section; readonly group: number; readonly owner: string; readonly seeds: Seeds }

/** Under a key that nothing was sealed under before. */
function writeGroup(sealing: TreeSealing, { section, group, owner, seeds }: NewGroup): TreeWrite {
  const key = sealing.random(KEY_BYTES)
  section.groups.set(group, key)
  const sealed = sealedUnder(sealing, key, { place: groupPlace(group, owner), value: encode(seedsCodec, seeds) })
  return { kind: 'put', store: 'keys', key: group, value: { owner, sealed } }
}

type NodeKey = readonly [number: number, key: Uint8Array]
const keysCodec: Codec<readonly NodeKey[]> = mapped(
  list(struct({ number: u32, key: fixed(KEY_BYTES) }), KEY_NODES_MAX),
  (keys): readonly NodeKey[] => keys.map(({ number, key }) => [number, key]),
  (keys) => keys.map(([number, key]) => ({ number, key })),
)
const rootCodec = struct({ next: u32, keys: keysCodec })

// Both are needed: the vault key, which a passphrase may wrap, and the secret, which can be overwritten.
const rootKeyOf = ({ vaultKey }: TreeSealing, secret: Uint8Array): Uint8Array => labelMac(vaultKey, 'kith/erase/root', secret)
const groupPlace = (group: number, owner: string): string => `group ${group} ${owner}`
const associated = (place: string): Uint8Array => utf8ToBytes(`kith key ${place}`)

const sealedUnder = ({ random }: TreeSealing, key: Uint8Array, { place, value }: { readonly place: string; readonly value: Uint8Array }) =>
  sealNamed(key, random(NONCE_BYTES), value, associated(place))

function opened<T>(codec: Codec<T>, key: Uint8Array, { place, sealed }: { readonly place: string; readonly sealed: unknown }): T {
  const bytes = sealed instanceof Uint8Array ? openNamed(key, sealed, associated(place)) : undefined
  const value = bytes === undefined ? undefined : tryDecode(codec, bytes)
  if (value === undefined) throw new StoreError('corrupt', `the keys of ${place} are not as they were sealed`)
  return value
}
