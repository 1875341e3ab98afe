// An immutable map from ids: a copy with one item changed shares all the rest, and what differs between two copies is found without looking at
// what they share. So neither a change nor the question what changed costs more in a large map than in a small one.

/** Digits of an id that decide the way down, from the first on; ids are hashes or random, so the tree is level. */
const DIGITS = 16
const DIGIT_ZERO = '0'.charCodeAt(0)
const DIGIT_NINE = '9'.charCodeAt(0)
const LETTER_A = 'a'.charCodeAt(0)

type Leaf<K, V> = { readonly key: K; readonly value: V }
type Branch<K, V> = { readonly slots: readonly (TreeNode<K, V> | undefined)[]; readonly size: number }
type TreeNode<K, V> = Leaf<K, V> | Branch<K, V>

/** Items in the order of their ids. Keys are lower-case hex of one length. */
export class IdMap<K extends string, V> implements ReadonlyMap<K, V> {
  readonly #root: TreeNode<K, V> | undefined

  private constructor(root: TreeNode<K, V> | undefined) {
    this.#root = root
  }

  static readonly #empty = new IdMap<never, never>(undefined)

  static empty<K extends string, V>(): IdMap<K, V> {
    return IdMap.#empty as unknown as IdMap<K, V>
  }

  static of<K extends string, V>(items: Iterable<readonly [K, V]>): IdMap<K, V> {
    const leaves = new Map<K, Leaf<K, V>>()
    for (const [key, value] of items) leaves.set(key, { key, value })
    return new IdMap(planted([...leaves.values()], 0))
  }

