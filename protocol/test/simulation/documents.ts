// A document store in memory that can die like the other one: what was asked becomes durable later, and of what was in flight some of the
// oldest had reached the disk. It is another database than the store, so each may have kept what the other lost.

import type { DocumentStore } from '../../src/ports.ts'

export type DocumentImage = ReadonlyMap<string, readonly Uint8Array[]>

export type MemoryDocuments = DocumentStore & {
  /** Nothing of this store settles any more. `keep` is told how many updates were in flight and says how many of them were kept. */
  crash(keep: (inFlight: number) => number): DocumentImage
  image(): DocumentImage
}

export type DocumentOptions = {
  readonly image: DocumentImage | undefined
  readonly schedule: (done: () => void) => void
  /** A planted bug: the update is said to be durable and never was. */
  readonly forgets?: boolean
}

/** More updates of one document than this become one snapshot; few, so that short lives get there. */
const UPDATES_KEPT = 4

type Waiting = { readonly name: string; readonly update: Uint8Array; readonly snapshot: () => Uint8Array; readonly resolve: () => void }

export function createMemoryDocuments({ image, schedule, forgets = false }: DocumentOptions): MemoryDocuments {
  const durable = new Map(image)
  const waiting: Waiting[] = []
  let isDead = false

  function settle(): void {
    const next = isDead ? undefined : waiting.shift()
    if (next === undefined) return
    if (!forgets) keep(next)
    next.resolve()
  }

  function keep({ name, update, snapshot }: Waiting): void {
    const updates = [...(durable.get(name) ?? []), update]
    durable.set(name, updates.length > UPDATES_KEPT && !isDead ? [snapshot()] : updates)
  }

  return {
    load: (name) => Promise.resolve([...(durable.get(name) ?? []), ...waiting.flatMap((one) => (one.name === name ? [one.update] : []))]),
    append: (name, update, snapshot) =>
      new Promise((resolve) => {
        if (isDead) return
        waiting.push({ name, update, snapshot, resolve })
        schedule(settle)
      }),
    tidy: () =>
      new Promise((resolve) => {
        schedule(() => {
          if (!isDead) resolve()
        })
      }),
    erase: (name) =>
      new Promise((resolve) => {
        schedule(() => {
          if (isDead) return
          durable.delete(name)
          resolve()
        })
      }),
    crash: (kept) => {
      isDead = true
      for (const one of waiting.slice(0, kept(waiting.length))) keep(one)
      return new Map(durable)
    },
    image: () => new Map(durable),
  }
}
