// What is held back until a moment, in the storage that lives in memory.

import type { HeldBlob, HeldName, MailboxId } from '@kith/protocol'
import type { HeldPlace, StorageOperations } from './storage.ts'

type Row = HeldBlob & { readonly at: number }

export type MemoryHeld = Pick<StorageOperations, 'hold' | 'dueHeld' | 'dropHeld'> & { readonly forget: (mailbox: MailboxId) => void }

/** `isKnown`: there is such a mailbox. */
export function createMemoryHeld(isKnown: (mailbox: MailboxId) => boolean): MemoryHeld {
  const rows = new Map<MailboxId, Map<HeldName, Row>>()

  function holdOne(one: HeldBlob, at: number, most: number): HeldPlace {
    if (!isKnown(one.mailbox)) return 'unknown'
    const held = rows.get(one.mailbox) ?? new Map<HeldName, Row>()
    if (held.has(one.name)) return 'kept'
    if (held.size >= most) return 'full'
    rows.set(one.mailbox, held.set(one.name, { ...one, at }))
    return 'stored'
  }

  return {
    hold: ({ held, at, most }) => held.map((one) => holdOne(one, at, most)),
    dueHeld: ({ now, rows: most }) =>
      [...rows.values()]
        .flatMap((held) => [...held.values()])
        .filter(({ at }) => at <= now)
        .toSorted((a, b) => a.at - b.at)
        .slice(0, most)
        .map(({ mailbox, name, wakes, blob }) => ({ mailbox, name, wakes, blob })),
    dropHeld: ({ held }) => held.map(({ mailbox, name }) => rows.get(mailbox)?.delete(name) === true),
    forget: (mailbox) => void rows.delete(mailbox),
  }
}
