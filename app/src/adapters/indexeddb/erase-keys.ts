// The keys of rows as they will be after every commit that was sealed so far: a new one for each row that is written, and those that are to be
// forgotten. What is to be forgotten is noted in the database, in the transaction that made it so, and is forgotten soon after, or at the next start.

import { StoreError } from '@kith/protocol'
import { KEY_GROUPS_HELD_MAX } from './limits.ts'
import { addGroup, emptyTree, forgetKeys, groupOf, openGroup, openTree, writeChanged } from './key-tree.ts'
import { createLeafKeys, LEAVES } from './leaf-keys.ts'
import { requestDone, transactionDone } from './requests.ts'
import type { EpochFile } from '../vault/epoch-file.ts'
import type { KeyNumber, StoredGroup, StoredRoot, Tree, TreeSealing, TreeWrite } from './key-tree.ts'
import type { LeafKeys } from './leaf-keys.ts'

/** What nothing is sealed under any more; of `groups` all keys. */
export type UnneededKeys = { readonly keys: readonly KeyNumber[]; readonly groups: readonly number[] }

export type NewKey = { readonly number: KeyNumber; readonly key: Uint8Array }

export type EraseKeys = {
  /** Whether so many keys, by owner, can be taken without a new group of them. */
  suffice(wanted: ReadonlyMap<string, number>): boolean
  /** A key that nothing was sealed under. {@link EraseKeys.finish} belongs into the same transaction as what is. */
  take(transaction: IDBTransaction, owner: string): NewKey
  /** Those of `numbers` that were not forgotten. `transaction` must cover the store of keys. */
  load(transaction: IDBTransaction, numbers: readonly KeyNumber[]): Promise<ReadonlyMap<KeyNumber, Uint8Array>>
  /** All groups of the owners from `from` on and before `to`; none of their keys is handed out from now on. */
  groupsOf(transaction: IDBTransaction, owners: { readonly from: string; readonly to: string }): Promise<readonly number[]>
  /** The last part of a transaction that took keys, or made some unneeded. */
  finish(transaction: IDBTransaction, unneeded: UnneededKeys): void
  /** That transaction was refused: what was handed out and noted in it is not on the disk. */
  takeBack(): Promise<void>
  /** Nobody who holds this disk, what it held before included, finds a key again that was noted. Not while a commit is under way. */
  forget(): Promise<void>
}

type Parts = { readonly database: IDBDatabase; readonly file: EpochFile | undefined; readonly sealing: TreeSealing }
type HeldGroup = { readonly owner: string; readonly keys: LeafKeys }

type State = Parts & {
  tree: Tree
  /** Opened ones, the least recently opened first. */
  readonly groups: Map<number, HeldGroup>
  /** By owner, the group whose keys are handed out, and how many were. */
  readonly current: Map<string, { readonly group: number; keys: LeafKeys; given: number }>
  readonly unneeded: { readonly keys: Set<KeyNumber>; readonly groups: Set<number> }
  /** The number of the next note. */
  notes: number
}

/** What an engine that was cut off had still to forget is forgotten when this resolves. Rejects with {@link StoreError}. */
export async function openEraseKeys(parts: Parts): Promise<EraseKeys> {
  const unneeded = { keys: new Set<KeyNumber>(), groups: new Set<number>() }
  const state: State = {
    ...parts,
    tree: await loadTree(parts),
    groups: new Map(),
    current: new Map(),
    unneeded,
    notes: await loadNotes(parts, unneeded),
  }
  // Of a change of epochs that was cut off.
  if (state.tree.place === 'file') parts.file?.erase(state.tree.epoch + 1)
  const isToMove = state.tree.place !== (parts.file === undefined ? 'rows' : 'file')
  if (isToMove || unneeded.keys.size + unneeded.groups.size > 0) await forget(state)
  return {
    suffice: (wanted) => [...wanted].every(([owner, count]) => (state.current.get(owner)?.given ?? LEAVES) + count <= LEAVES),
    take: (transaction, owner) => take(state, transaction, owner),
    load: (transaction, numbers) => loadKeys(state, transaction, numbers),
    async groupsOf(transaction, { from, to }) {
      for (const owner of state.current.keys()) if (owner >= from && owner < to) state.current.delete(owner)
      const range = IDBKeyRange.bound(from, to, false, true)
      return (await requestDone(transaction.objectStore('keys').index('owner').getAllKeys(range))) as number[]
    },
    finish(transaction, { keys, groups }) {
      for (const write of writeChanged(state.tree, state.sealing)) applyTo(transaction, write)
      if (keys.length + groups.length === 0) return
      transaction.objectStore('unneeded').put({ keys, groups }, state.notes++)
      for (const key of keys) unneeded.keys.add(key)
      for (const group of groups) unneeded.groups.add(group)
    },
    async takeBack() {
      state.current.clear()
      state.groups.clear()
      for (const set of Object.values(unneeded)) set.clear()
      state.tree = await loadTree(parts)
      state.notes = await loadNotes(parts, unneeded)
    },
    forget: () => forget(state),
  }
}

function take(state: State, transaction: IDBTransaction, owner: string): NewKey {
  const last = state.current.get(owner)
  if (last !== undefined && last.given < LEAVES) return nextOf(last)
  const { group, keys, write } = addGroup(state.tree, state.sealing, owner)
  applyTo(transaction, write)
  const fresh = { group, keys, given: 0 }
  state.current.set(owner, fresh)
  hold(state, group, { owner, keys })
  return nextOf(fresh)
}

