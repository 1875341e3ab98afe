// Collects what proves a fork from the entries at hand: for each branch the headers up to the next signature (docs/protocol.md §5.7).

import { apartFrom } from '../bytes/bytes.ts'
import { RUN_ENTRIES_MAX } from '../limits.ts'
import type { EntryId } from '../bytes/ids.ts'
import type { ForkProof, SignedRun } from './fork.ts'

/** An entry of the disputed feed, stored or just covered. `signature` has been verified. */
export type Witness = {
  readonly id: EntryId
  readonly prev: EntryId
  readonly headerBytes: Uint8Array
  readonly signature: Uint8Array | undefined
}

/** The proof for two entries of one place, or undefined when no signature over one of them is at hand. */
export function proveFork(ids: readonly [EntryId, EntryId], witnesses: readonly Witness[]): ForkProof | undefined {
  const byPrev = new Map<EntryId, Witness[]>()
  for (const witness of witnesses) byPrev.set(witness.prev, [...(byPrev.get(witness.prev) ?? []), witness])
  const [first, second] = ids.map((id) => {
    const start = witnesses.find((witness) => witness.id === id)
    return start === undefined ? undefined : runOf(start, byPrev)
  })
  return first === undefined || second === undefined ? undefined : { first, second }
}

// Breadth first: the shortest way to a signature, whichever branch it lies on.
function runOf(start: Witness, byPrev: ReadonlyMap<EntryId, readonly Witness[]>): SignedRun | undefined {
  let paths: readonly (readonly Witness[])[] = [[start]]
  for (let length = 1; length <= RUN_ENTRIES_MAX && paths.length > 0; length++) {
    const signed = paths.find((path) => path.at(-1)?.signature !== undefined)
    const signature = signed?.at(-1)?.signature
    if (signed !== undefined && signature !== undefined)
      return { headers: signed.map(({ headerBytes }) => apartFrom(headerBytes)), signature }
    paths = paths.flatMap((path) => (byPrev.get((path.at(-1) as Witness).id) ?? []).map((next) => [...path, next]))
  }
  return undefined
}