  get size(): number {
    return sizeOf(this.#root)
  }

  get(key: K): V | undefined {
    return leafOf(this.#root, key)?.value
  }

  has(key: K): boolean {
    return leafOf(this.#root, key) !== undefined
  }

  /** A copy in which `key` has `value`. */
  with(key: K, value: V): IdMap<K, V> {
    const root = put(this.#root, { key, value }, 0)
    return root === this.#root ? this : new IdMap(root)
  }

  /** A copy without `key`. */
  without(key: K): IdMap<K, V> {
    const root = drop(this.#root, key, 0)
    return root === this.#root ? this : new IdMap(root)
  }

  /** The keys whose value is another one than in `before`, or that only one of the two has. */
  changedSince(before: IdMap<K, V>): readonly K[] {
    const changed: K[] = []
    compare(before.#root, this.#root, changed)
    return changed
  }

  /** The items whose keys begin with these digits, found without looking at others. */
  under(prefix: string): readonly (readonly [K, V])[] {
    let node = this.#root
    for (let depth = 0; depth < prefix.length && node !== undefined && isBranch(node); depth += 1) node = node.slots[slotOf(prefix, depth)]
    return leavesOf(node).flatMap(({ key, value }) => (key.startsWith(prefix) ? [[key, value] as const] : []))
  }

  entries(): MapIterator<[K, V]> {
    return leavesOf(this.#root)
      .map(({ key, value }): [K, V] => [key, value])
      .values()
  }

  keys(): MapIterator<K> {
    return leavesOf(this.#root)
      .map(({ key }) => key)
      .values()
  }

  values(): MapIterator<V> {
    return leavesOf(this.#root)
      .map(({ value }) => value)
      .values()
  }

  forEach(visit: (value: V, key: K, map: ReadonlyMap<K, V>) => void): void {
    for (const { key, value } of leavesOf(this.#root)) visit(value, key, this)
  }

  [Symbol.iterator](): MapIterator<[K, V]> {
    return this.entries()
  }
}

const isBranch = <K, V>(node: TreeNode<K, V>): node is Branch<K, V> => 'slots' in node

const sizeOf = (node: TreeNode<unknown, unknown> | undefined): number => (node === undefined ? 0 : isBranch(node) ? node.size : 1)

function slotOf(key: string, depth: number): number {
  const code = key.charCodeAt(depth)
  const slot = code > DIGIT_NINE ? code - LETTER_A + 10 : code - DIGIT_ZERO
  if (!(slot >= 0 && slot < DIGITS)) throw new RangeError('not an id, or not one of the length of the others')
  return slot
}

function leafOf<K extends string, V>(root: TreeNode<K, V> | undefined, key: K): Leaf<K, V> | undefined {
  let node = root
  for (let depth = 0; node !== undefined && isBranch(node); depth += 1) node = node.slots[slotOf(key, depth)]
  return node?.key === key ? node : undefined
}

/** The tree of these leaves, each of another key: branch by branch, so that none is copied for each leaf below it. */
function planted<K extends string, V>(leaves: readonly Leaf<K, V>[], depth: number): TreeNode<K, V> | undefined {
  if (leaves.length <= 1) return leaves[0]
  const below = Array.from({ length: DIGITS }, (): Leaf<K, V>[] | undefined => undefined)
  for (const leaf of leaves) {
    const slot = slotOf(leaf.key, depth)
    const some = below[slot]
    if (some === undefined) below[slot] = [leaf]
    else some.push(leaf)
  }
  return { slots: below.map((some) => some && planted(some, depth + 1)), size: leaves.length }
}

function put<K extends string, V>(node: TreeNode<K, V> | undefined, leaf: Leaf<K, V>, depth: number): TreeNode<K, V> {
  if (node === undefined) return leaf
  if (isBranch(node)) return replaced(node, slotOf(leaf.key, depth), (child) => put(child, leaf, depth + 1))
  if (node.key === leaf.key) return Object.is(node.value, leaf.value) ? node : leaf
  const alone: Branch<K, V> = { slots: filled(slotOf(node.key, depth), node), size: 1 }
  return put(alone, leaf, depth)
}

function drop<K extends string, V>(node: TreeNode<K, V> | undefined, key: K, depth: number): TreeNode<K, V> | undefined {
  if (node === undefined) return undefined
  if (!isBranch(node)) return node.key === key ? undefined : node
  const left = replaced(node, slotOf(key, depth), (child) => drop(child, key, depth + 1))
  if (left.size > 1) return left
  // A branch with one item below it is that item: two maps with the same items have the same shape.
  return leavesOf(left)[0]
}

function replaced<K, V>(
  branch: Branch<K, V>,
  slot: number,
  change: (child: TreeNode<K, V> | undefined) => TreeNode<K, V> | undefined,
): Branch<K, V> {
  const before = branch.slots[slot]
  const after = change(before)
  if (after === before) return branch
  const slots = [...branch.slots]
  slots[slot] = after
  return { slots, size: branch.size - sizeOf(before) + sizeOf(after) }
}

function filled<K, V>(slot: number, node: TreeNode<K, V>): readonly (TreeNode<K, V> | undefined)[] {
  const slots = Array<TreeNode<K, V> | undefined>(DIGITS).fill(undefined)
  slots[slot] = node
  return slots
}

// A list, because generators within generators take several times as long.
function leavesOf<K, V>(node: TreeNode<K, V> | undefined, found: Leaf<K, V>[] = []): readonly Leaf<K, V>[] {
  if (node === undefined) return found
  if (isBranch(node)) for (const child of node.slots) leavesOf(child, found)
  else found.push(node)
  return found
}

function compare<K extends string, V>(before: TreeNode<K, V> | undefined, after: TreeNode<K, V> | undefined, changed: K[]): void {
  if (before === after) return
  if (before !== undefined && after !== undefined && isBranch(before) && isBranch(after)) {
    for (let slot = 0; slot < DIGITS; slot += 1) compare(before.slots[slot], after.slots[slot], changed)
    return
  }
  const old = new Map([...leavesOf(before)].map(({ key, value }) => [key, value]))
  for (const { key, value } of leavesOf(after)) {
    if (!old.has(key) || !Object.is(old.get(key), value)) changed.push(key)
    old.delete(key)
  }
  changed.push(...old.keys())
}
