import { toHex } from '@kith/protocol'
import { describe, expect, test } from 'vitest'
import { addGroup, emptyTree, forgetKeys, openGroup, openTree, writeChanged } from './key-tree.ts'
import { createLeafKeys, LEAVES, newSeeds, withoutLeaves } from './leaf-keys.ts'
import { KEY_NODES_MAX, ROW_KEYS_HELD_MAX } from './limits.ts'
import { createRowKeys } from './row-keys.ts'
import type { StoredGroup, StoredRoot, Tree, TreeWrite } from './key-tree.ts'

const random = (length: number) => crypto.getRandomValues(new Uint8Array(length))
const sealing = { vaultKey: random(32), random }
const all = Array.from({ length: LEAVES }, (_, leaf) => leaf)

describe('the keys of a group', () => {
  test('are all different, and those that are left stay the same whatever goes', () => {
    let seeds = newSeeds(random)
    const keys = all.map((leaf) => toHex(createLeafKeys(seeds).keyOf(leaf) ?? new Uint8Array(0)))
    expect(new Set(keys).size).toBe(LEAVES)
    const left = new Set(all)
    for (const gone of [[0], [7, 8, 9], [255], [128, 3], all.filter((leaf) => leaf % 3 === 0), all]) {
      seeds = withoutLeaves(seeds, gone)
      for (const leaf of gone) left.delete(leaf)
      const now = createLeafKeys(seeds)
      for (const leaf of all) {
        const key = now.keyOf(leaf)
        expect(key && toHex(key)).toBe(left.has(leaf) ? keys[leaf] : undefined)
      }
    }
    expect(seeds.size).toBe(0)
  })

  test('take the room of eight at most for each that goes, and less when neighbours go', () => {
    const seeds = newSeeds(random)
    expect(withoutLeaves(seeds, [77]).size).toBe(8)
    expect(withoutLeaves(seeds, all.slice(0, 128)).size).toBe(1)
    expect(
      withoutLeaves(
        seeds,
        all.filter((leaf) => leaf % 2 === 0),
      ).size,
    ).toBe(LEAVES / 2)
  })
})

describe('the tree', () => {
  test('opens with what it wrote last, and an older group does not open with newer keys', () => {
    const disk = createDisk()
    let tree: Tree = { ...emptyTree(sealing), place: 'file' }
    const first = addGroup(tree, sealing, 'a')
    const second = addGroup(tree, sealing, 'b')
    disk.put([first.write, second.write, ...writeChanged(tree, sealing)])
    const before = disk.group(first.group)
    const affected = { owner: 'a', seeds: first.keys.seeds, gone: [first.group * LEAVES + 5] }
    const forgotten = forgetKeys(tree, sealing, { place: 'file', groups: new Map([[first.group, affected]]) })
    disk.put(forgotten.writes)
    tree = openTree(sealing, { root: disk.root(), secret: forgotten.tree.secret, sections: disk.sections() })
    expect(openGroup(tree, first.group, disk.group(first.group))?.keyOf(5)).toBeUndefined()
    expect(openGroup(tree, first.group, disk.group(first.group))?.keyOf(6)).toEqual(first.keys.keyOf(6))
    expect(openGroup(tree, second.group, disk.group(second.group))?.keyOf(5)).toEqual(second.keys.keyOf(5))
    expect(() => openGroup(tree, first.group, before)).toThrow(expect.objectContaining({ code: 'corrupt' }))
    expect(() => openTree(sealing, { root: disk.root(), secret: random(32), sections: disk.sections() })).toThrow(
      expect.objectContaining({ code: 'corrupt' }),
    )
  })

  test('writes the same few rows for what goes, however many groups there are', () => {
    const rows = [10, 3_000].map((groups) => {
      const tree: Tree = { ...emptyTree(sealing), place: 'file' }
      const added = Array.from({ length: groups }, () => addGroup(tree, sealing, 'a'))
      writeChanged(tree, sealing)
      const { group, keys } = added[5] ?? addGroup(tree, sealing, 'a')
      const affected = { owner: 'a', seeds: keys.seeds, gone: [group * LEAVES] }
      return forgetKeys(tree, sealing, { place: 'file', groups: new Map([[group, affected]]) }).writes.length
    })
    expect(rows).toEqual([3, 3])
  })

  test('holds so many sections and no more', () => {
    const tree: Tree = { ...emptyTree(sealing), place: 'file' }
    const section = { key: random(32), groups: new Map<number, Uint8Array>() }
    for (let number = 1; number < KEY_NODES_MAX; number++) tree.sections.set(number, section)
    addGroup(tree, sealing, 'a')
    expect(writeChanged(tree, sealing)).toHaveLength(2)
    tree.sections.set(KEY_NODES_MAX, section)
    addGroup(tree, sealing, 'a')
    expect(() => writeChanged(tree, sealing)).toThrow(RangeError)
  })
})

test('so many rows are remembered, and then the database is asked again', () => {
  const rows = createRowKeys()
  const place = (i: number) => ({ table: 'state', key: `${i}` })
  for (let i = 0; i < ROW_KEYS_HELD_MAX; i++) rows.set(place(i), i)
  expect([rows.of(place(0)), rows.of({ table: 'peers', key: '0' })]).toEqual([0, 'unknown'])
  rows.set(place(1), undefined)
  expect([rows.of(place(0)), rows.of(place(1))]).toEqual([0, undefined])
  rows.set(place(ROW_KEYS_HELD_MAX), 1)
  expect([rows.of(place(0)), rows.of(place(ROW_KEYS_HELD_MAX))]).toEqual(['unknown', 1])
})

function createDisk() {
  const rows = new Map<string | number, unknown>()
  return {
    put(writes: readonly TreeWrite[]): void {
      for (const write of writes) if (write.kind === 'put') rows.set(`${write.store} ${write.key}`, write.value)
    },
    root: () => rows.get('tree root') as StoredRoot,
    group: (group: number) => rows.get(`keys ${group}`) as StoredGroup,
    sections: () => new Map([[0, rows.get('tree 0') as Uint8Array]]),
  }
}
