// What rows say about files is settled: what a line brings is here already or to come, what a line takes with it goes, and what was sealed for nothing too.

import { equalBytes } from '../../bytes/bytes.ts'
import { saidOf } from './lines.ts'
import { isRelayed, mailboxOf, ownMailboxFor, parcelsOf } from './shelves.ts'
import { dropRow, dropStaged, goneIn, placeIn, putFiled, putGoing, readFiled, readStaged, readWanted, rowsOf } from './rows.ts'
import type { FilePlace } from '../../attachments/file-frame.ts'
import type { SaidFile } from './lines.ts'
import type { StoreRow } from '../../ports.ts'
import type { Fetching, FetchingParts } from './fetching.ts'
import type { Staged } from './rows.ts'
import type { Clearings } from './clearing.ts'
import type { LeavingFiles } from './leaving.ts'
import type { Serving } from './serving.ts'

type SettlingParts = Pick<FetchingParts, 'store' | 'state' | 'files' | 'clock'> & {
  readonly leaving: LeavingFiles
  readonly clearing: Clearings
  readonly fetching: Fetching
  readonly serving: Serving
  readonly logged: (work: Promise<unknown>) => Promise<void>
}

export function createSettling({ store, state, files, clock, fetching, serving, leaving, clearing, logged }: SettlingParts) {
  /** Sealed, and waiting for their message. */
  let waiting: readonly Staged[] = []

  async function unstage(gone: readonly Staged[]): Promise<void> {
    const names = new Set(gone.map(({ file }) => file))
    waiting = waiting.filter(({ file }) => !names.has(file))
    for (const one of gone) await files.remove(one)
    // Of a chat that was erased meanwhile nothing else is left to remove where they lay.
    const { conversations } = state()
    for (const id of new Set(gone.map(({ conversation }) => conversation))) if (!conversations.has(id)) await files.removeAll(id)
    await store.commit(gone.map(dropStaged))
  }

  /** A line says that a file goes with it: an own one is here already, or it is to come. */
  async function settle({ key }: Pick<StoreRow, 'key'>): Promise<void> {
    const value = await store.get('state', key)
    // It was settled before, or its line is gone.
    if (value === undefined) return
    const place = placeIn(key)
    const said = await saidOf(store, state, place)
    const own = said && waiting.find(({ root }) => root !== undefined && equalBytes(root, said.attachment.root))
    if (said === undefined || own === undefined) return fetching.add(place, readWanted({ value }))
    waiting = waiting.filter((one) => one !== own)
    const { writes, begin } = leaving.plan(place, said.attachment)
    await store.commit([...putFiled(place, { file: own.file, size: said.attachment.size }), putGoing(place), ...writes, dropStaged(own)])
    serving.add(place)
    begin()
  }

  /** A message went: what came with it does as well. */
  async function takeAway(row: Pick<StoreRow, 'key'>): Promise<void> {
    const message = goneIn(row.key)
    const rows = (
      await Promise.all((['wanted', 'going', 'leaving', 'filed'] as const).map((kind) => store.read(rowsOf(kind, message))))
    ).flat()
    const cleared: ReturnType<typeof clearing.plan>[] = []
    for (const { key, value } of rows) {
      const place = placeIn(key)
      cleared.push(...uselessAt(place))
      const file = fetching.file(place) ?? (key.startsWith(rowsOf('filed').from) ? readFiled(value) : undefined)
      fetching.drop(place)
      serving.drop(place)
      if (file !== undefined) await files.remove({ conversation: message.conversation, file })
    }
    await store.commit([...[...rows, row].map(dropRow), ...cleared.map(({ write }) => write)])
    for (const { begin } of cleared) begin()
  }

  /** What of a file that goes may lie at relays: left there by this device, or for it. */
  function uselessAt(place: FilePlace): readonly ReturnType<typeof clearing.plan>[] {
    const left = leaving.drop(place)
    const said = fetching.said(place)
    if (left !== undefined) {
      const mailboxes = left.to.flatMap(({ device, done }) => (done > 0 ? (mailboxOf(state(), device) ?? []) : []))
      return mailboxes.length > 0 ? [clearing.plan(place, { ...left, mailboxes })] : []
    }
    return said === undefined ? [] : fetchedAt(place, said)
  }

  /** What lay at a relay for this device. */
  function fetchedAt(place: FilePlace, { attachment, device }: SaidFile): readonly ReturnType<typeof clearing.plan>[] {
    const mailbox = isRelayed(attachment) ? ownMailboxFor(state(), device) : undefined
    return mailbox === undefined ? [] : [clearing.plan(place, { ...parcelsOf(attachment), since: clock(), mailboxes: [mailbox] })]
  }

  return {
    settle,
    fetchedAt,
    takeAway,
    unstage,
    staged: (one: Staged): void => void (waiting = [...waiting, one]),
    /** All that rows say at the start. */
    async begin(): Promise<void> {
      waiting = (await store.read(rowsOf('staged'))).map(readStaged)
      for (const { key } of await store.read(rowsOf('going'))) serving.add(placeIn(key))
      for (const row of await store.read(leaving.rows)) leaving.load(row)
      for (const row of await store.read(clearing.rows)) clearing.load(row)
      let isSettled = true
      for (const row of await store.read(rowsOf('wanted'))) {
        const settling = settle(row).catch((error: unknown) => {
          isSettled = false
          throw error
        })
        await logged(settling)
      }
      for (const row of await store.read(rowsOf('gone'))) await logged(takeAway(row))
      // What was sealed for a message that was never written: whoever asked for it asks again. It stays where the line that it belongs to may have
      // been missed.
      if (isSettled && waiting.length > 0) await logged(unstage(waiting))
    },
  }
}
