// Who is served next: what this device has to do itself comes first, then one thing of each source in turn. So whoever sends much waits
// for itself, and neither a person's own message nor another contact's.

/** Things of one lane keep their order. */
export type Turns<T> = {
  /** `lane`: whose it is, undefined for this device's own. */
  readonly push: (lane: string | undefined, item: T) => void
  readonly next: () => T | undefined
  readonly isEmpty: () => boolean
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
    next: () => own.shift() ?? nextInTurn(),
    isEmpty: () => own.length === 0 && lanes.size === 0,
    clear: () => {
      const all = [...own.splice(0), ...[...lanes.values()].flat()]
      lanes.clear()
      return all
    },
  }
}
