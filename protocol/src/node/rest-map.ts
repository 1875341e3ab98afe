// Records of which some rest: of those there is a summary in memory, and all else lies in the store. Whoever asks for such a record gets an error
// with its name. A step that ends so has changed nothing: the host reads the record and steps the same input again (docs/decisions/0039).

import { IdMap } from '../bytes/id-map.ts'

/** What rests: conversations, or devices of contacts. */
export type RestKind = 'chats' | 'contacts'

/** These records rest. */
export class AsleepError extends Error {
  override readonly name = 'AsleepError'
  readonly kind: RestKind
  readonly ids: readonly string[]

  constructor(kind: RestKind, ids: readonly string[]) {
    super(`${ids.length} of the ${kind} rest`)
    this.kind = kind
    this.ids = ids
  }
}

/** For whoever asks beside the steps, and can do without an answer while what it hangs on rests. */
export function whileAwake<T>(ask: () => T): T | undefined {
  try {
    return ask()
  } catch (error) {
    if (error instanceof AsleepError) return undefined
    throw error
  }
}

/** V: the record. S: the summary of one that rests. */
type Parts<K extends string, V, S> = {
  readonly kind: RestKind
  /** Each as it is in memory. */
  readonly all: IdMap<K, V | S>
  readonly awake: IdMap<K, V>
  /** What the store has in pages: of what rests, and of what was woken and has not changed since. */
  readonly pages: IdMap<K, S>
}

export class RestMap<K extends string, V, S> {
  readonly #parts: Parts<K, V, S>

  private constructor(parts: Parts<K, V, S>) {
    this.#parts = parts
  }

  /** `pages`: summaries as they lie in the store. What is not among the `awake` rests. */
  static of<K extends string, V, S>(
    kind: RestKind,
    awake: Iterable<readonly [K, V]>,
    pages: Iterable<readonly [K, S]> = [],
  ): RestMap<K, V, S> {
    const [records, summaries] = [[...awake], [...pages]]
    const resting = IdMap.of(summaries)
    // A tree of thousands is not made twice for the few that are awake.
    const all = records.reduce<IdMap<K, V | S>>((some, [key, value]) => some.with(key, value), resting)
    return new RestMap({ kind, all, awake: IdMap.of(records), pages: resting })
  }

  get size(): number {
    return this.#parts.all.size
  }

  get awake(): IdMap<K, V> {
    return this.#parts.awake
  }

  get pages(): IdMap<K, S> {
    return this.#parts.pages
  }

  has(key: K): boolean {
    return this.#parts.all.has(key)
  }

  isAsleep(key: K): boolean {
    return this.#parts.all.has(key) && !this.#parts.awake.has(key)
  }

  /** The record. Throws {@link AsleepError} where it rests. */
  get(key: K): V | undefined {
    if (this.isAsleep(key)) throw new AsleepError(this.#parts.kind, [key])
    return this.#parts.awake.get(key)
  }

  /** Those of the records that there are. Throws {@link AsleepError} with all of them that rest. */
  getAll(keys: readonly K[]): readonly V[] {
    const { awake, kind } = this.#parts
    const asleep = keys.filter((key) => this.isAsleep(key))
    if (asleep.length > 0) throw new AsleepError(kind, asleep)
    return keys.flatMap((key) => awake.get(key) ?? [])
  }

  /** The record, or the summary of one that rests. */
  look(key: K): V | S | undefined {
    return this.#parts.all.get(key)
  }

  keys(): MapIterator<K> {
    return this.#parts.all.keys()
  }

  /** All, each as record or summary. */
  looks(): MapIterator<V | S> {
    return this.#parts.all.values()
  }

  /** All records. Throws {@link AsleepError} with those that rest. */
  values(): readonly V[] {
    return this.getAll([...this.keys()])
  }

  /** A copy in which `key` has another record, of which no page says anything any more. */
  with(key: K, value: V): RestMap<K, V, S> {
    const { all, awake, pages } = this.#parts
    return this.#changed({ all: all.with(key, value), awake: awake.with(key, value), pages: pages.without(key) })
  }

  without(key: K): RestMap<K, V, S> {
    const { all, awake, pages } = this.#parts
    return this.#changed({ all: all.without(key), awake: awake.without(key), pages: pages.without(key) })
  }

  /** A copy in which what rested is here again, as the store has it. */
  woken(key: K, value: V): RestMap<K, V, S> {
    const { all, awake } = this.#parts
    return this.#changed({ all: all.with(key, value), awake: awake.with(key, value) })
  }

  /** A copy in which this rests. What a page says of it already stays as it is there. */
  rested(key: K, summaryOf: () => S): RestMap<K, V, S> {
    const { all, awake, pages } = this.#parts
    const summary = pages.get(key) ?? summaryOf()
    return this.#changed({ all: all.with(key, summary), awake: awake.without(key), pages: pages.with(key, summary) })
  }

  /** The keys of what came, went or is other than before. What has merely gone to rest or woken is the same. */
  changedSince(before: RestMap<K, V, S>): readonly K[] {
    return this.#parts.all
      .changedSince(before.#parts.all)
      .filter((key) => !before.has(key) || !this.has(key) || before.awake.has(key) === this.awake.has(key))
  }

  #changed(parts: Partial<Parts<K, V, S>>): RestMap<K, V, S> {
    return new RestMap({ ...this.#parts, ...parts })
  }
}