function nextOf(current: { readonly group: number; readonly keys: LeafKeys; given: number }): NewKey {
  const leaf = current.given++
  const key = current.keys.keyOf(leaf)
  if (key === undefined) throw new RangeError('a key was forgotten before it was used')
  return { number: current.group * LEAVES + leaf, key }
}

async function loadKeys(
  state: State,
  transaction: IDBTransaction,
  numbers: readonly KeyNumber[],
): Promise<ReadonlyMap<KeyNumber, Uint8Array>> {
  const groups = [...new Set(numbers.map(groupOf))]
  const held = new Map(await Promise.all(groups.map(async (group) => [group, await loadGroup(state, transaction, group)] as const)))
  const keys = new Map<KeyNumber, Uint8Array>()
  for (const number of numbers) {
    const key = held.get(groupOf(number))?.keys.keyOf(number % LEAVES)
    if (key !== undefined) keys.set(number, key)
  }
  return keys
}

async function loadGroup(state: State, transaction: IDBTransaction, group: number): Promise<HeldGroup | undefined> {
  const known = state.groups.get(group)
  if (known !== undefined) return known
  const stored = (await requestDone(transaction.objectStore('keys').get(group))) as StoredGroup | undefined
  const keys = openGroup(state.tree, group, stored)
  if (keys === undefined || stored === undefined) return undefined
  const held = state.groups.get(group) ?? { owner: stored.owner, keys }
  hold(state, group, held)
  return held
}

function hold({ groups }: State, group: number, held: HeldGroup): void {
  groups.delete(group)
  groups.set(group, held)
  const [oldest] = groups.keys()
  if (groups.size > KEY_GROUPS_HELD_MAX && oldest !== undefined) groups.delete(oldest)
}

// First the new secret lies beside the old one, then the database rests on it, then the old one is overwritten: a crash at any moment leaves
// the one that the database rests on.
async function forget(state: State): Promise<void> {
  const { database, file, sealing, tree, unneeded } = state
  const {
    tree: next,
    writes,
    left,
  } = forgetKeys(tree, sealing, { groups: await affectedGroups(state), place: file === undefined ? 'rows' : 'file' })
  file?.write(next.epoch, next.secret)
  const transaction = database.transaction(['tree', 'keys', 'unneeded'], 'readwrite', { durability: 'strict' })
  const done = transactionDone(transaction)
  for (const write of writes) applyTo(transaction, write)
  if (file === undefined) transaction.objectStore('tree').put({ epoch: next.epoch, secret: next.secret } satisfies StoredSecret, 'secret')
  else transaction.objectStore('tree').delete('secret')
  transaction.objectStore('unneeded').clear()
  await done
  file?.erase(tree.epoch)
  state.tree = next
  for (const set of Object.values(unneeded)) set.clear()
  for (const [group, seeds] of left) replaceKeys(state, group, seeds === undefined ? undefined : createLeafKeys(seeds))
}

function replaceKeys({ groups, current }: State, group: number, keys: LeafKeys | undefined): void {
  const held = groups.get(group)
  if (held === undefined) return
  if (keys === undefined) groups.delete(group)
  else groups.set(group, { ...held, keys })
  const taken = current.get(held.owner)
  if (taken?.group !== group) return
  if (keys === undefined) current.delete(held.owner)
  else taken.keys = keys
}

async function affectedGroups(state: State): Promise<Parameters<typeof forgetKeys>[2]['groups']> {
  const { keys, groups } = state.unneeded
  const gone = Map.groupBy(
    [...keys].filter((key) => !groups.has(groupOf(key))),
    groupOf,
  )
  const transaction = state.database.transaction('keys', 'readonly')
  const affected = await Promise.all(
    Array.from(gone, async ([group, numbers]) => {
      const held = await loadGroup(state, transaction, group)
      return [group, held && { owner: held.owner, seeds: held.keys.seeds, gone: numbers }] as const
    }),
  )
  return new Map([...affected, ...Array.from(groups, (group) => [group, undefined] as const)])
}

function applyTo(transaction: IDBTransaction, write: TreeWrite): void {
  const store = transaction.objectStore(write.store)
  if (write.kind === 'put') store.put(write.value, write.key)
  else store.delete(write.key)
}

type StoredSecret = { readonly epoch: number; readonly secret: Uint8Array }

async function loadTree({ database, file, sealing }: Parts): Promise<Tree> {
  const tree = database.transaction('tree', 'readonly').objectStore('tree')
  const [keys, values] = await Promise.all([requestDone(tree.getAllKeys()), requestDone(tree.getAll())])
  const rows = new Map(keys.map((key, i) => [key, values[i] as unknown]))
  const root = rows.get('root') as StoredRoot | undefined
  if (root === undefined) return emptyTree(sealing)
  const inRows = rows.get('secret') as StoredSecret | undefined
  const secret = root.place === 'file' ? file?.read(root.epoch) : inRows?.secret
  if (root.place === 'file' && file === undefined)
    throw new StoreError('failed', 'the file of the secret that the keys rest on is not to be had')
  if (secret === undefined) throw new StoreError('corrupt', 'the secret that the keys rest on is gone')
  return openTree(sealing, { root, secret, sections: rows as ReadonlyMap<unknown, unknown> as ReadonlyMap<number, Uint8Array> })
}

async function loadNotes({ database }: Parts, into: State['unneeded']): Promise<number> {
  const store = database.transaction('unneeded', 'readonly').objectStore('unneeded')
  const [numbers, notes] = await Promise.all([requestDone(store.getAllKeys()), requestDone(store.getAll())])
  for (const { keys, groups } of notes as readonly UnneededKeys[]) {
    for (const key of keys) into.keys.add(key)
    for (const group of groups) into.groups.add(group)
  }
  return Number(numbers.at(-1) ?? -1) + 1
}
