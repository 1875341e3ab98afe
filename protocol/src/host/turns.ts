// Who is served next: what this device has to do itself comes first, then one thing of each source in turn. So whoever sends much waits
// for itself, and neither a person's own message nor another contact's.

/** Things of one lane keep their order. */
export type Turns<T> = {
  /** `lane`: whose it is, undefined for this device's own. */
  readonly push: (lane: string | undefined, item: T) => void
  /** `which`: own things only, or all. */
  readonly next: (which: 'own' | 'all') => T | undefined
  /** To the front of its lane: it could not be served yet. */
  readonly putBack: (lane: string | undefined, item: T) => void
  readonly has: (which: 'own' | 'all') => boolean
  /** All that waits, in no particular order; nothing waits any more. */
  readonly clear: () => readonly T[]
}

export function createTurns<T>(): Turns<T> {
  const own: T[] = []
  const lanes = new Map<string, T[]>()

  function nextInTurn(): T | undefined {
    const [first] = lanes
    if (first === undefined) return undefined
    const [lane, items] = first
    const item = items.shift()
    lanes.delete(lane)
    if (items.length > 0) lanes.set(lane, items)
    return item
  }

  return {
    push: (lane, item) => {
      const items = lane === undefined ? own : lanes.get(lane)
      if (items !== undefined) items.push(item)
      else if (lane !== undefined) lanes.set(lane, [item])
    },
    next: (which) => own.shift() ?? (which === 'all' ? nextInTurn() : undefined),
    putBack: (lane, item) => {
      if (lane === undefined) own.unshift(item)
      else lanes.set(lane, [item, ...(lanes.get(lane) ?? [])])
    },
    has: (which) => own.length > 0 || (which === 'all' && lanes.size > 0),
    clear: () => {
      const all = [...own.splice(0), ...[...lanes.values()].flat()]
      lanes.clear()
      return all
    },
  }
}
