// What the files of a chat take on this device, and how they go from it by hand: the bytes go, the message stays, and whoever wants them again asks.

import { FILES_LISTED_MAX } from '../../attachments/limits.ts'
import { ROWS_PER_READ_MAX } from '../../limits.ts'
import { toFileView } from '../watch/views.ts'
import { saidOf } from './lines.ts'
import { filedKey, filedRange, placeIn, putRemoved, putWanted, readFiled, readWanted, rowsOf, sizeOfFiled } from './rows.ts'
import type { FilePlace } from '../../attachments/file-frame.ts'
import type { ConversationId } from '../../bytes/ids.ts'
import type { ChatsHere, CommandInput, FileHere, FilesHere } from '../../engine.ts'
import type { Fetching, FetchingParts } from './fetching.ts'
import type { Serving } from './serving.ts'

type Parts = Pick<FetchingParts, 'store' | 'state' | 'files' | 'next' | 'changed'> & {
  readonly serving: Pick<Serving, 'has' | 'drop'>
  readonly fetching: Pick<Fetching, 'add' | 'look'>
}

type Sized = { readonly place: FilePlace; readonly size: number }

/** One row each, and the lines of those that are listed alone. */
export async function readFilesHere(parts: Parts, conversation: ConversationId): Promise<FilesHere> {
  let largest: Sized[] = []
  let count = 0
  let bytes = 0
  for await (const { place, size } of filedIn(parts, conversation)) {
    count += 1
    bytes += size
    largest.push({ place, size })
    if (largest.length > 2 * FILES_LISTED_MAX) largest = firstOf(largest)
  }
  const files = await Promise.all(firstOf(largest).map(({ place }) => fileHere(parts, place)))
  return { files: files.filter((file) => file !== undefined), count, bytes }
}

/** One row for each file that is here, and no message. */
export async function readChatsHere(parts: Parts): Promise<ChatsHere> {
  const sums = new Map<ConversationId, { readonly count: number; readonly bytes: number }>()
  for await (const { place, size } of filedIn(parts)) {
    const { count, bytes } = sums.get(place.conversation) ?? { count: 0, bytes: 0 }
    sums.set(place.conversation, { count: count + 1, bytes: bytes + size })
  }
  const chats = [...sums].map(([conversation, sum]) => ({ conversation, ...sum }))
  return { chats: chats.filter(({ conversation }) => parts.state().conversations.has(conversation)).toSorted((a, b) => b.bytes - a.bytes) }
}

const firstOf = (files: readonly Sized[]): Sized[] => files.toSorted((a, b) => b.size - a.size).slice(0, FILES_LISTED_MAX)

/** All that are here, or those of one chat. */
async function* filedIn({ store, state }: Pick<Parts, 'store' | 'state'>, conversation?: ConversationId): AsyncGenerator<Sized> {
  const { table, from: first, to } = filedRange(conversation)
  for (let from: string = first; ;) {
    const rows = await store.read({ table, from, to, limit: ROWS_PER_READ_MAX })
    for (const row of rows) {
      const place = placeIn(row.key)
      // Rows of older versions do not say it.
      yield { place, size: sizeOfFiled(row) ?? (await saidOf(store, state, place))?.attachment.size ?? 0 }
    }
    const last = rows.at(-1)
    if (last === undefined || rows.length < ROWS_PER_READ_MAX) return
    from = `${last.key}\0`
  }
}

async function fileHere({ store, state, serving }: Parts, place: FilePlace): Promise<FileHere | undefined> {
  const said = await saidOf(store, state, place)
  if (said === undefined) return undefined
  const { message, item } = place
  const mine = said.account === state().self.account
  const poster = said.isPoster && { isPoster: true }
  return { ...toFileView(said.attachment), message, item, mine, time: said.time, isNeeded: serving.has(place), ...poster }
}

/** Answers how many went. */
export async function removeFiles(parts: Parts, { conversation, files }: CommandInput<'removeFiles'>): Promise<number> {
  let removed = 0
  for (const { message, item } of files.slice(0, FILES_LISTED_MAX))
    await parts.next(async () => {
      if (await removeFile(parts, { conversation, message, item })) removed += 1
    })
  parts.changed(conversation)
  return removed
}

/** Whether it went. One that nobody else is known to have stays. */
async function removeFile(parts: Parts, place: FilePlace): Promise<boolean> {
  const { store, serving } = parts
  const row = serving.has(place) ? undefined : await store.get('state', filedKey(place))
  if (row === undefined) return false
  const file = readFiled(row)
  // First the row, which names the bytes until they have gone: whatever ends in between, the next start goes on from there.
  await store.commit(putRemoved(place, file))
  serving.drop(place)
  await removeBytes(parts, { place, file })
  return true
}

async function removeBytes({ store, files, fetching }: Parts, { place, file }: { place: FilePlace; file: string }): Promise<void> {
  await files.remove({ conversation: place.conversation, file })
  const value = { file: undefined, have: 0, wish: 'removed' } as const
  await store.commit([putWanted(place, value)])
  fetching.add(place, value)
}

/** What was removed when this device went away in between. Before anything is fetched. */
export async function goOnRemoving(parts: Parts): Promise<void> {
  for (const row of await parts.store.read(rowsOf('wanted'))) {
    const { file, wish } = readWanted(row)
    if (wish === 'removed' && file !== undefined) await removeBytes(parts, { place: placeIn(row.key), file })
  }
}
